"""Every law holds for the sales indicators, and every example comes out."""

from pathlib import Path

from kpicore.testing import laws_of

test_laws = laws_of("sales", Path(__file__).parents[1])
