"""Every example of the content indicators comes out."""

from pathlib import Path

from kpicore.testing import examples_of

test_examples = examples_of("content", Path(__file__).parents[1])
