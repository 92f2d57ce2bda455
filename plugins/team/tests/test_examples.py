"""Every example of the team indicators comes out."""

from pathlib import Path

from kpicore.testing import examples_of

test_examples = examples_of("team", Path(__file__).parents[1])
