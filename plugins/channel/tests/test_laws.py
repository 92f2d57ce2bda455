"""Every law holds for the channel indicators, and every example comes out."""

from pathlib import Path

from kpicore.testing import laws_of

test_laws = laws_of("channel", Path(__file__).parents[1])
