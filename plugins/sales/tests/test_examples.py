"""Every example of the sales indicators comes out."""

from pathlib import Path

from kpicore.testing import examples_of

test_examples = examples_of("sales", Path(__file__).parents[1])
