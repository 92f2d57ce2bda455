"""Reports of a small ledger with awkward names, empty lines, a cap that binds, and rules that changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kpicore.reports.report.report import Report, report
from tests.rulebook import Office

SCRIPT = "<script>alert('1')</script> & \"co\""
FORMULA = '=HYPERLINK("http://x.example","y")'
BIDI = "abc\u202efed\u200b"
NUMBER = "-5"
PATH = "../../etc/passwd"
CHINESE = "王小明"
NAMES = (SCRIPT, FORMULA, BIDI, NUMBER, PATH, CHINESE, "Ann", "ann")

CARD = """\
[scorecard]
id = "sales_rep"
title = {en = "Sales representative", zh-Hant = "銷售代表"}
role = "sales"
period = "quarter"
effective = 2017-01-01
[[line]]
indicator = "sales.revenue_won"
weight = "50"
target = "1000"
cap = "1.5"
why = "成長"
[[line]]
indicator = "sales.win_rate"
weight = "30"
target = "0.5"
[[line]]
indicator = "sales.losses"
weight = "20"
target = "2"
[bands]
A = "110"
B = "90"
C = "0"
"""


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(tmp_path_factory.mktemp("office"))
    office.apply(CARD)
    office.apply(
        CARD.replace('"50"', '"40"').replace('"30"', '"40"'), effective="2017-04-01", by="chief", reason="=1+1"
    )
    at = "2016-01-01T00:00:00Z"
    office.record(
        "employee_assigned",
        [{"employee_id": name, "role": "sales", "effective_from": at, "occurred_at": at} for name in NAMES],
    )
    for number, name in enumerate(NAMES):
        office.won((f"a{number}", name, 200 * (number + 1)))
        office.lost(*[(f"b{number}{n}", name) for n in range(number % 3)])
        if number != 3:  # nothing closed in Q2: no denominator
            office.won((f"c{number}", name, 1700 - 200 * number), day="2017-05-05")
            office.lost(*[(f"d{number}{n}", name) for n in range(number % 4)], day="2017-05-05")
    yield office
    office.close()


@pytest.fixture(scope="session")
def found(office: Office) -> Report:
    """Everyone in the second quarter."""
    return report(office.world, "sales_rep", "2017-Q2")
