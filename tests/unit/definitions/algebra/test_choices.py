"""Which formulas the choices of a measure offer."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from kpicore.definitions.algebra.builders import count
from kpicore.definitions.algebra.choices import settings
from kpicore.definitions.algebra.measures import Choice, Measure, Over, Ref, Window
from kpicore.definitions.parameters import choice
from tests.unit.definitions.samples import indicator

PARAMS = {"a": choice("1", "2", "3"), "b": choice("x", "y"), "c": choice("p", "q")}
WON, LOST, LEADS = count("deal_won"), count("deal_lost"), count("lead")
OUTER = Choice("b", {"x": WON, "y": LOST})


@pytest.mark.parametrize(
    ("measure", "wanted"),
    [
        (WON, []),
        (Ref("t.other"), []),
        (Choice("a", {"1": WON, "2": LOST, "3": LEADS}), [{"a": "2"}, {"a": "3"}]),
        # Two that stand side by side: each by itself, not each with each.
        (OUTER / Choice("c", {"p": LEADS, "q": WON}), [{"b": "y"}, {"c": "q"}]),
        # The same one twice is one.
        (OUTER - Over(OUTER, Window("start - 1 year", "end - 1 year")), [{"b": "y"}]),
        (OUTER / Choice("b", {"x": LEADS, "y": WON}), [{"b": "y"}]),
        # What only another option leads to is told with it.
        (Choice("c", {"p": WON, "q": OUTER}), [{"c": "q"}, {"c": "q", "b": "y"}]),
        (
            Choice("c", {"p": OUTER, "q": Choice("b", {"x": LEADS, "y": WON})}),
            [{"c": "q"}, {"c": "q", "b": "y"}, {"b": "y"}],
        ),
    ],
)
def test_every_option_is_told_once_with_what_leads_to_it(measure: Measure, wanted: list[Mapping[str, str]]) -> None:
    assert list(settings(indicator(measure, params=PARAMS))) == wanted
