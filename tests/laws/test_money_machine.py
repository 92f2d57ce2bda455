"""A machine of seals, adjustments, disputes, proposals and payouts in any order: the system's scores never move, everyone is
paid what is owed and never twice, nobody approves their own, and all of it replays.

The suite runs 16 histories of 20 steps; `make laws` runs more of them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kpicore.errors import Refused
from kpicore.evaluation.history.replay import replay
from kpicore.evaluation.history.versions import policy_at
from kpicore.governance.acts import ACTS, act_of
from kpicore.governance.adjustments import Adjustments, Calibration, Override, Withdrawal
from kpicore.governance.disputes import Disputes
from kpicore.governance.plan import plan
from kpicore.governance.proposals import Proposals
from kpicore.ledger.entries import STEPS, may_follow
from tests.unit.governance.awards.house import BONUS, House, card

EXAMPLES = int(os.environ.get("KPICORE_LAWS_EXAMPLES", "100")) // 6
STEPS_EACH = 20
PEOPLE = ("ann", "bob", "cid")
PERIODS = {"2017-Q1": "2017-02-01", "2017-Q2": "2017-05-01", "2017-Q3": "2017-08-01", "2017-Q4": "2017-11-01"}

people = st.sampled_from(PEOPLE)
amounts = st.sampled_from([0, 850, 900, 1000, 1150, 1200])
policies = st.sampled_from(["corrective", "forwarding"])
picks = st.integers(0, 1000)


def earned(total: Decimal | None) -> Decimal:
    """The bonus of a total, from the steps as they are written."""
    steps = [(120, "1.5"), (100, "1"), (90, "0.8"), (0, "0")]
    factor = next(factor for bound, factor in steps if total is not None and total >= bound)
    return Decimal(30000) * Decimal(factor)


class Money(RuleBasedStateMachine):
    """One ledger, and a plain model of what counts and what was paid."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="money-"))
        self.house = House(self.folder)
        # By period: the seals in order with their totals; what was paid by (period, subject).
        self.seals: dict[str, list[str]] = {}
        self.totals: dict[str, dict[str, Decimal]] = {}
        self.adjusted: dict[str, list[tuple[str, Any]]] = {}
        self.paid: dict[tuple[str, str], Decimal] = {}
        self.proposed: dict[str, tuple[str, str, str | None]] = {}  # name: state, by, override's evaluation

    def teardown(self) -> None:
        try:
            world = self.house.world
            assert all(replay(world, name).identical for listed in self.seals.values() for name in listed)
            assert all(self.house.awards.replay(one.name).identical for one in self.house.awards.payouts())
            found = self.house.ledger.verify()
            assert (found.intact, found.findings) == (True, ())
        finally:
            self.house.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    @initialize(rows=st.tuples(amounts, amounts, amounts), policy=policies)
    def begin(self, rows: tuple[int, ...], policy: str) -> None:
        self.house.apply(card(), BONUS)
        self.restatement(policy)
        for day in PERIODS.values():
            self.house.sell(dict(zip(PEOPLE, rows, strict=True)), day)
        self.seal("2017-Q1")

    # Facts and seals.

    @rule(pick=picks, rows=st.tuples(amounts, amounts, amounts))
    def correct_a_sealed_period(self, pick: int, rows: tuple[int, ...]) -> None:
        period = list(self.seals)[pick % len(self.seals)]
        first = 1 + len(PEOPLE) * list(PERIODS).index(period)
        deals = [(f"D{first + n}", who, amount) for n, (who, amount) in enumerate(zip(PEOPLE, rows, strict=True))]
        self.house.won(*deals, day=PERIODS[period])
        self.seal(period)

    @precondition(lambda self: len(self.seals) < len(PERIODS))
    @rule()
    def seal_the_next_period(self) -> None:
        self.seal(next(period for period in PERIODS if period not in self.seals))

    def seal(self, period: str) -> None:
        name = self.house.sealed(period)
        if name not in self.totals:
            self.seals.setdefault(period, []).append(name)
            document = self.house.ledger.sealed(name).document
            self.totals[name] = {
                who: Decimal(total) for who, total in zip(document["subjects"], document["totals"], strict=True)
            }

    @rule(policy=policies)
    def restatement(self, policy: str) -> None:
        self.house.apply(f"[organisation]\nrestatement = '{policy}'\n")

    # What people set.

    @rule(pick=picks, who=people, total=st.sampled_from(["0", "95", "100", "120.5"]))
    def override(self, pick: int, who: str, total: str) -> None:
        name = self._some(pick)
        made = Adjustments(lambda: self.house.world).record(Override(name, who, "x", total=total), by="hr")
        self.adjusted.setdefault(name, []).append((made.name, (who, total)))

    @rule(pick=picks, factor=st.sampled_from(["0.9", "1.1"]), shift=st.sampled_from([None, "-3", "5"]))
    def calibrate(self, pick: int, factor: str, shift: str | None) -> None:
        name = self._some(pick)
        act = Calibration(name, ("ann", "bob"), "x", factor, shift)
        made = Adjustments(lambda: self.house.world).record(act, by="hr")
        self.adjusted.setdefault(name, []).append((made.name, (factor, Decimal(shift or 0))))

    @precondition(lambda self: any(self.adjusted.values()))
    @rule(pick=picks)
    def take_back(self, pick: int) -> None:
        every = [(name, one) for name, listed in self.adjusted.items() for one in listed]
        name, one = every[pick % len(every)]
        Adjustments(lambda: self.house.world).record(Withdrawal(one[0], "x"), by="hr")
        self.adjusted[name].remove(one)

    def _total(self, name: str, who: str) -> Decimal | None:
        """A total with what people set, in the order of recording."""
        total = self.totals[name].get(who)
        for _, (first, second) in self.adjusted.get(name, ()):
            if first == who:
                total = Decimal(second)
            elif first not in PEOPLE and who in ("ann", "bob") and total is not None:
                total = (total * Decimal(first) + second).quantize(Decimal("1e-9"), ROUND_HALF_EVEN)
        return total

    # Money.

    def _owed(self, period: str, who: str) -> Decimal:
        """What a period owes: the version that counts, and what other periods carry into it."""
        rules = self.house.world.rules
        position = {name: self.house.ledger.sealed(name).position for listed in self.seals.values() for name in listed}
        owed = Decimal(0)
        for other, listed in self.seals.items():
            policies = ["corrective", *(policy_at(rules, position[name]) for name in listed[1:])]
            counts = max(n for n, policy in enumerate(policies) if policy == "corrective")
            if other == period:
                owed += earned(self._total(listed[counts], who))
            for before, after in zip(listed[counts:], listed[counts + 1 :], strict=False):
                later = {
                    one: position[names[0]] for one, names in self.seals.items() if position[names[0]] > position[after]
                }
                if later and min(later, key=lambda one: later[one]) == period:
                    owed += earned(self._total(after, who)) - earned(self._total(before, who))
        return owed

    @rule()
    def pay(self) -> None:
        for period in self.seals:
            self._pay(period)

    def _pay(self, period: str) -> None:
        result = self.house.result(period=period)
        cut = self.house.ledger.cut()
        found = {one["subject"]: one for one in result.subjects}
        for who in PEOPLE:
            owed, paid = self._owed(period, who), self.paid.get((period, who), Decimal(0))
            assert Decimal(found[who]["due"]) == owed
            assert Decimal(found[who]["amount"]) == owed - paid
        before = len(self.house.awards.payouts(period=period))
        made = self.house.awards.pay(result, by="payroll")
        assert made.duplicate == (before > 0 and all(one["amount"] == "0" for one in result.subjects))
        assert len(self.house.awards.payouts(period=period)) == before + (not made.duplicate)
        assert self.house.ledger.cut() == cut
        self.paid.update({(period, who): self._owed(period, who) for who in PEOPLE})
        assert self.house.pay(period=period).duplicate

    # Proposals and disputes.

    @rule(pick=picks, who=people, by=people)
    def propose(self, pick: int, who: str, by: str) -> None:
        act = Override(self._some(pick), who, "x", total="95")
        desk = Proposals(lambda: self.house.world, ACTS)
        made = desk.open(act, by=by, reason="x")
        with pytest.raises(Refused):
            desk.approve(made.name, by=by.upper())
        self.proposed[made.name] = ("opened", by, act.evaluation)

    @precondition(lambda self: self.proposed)
    @rule(pick=picks, step=st.sampled_from(list(STEPS["proposal"])[1:]), by=people)
    def step(self, pick: int, step: str, by: str) -> None:
        desk = Proposals(lambda: self.house.world, ACTS)
        name = list(self.proposed)[pick % len(self.proposed)]
        state, owner, evaluation = self.proposed[name]
        moves = {
            "commented": lambda: desk.comment(name, "hm", by=by),
            "approved": lambda: desk.approve(name, by=by),
            "rejected": lambda: desk.reject(name, by=by, reason="no"),
            "withdrawn": lambda: desk.withdraw(name, by=by, reason="no"),
            "applied": lambda: desk.apply(name, by=by),
        }
        own = {"approved": by != owner, "withdrawn": by == owner}.get(step, True)
        if not may_follow("proposal", state, step) or not own:
            with pytest.raises(Refused):
                moves[step]()
            return
        made: Any = moves[step]()
        assert desk[name].state == (state if step == "commented" else step)
        if step != "commented":
            self.proposed[name] = (step, owner, evaluation)
        if step == "applied":
            assert made.record.document["approved_by"] != owner
            document = made.record.document
            self.adjusted.setdefault(str(evaluation), []).append((made.name, (document["subject"], document["total"])))

    @rule(pick=picks, who=people, end=st.sampled_from(["accept", "reject", "withdraw"]))
    def dispute(self, pick: int, who: str, end: str) -> None:
        desk = Disputes(lambda: self.house.world)
        made = desk.open(self._some(pick), who, by=who, reason="x")
        if end == "withdraw":
            desk.withdraw(made.name, by=who, reason="x")
            return
        desk.answer(made.name, "x", by="hr")
        with pytest.raises(Refused):
            getattr(desk, end)(made.name, by=who, reason="x")
        getattr(desk, end)(made.name, by="hr", reason="x")

    @rule(weight=st.sampled_from(["1000", "1100"]))
    def propose_rules_that_change_nothing_sealed(self, weight: str) -> None:
        path = self.folder / "proposed.toml"
        path.write_text(card(rest='[bands]\nA = "100"\n').replace("2016", "2019").replace("1000", weight), "utf-8")
        change = plan(self.house.world, path)
        if not change.empty:
            desk = Proposals(lambda: self.house.world, ACTS)
            made = desk.open(act_of(self.house.world, change), by="ann", reason="x")
            desk.approve(made.name, by="bob")
            desk.apply(made.name, by="ann")

    @invariant()
    def the_systems_scores_stand_beside_the_adjusted_ones(self) -> None:
        desk = Adjustments(lambda: self.house.world)
        for name, totals in self.totals.items():
            found = {one.subject: one for one in desk.scores(name)}
            for who in PEOPLE:
                beside = found.get(who)
                assert beside is None or beside.system_total == totals[who]
                assert (totals[who] if beside is None else beside.total) == self._total(name, who)

    def _some(self, pick: int) -> str:
        names = list(self.totals)
        return names[pick % len(names)]


TestMoney = Money.TestCase
TestMoney.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS_EACH,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
