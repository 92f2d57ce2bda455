"""Every law holds for the marketing indicators, and every example comes out."""

from pathlib import Path

from kpicore.testing import laws_of

test_laws = laws_of("marketing", Path(__file__).parents[1])
