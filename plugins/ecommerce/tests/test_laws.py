"""Every law holds for the e-commerce indicators, and every example comes out."""

from pathlib import Path

from kpicore.testing import laws_of

test_laws = laws_of("ecommerce", Path(__file__).parents[1])
