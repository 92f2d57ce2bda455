"""Every example of the channel indicators comes out."""

from pathlib import Path

from kpicore.testing import examples_of

test_examples = examples_of("channel", Path(__file__).parents[1])
