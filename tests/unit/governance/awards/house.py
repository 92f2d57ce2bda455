"""A house whose totals are easy to work out: one line of weight 100, so a deal of 1234 is a total of 123.4."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.history.replay import seal
from kpicore.evaluation.history.rescore import restate
from kpicore.governance.adjustments import Adjustments, Override
from kpicore.governance.awards.payouts import Awards, Recorded
from kpicore.governance.awards.result import AwardResult
from tests.rulebook import Office

LINE = '[[line]]\nindicator = "sales.revenue_won"\nweight = "100"\ntarget = "1000"\nwhy = "x"\n'


def card(
    name: str = "rep", *, level: str = "person", period: str = "quarter", lines: str = LINE, rest: str = ""
) -> str:
    return f"""\
[scorecard]
id = "{name}"
title = "{name}"
role = "sales"
level = "{level}"
period = "{period}"
effective = 2016-01-01
{lines}{rest}"""


BONUS = """\
[award]
id = "bonus"
kind = "bonus"
title = {en = "Bonus", zh-Hant = "獎金"}
scorecards = ["rep"]
period = "quarter"
effective = 2017-01-01
currency = "TWD"
[[base]]
amount = "30000"
[coefficient]
kind = "steps"
steps = [["0", "0"], ["90", "0.8"], ["100", "1"], ["120", "1.5"]]
"""


class House(Office):
    """An office with awards."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._deals = 0

    def sell(self, amounts: Mapping[str, Any], day: str = "2017-02-01") -> None:
        """One more deal for each of these people."""
        deals = []
        for owner, amount in amounts.items():
            self._deals += 1
            deals.append((f"D{self._deals}", owner, amount))
        self.won(*deals, day=day)

    def hire(self, *names: str, team: str | None = None) -> None:
        """Assign them to the role from 2017 on."""
        start = "2017-01-01T00:00:00Z"
        rows = [
            {"employee_id": name, "occurred_at": start, "effective_from": start, "role": "sales", "team_id": team}
            for name in names
        ]
        self.record("employee_assigned", rows)

    def sealed(self, period: str = "2017-Q1", name: str = "rep") -> str:
        return seal(self.world, evaluate(self.world, name, period), "hr").id

    def restated(self, evaluation: str) -> str:
        return seal(self.world, restate(self.world, evaluation).evaluation, "hr").id

    def override(self, evaluation: str, subject: str, total: str) -> None:
        Adjustments(lambda: self.world).record(Override(evaluation, subject, "because", total=total), by="hr")

    @property
    def awards(self) -> Awards:
        return Awards(lambda: self.world)

    def result(self, name: str = "bonus", period: str = "2017-Q1") -> AwardResult:
        return self.awards.result(name, period)

    def pay(self, name: str = "bonus", period: str = "2017-Q1") -> Recorded:
        return self.awards.pay(self.result(name, period), by="payroll")

    def found(self, part: str = "amount", name: str = "bonus", period: str = "2017-Q1") -> dict[str | None, Any]:
        return {one["subject"]: one[part] for one in self.result(name, period).subjects}


def factors(subject: Mapping[str, Any]) -> dict[str, str]:
    """The factors of a bonus by name."""
    return {factor["factor"]: factor["value"] for factor in subject["factors"]}
