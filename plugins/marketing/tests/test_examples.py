"""Every example of the marketing indicators comes out."""

from pathlib import Path

from kpicore.testing import examples_of

test_examples = examples_of("marketing", Path(__file__).parents[1])
