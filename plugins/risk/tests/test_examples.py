"""Every example of the risk indicators comes out."""

from pathlib import Path

from kpicore.testing import examples_of

test_examples = examples_of("risk", Path(__file__).parents[1])
