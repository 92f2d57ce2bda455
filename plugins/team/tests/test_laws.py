"""Every law holds for the team indicators, and every example comes out."""

from pathlib import Path

from kpicore.testing import laws_of

test_laws = laws_of("team", Path(__file__).parents[1])
