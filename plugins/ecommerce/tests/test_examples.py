"""Every example of the e-commerce indicators comes out."""

from pathlib import Path

from kpicore.testing import examples_of

test_examples = examples_of("ecommerce", Path(__file__).parents[1])
