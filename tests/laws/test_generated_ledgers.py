"""Generated ledgers say something about every indicator: laws over nothing would hold whatever the formulas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from kpicore import Indicator
from kpicore.evaluation.measuring.measure import Request, measure
from kpicore.hooks.catalog import Catalog
from kpicore.hooks.host import PluginHost
from kpicore.testing import recording
from kpicore.testing.fact_laws import engine
from kpicore.testing.pools import PERIOD
from kpicore.testing.strategies import ALWAYS, History, ledgers

LEDGERS = 6
PLUGINS = ("channel", "content", "customer", "ecommerce", "marketing", "risk", "sales", "team")
#: Read from sealed scores of other indicators, of which a ledger of facts has none.
APART = "risk.indicator_outcome_correlation"


@cache
def catalog() -> Catalog:
    return Catalog(PluginHost())


def histories(plugin: str) -> Iterator[tuple[History, list[Indicator]]]:
    """Ledgers as the laws of a plugin have them, with its indicators."""
    book = catalog().definitions
    own = [one for one in book.indicators.values() if one.id.startswith(f"{plugin}.") and one.id != APART]
    used = book.closure(one.id for one in own)
    types = [book.fact_types[name] for name in sorted({*used.fact_types, *ALWAYS} & set(book.fact_types))]
    found: list[History] = []

    @settings(
        max_examples=LEDGERS + 1,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(ledgers(types, used))
    def keep(history: History) -> None:
        if len(history.facts) > len(types):
            found.append(history)

    keep()
    for history in found:
        yield history, own


@pytest.mark.parametrize("plugin", PLUGINS)
def test_numerators_and_denominators_are_often_more_than_nothing(plugin: str) -> None:
    counted: Counter[str] = Counter()
    ledgers_, own = 0, []
    for history, own in histories(plugin):
        ledgers_ += 1
        with recording.recorded(history, catalog().definitions, engine(1)) as world:
            period = world.calendar.period(PERIOD)
            for one in measure(world, [Request(one.id, by=()) for one in own], [period], "company"):
                above, below, value = one.numerators[0], one.denominators[0], one.value[0]
                # Where no parts are shown, as of the smaller of two rates, there is a value where there is something.
                hidden = above is None and value is not None
                counted[one.indicator] += hidden or bool(above and (below is None or below > 0))
    assert ledgers_ >= LEDGERS
    assert [one.id for one in own if not counted[one.id]] == []
