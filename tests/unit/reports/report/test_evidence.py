"""Facts behind a line: the largest of each side first, each with what it adds or takes away."""

from __future__ import annotations

from kpicore.reports.report.evidence import SHOWN, counted
from kpicore.reports.report.reading import Reading
from kpicore.reports.report.report import Report


def test_what_a_fact_adds_has_its_sign(found: Report) -> None:
    adds = ("1250.5", "-3000", None, "0")
    facts = [
        {"role": "numerator", "type": "order_paid", "key": {"order_id": f"o{n}"}, "added": one, "position": 3, "row": n}
        for n, one in enumerate(adds)
    ]
    [side] = counted(Reading(found, "en"), {"facts": facts})
    assert [(fact["key"], fact["adds"]) for fact in side["largest"]] == [
        ("o1", "− 3,000"),
        ("o0", "+ 1,250.50"),
        ("o2", ""),
        ("o3", "+ 0"),
    ]


def test_the_rest_is_a_number(found: Report) -> None:
    facts = [
        {"role": "numerator", "type": "order_paid", "key": {"order_id": n}, "added": "1", "position": None, "row": n}
        for n in range(SHOWN + 4)
    ]
    [side] = counted(Reading(found, "en"), {"facts": facts})
    assert (side["many"], len(side["largest"])) == (str(SHOWN + 4), SHOWN)
    assert {fact["place"] for fact in side["largest"]} == {"–"}
