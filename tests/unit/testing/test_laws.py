"""A plugin's laws are test cases; what breaks one is told with the indicator and the fewest facts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kpicore.testing import laws_of

PLUGIN = '''
from kpicore import Example, Indicator, Relation, hookimpl, total

first = Relation(
    "closing.first",
    {{"en": "first deals", "zh-Hant": "首單"}},
    """select q.deal_id, q.occurred_at, q.owner_id, q.amount, q.source from (
        select d.*, row_number() over (partition by d.customer_id order by {order}) as nth from deal_won d
    ) q where q.nth = 1""",
    key=("deal_id", "source"),
)
revenue = Indicator(
    "closing.revenue", title={{"en": "Revenue of firsts", {title}}}, perspective="performance", roles=["sales"],
    data_source={{"en": "CRM", "zh-Hant": "客戶管理系統"}}, measure=total("closing.first", "amount"),
    examples=[Example({{"en": "one", "zh-Hant": "一"}}, {{"deal_won": [{{"amount": "5"}}]}}, "{value}")],
)

@hookimpl
def provide_definitions():
    return [first, revenue]
'''
SOUND = {"order": "d.occurred_at, d.deal_id, d.source", "title": '"zh-Hant": "首單金額"', "value": "5"}


def laws(folder: Path, ledgers: int = 1, **changes: str) -> tuple[list[str], Callable[[str], None]]:
    """The cases of a plugin's laws, and the function that tries one."""
    folder.joinpath("closing.py").write_text(PLUGIN.format(**{**SOUND, **changes}), "utf-8")
    found = laws_of("closing", folder / "closing.py", ledgers=ledgers)
    [mark] = found.pytestmark  # type: ignore[attr-defined]
    return list(mark.args[1]), found


def test_a_sound_plugin_keeps_every_law(tmp_path: Path) -> None:
    cases, law = laws(tmp_path)
    assert cases == [
        "definitions hold together",
        "definitions survive JSON",
        "texts are there in both languages",
        "facts",
        "closing.revenue: one",
    ]
    for case in cases:
        law(case)


@pytest.mark.parametrize(
    ("changes", "case", "said"),
    [
        ({"order": "d.occurred_at"}, "definitions hold together", "leaves ties in its order"),
        ({"title": ""}, "texts are there in both languages", "closing.revenue: title is missing in zh-Hant"),
        ({"value": "6"}, "closing.revenue: one", "expected 6 .* measured 5"),
    ],
)
def test_what_is_broken_is_told(tmp_path: Path, changes: dict[str, str], case: str, said: str) -> None:
    _, law = laws(tmp_path, **changes)
    with pytest.raises(pytest.fail.Exception, match=said):
        law(case)


def test_facts_that_break_a_law_are_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kpicore.testing import recording

    whole = recording._batches
    monkeypatch.setattr(
        recording,
        "_batches",
        lambda *given: (batch for batch in whole(*given) if batch.kind == "facts"),
    )
    _, law = laws(tmp_path, 12)
    with pytest.raises(pytest.fail.Exception) as found:
        law("facts")
    law_said, cell, title, organisation, *facts = str(found.value).splitlines()
    assert law_said.startswith("retracting a fact equals never recording it")
    assert "closing.revenue (at level " in law_said
    assert "and then" in cell
    assert (title, "known" in organisation) == ("facts:", True)
    assert len(facts) == 1
    assert facts[0].endswith("withdrawn")
