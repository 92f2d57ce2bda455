"""What looks the same and is not is found, whatever else is there."""

import pyarrow as pa
import pytest

from kpicore.sources import lookalikes as module
from kpicore.sources.lookalikes import lookalikes


def told(*texts):
    table = pa.table({"n": pa.array(range(len(texts))), "who": pa.array(texts, pa.string())})
    return [one.texts for one in lookalikes([("deal_won", table)])]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (("Ann", "Bob", None, "ann", ""), []),
        (("陳明", "陈明", "發", "发"), []),
        (("é", "e\u0301", "e"), [("e\u0301", "é")]),
        (("Ａ1", "A1"), [("A1", "Ａ1")]),
        (("a\u00a0b", "a b"), [("a b", "a\u00a0b")]),
        (("ab\u200b",), [("ab\u200b",)]),
        (("ab\u200b", "ab"), [("ab", "ab\u200b")]),
        (("é",), []),
    ],
)
def test_twins_and_what_nobody_sees(texts, found):
    assert told(*texts) == found


def test_each_is_told_once_with_its_place_and_not_without_end(monkeypatch):
    table = pa.table({"who": ["é", "e\u0301"] * 3, "owner": ["a\u200bb"] * 6})
    [one, other] = lookalikes([("deal_won", table), ("deal_won", table)])
    assert (one.fact_type, one.column, other.column) == ("deal_won", "who", "owner")
    monkeypatch.setattr(module, "MOST_TOLD", 1)
    assert len(lookalikes([("deal_won", table)])) == 1
