from decimal import Decimal
from typing import Any

import pytest

from kpicore.definitions.parameters import Parameter, choice, duration, names
from kpicore.definitions.values import bound, checked, chosen
from kpicore.errors import InvalidInput

DECLARED = {
    "horizon": duration("90d"),
    "mode": choice("cohort", "closed"),
    "least": Parameter("integer", 4),
    "money": Parameter("decimal", "10000.00"),
    "scope": names("media", "labour"),
}


def test_defaults_count_where_nothing_is_given() -> None:
    texts = chosen(DECLARED, {"horizon": "24h"}, "a.b")
    assert texts == {
        "horizon": "24h",
        "mode": "cohort",
        "least": "4",
        "money": "10000",
        "scope": ("media", "labour"),
    }
    assert bound(DECLARED, texts) == {
        "horizon": 86_400_000_000,
        "mode": "cohort",
        "least": 4,
        "money": Decimal(10000),
        "scope": ("media", "labour"),
    }


def test_names_may_be_written_with_commas() -> None:
    assert checked(names("a"), "b,c", "x") == ("b", "c")


@pytest.mark.parametrize(
    "given",
    [
        {"horizon": "90 days"},
        {"mode": "x' or true --"},
        {"least": "4.5"},
        {"least": 4.0},
        {"least": str(2**63)},
        {"money": "1e"},
        {"money": "NaN"},
        {"money": 0.1},
        {"money": "1" * 60},
        {"scope": []},
        {"hroizon": "1d"},
    ],
)
def test_what_is_not_of_the_kind_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        chosen(DECLARED, given, "a.b")


def test_a_name_nearby_is_suggested() -> None:
    with pytest.raises(InvalidInput) as caught:
        chosen(DECLARED, {"hroizon": "1d"}, "a.b")
    assert caught.value.hint == "did you mean horizon?"
    with pytest.raises(InvalidInput) as caught:
        chosen(DECLARED, {"mode": "cohrt"}, "a.b")
    assert caught.value.hint == "did you mean cohort?"
