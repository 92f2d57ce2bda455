"""Every example of the customer indicators comes out."""

from pathlib import Path

from kpicore.testing import examples_of

test_examples = examples_of("customer", Path(__file__).parents[1])
