"""Every mode of every indicator is counted by hand: each option of each choice, not only what is usual."""

from __future__ import annotations

from importlib import import_module

import pytest

from kpicore import Indicator
from tests.oracles.agreement import Case

PLUGINS = ("sales", "marketing", "content", "ecommerce", "channel", "customer", "team", "risk")
#: Read from targets, from sealed scores, or drawn as a root: counted in tests of their own.
APART = {
    "sales.sales_target_attainment",
    "sales.kpi_attainment",
    "content.xhs_note_impression_growth_rate",
    "risk.indicator_outcome_correlation",
}
MODULES = [import_module(f"tests.oracles.test_{name}") for name in PLUGINS]
CASES: dict[str, list[Case]] = {}
for name, module in zip(PLUGINS, MODULES, strict=True):
    for case in module.CASES:
        CASES.setdefault(f"{name}.{case.indicator}", []).append(case)


ASKED: list[Indicator] = [found for module in MODULES for found in module.INDICATORS if found.id not in APART]


@pytest.mark.parametrize("indicator", ASKED, ids=lambda indicator: indicator.id)
def test_every_option_is_counted(indicator: Indicator) -> None:
    for name, spec in indicator.params.items():
        counted = {str(case.params.get(name, spec.default)) for case in CASES[indicator.id]}
        assert set(spec.choices) <= counted, name
