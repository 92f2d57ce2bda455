"""A history machine: whatever is recorded, corrected, retracted, applied, upgraded, sealed and reopened in any order, what
is read and scored is what a plain model of the same history says, and every difference is explained to the last digit.

The suite runs 100 histories of 30 steps; `make laws` runs 2,000 of 50.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import kpicore
from kpicore import Conflict
from kpicore.definitions.cards.card_files import load_card_file
from kpicore.engines.duckdb import DuckDBEngine
from tests.laws import history_model as model
from tests.laws.history_model import LOSSES, RATE, REVENUE, Card, Case, Model
from tests.laws.history_strategies import (
    MAP,
    PLUGINS,
    cards,
    fact_names,
    facts,
    keys,
    periods,
    picks,
    sources,
    weightings,
)

EXAMPLES = int(os.environ.get("KPICORE_LAWS_EXAMPLES", "100"))
STEPS = int(os.environ.get("KPICORE_LAWS_STEPS", "30"))


class SharedEngine(DuckDBEngine):
    """One engine for all ledgers: opening a database is the dearest part of opening a ledger."""

    def close(self) -> None:
        """Stay open."""


ENGINE = SharedEngine(threads=1)


class History(RuleBasedStateMachine):
    """One ledger, one model of it, and the evaluations that were made."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="history-"))
        self.installed: tuple[int, int] | None = (1, 1)
        self.model = Model()
        self.batches: list[tuple[str, str, str, list[dict[str, Any]]]] = []
        self.cases: dict[str, Case] = {}
        self.sealed: set[str] = set()
        self._open()

    def _open(self) -> None:
        modules = [] if self.installed is None else [PLUGINS[self.installed]]
        self.kpi = kpicore.open(self.folder / "kpi.db", plugins=modules, threads=1)
        self.kpi.engine = ENGINE

    def teardown(self) -> None:
        try:
            for evaluation in sorted(self.sealed):
                assert self.kpi.replay(evaluation).identical
        finally:
            self.kpi.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    # What is recorded.

    @initialize(card=cards(), rows=st.lists(st.tuples(keys, facts), min_size=2, max_size=3))
    def begin(self, card: Card, rows: list[tuple[str, dict[str, Any]]]) -> None:
        self._apply(model.replace(card, effective="2017-01-01"))
        self._record("deal_won", "crm", rows)

    @rule(fact_type=fact_names, source=sources, rows=st.lists(st.tuples(keys, facts), min_size=1, max_size=3))
    def record(self, fact_type: str, source: str, rows: list[tuple[str, dict[str, Any]]]) -> None:
        self._record(fact_type, source, rows)

    def _record(self, fact_type: str, source: str, rows: list[tuple[str, dict[str, Any]]]) -> None:
        batch = f"batch {len(self.batches)}"
        sent = [
            {"deal_id": key, "occurred_at": fact["at"], "owner_id": fact["owner"], "amount": fact["amount"]}
            for key, fact in rows
        ]
        receipt = self.kpi.record(fact_type, sent, source=source, batch_key=batch)
        self.batches.append((fact_type, source, batch, sent))
        for row, (key, fact) in enumerate(rows):
            self.model.rows.append(((receipt.position, row), fact_type, (source, key), fact))

    @precondition(lambda self: self.batches)
    @rule(pick=picks, other=st.booleans())
    def record_again(self, pick: int, other: bool) -> None:
        fact_type, source, batch, rows = self.batches[pick % len(self.batches)]
        if other:
            with pytest.raises(Conflict):
                self.kpi.record(fact_type, [{**rows[0], "amount": Decimal(7)}], source=source, batch_key=batch)
        else:
            assert self.kpi.record(fact_type, rows, source=source, batch_key=batch).duplicate

    @rule(fact_type=fact_names, source=sources, gone=st.lists(keys, min_size=1, max_size=2, unique=True))
    def retract(self, fact_type: str, source: str, gone: list[str]) -> None:
        batch = f"batch {len(self.batches)}r{self.kpi.ledger.cut().facts}"
        receipt = self.kpi.retract(fact_type, gone, source=source, batch_key=batch, reason="a test")
        for row, key in enumerate(gone):
            self.model.rows.append(((receipt.position, row), fact_type, (source, key), None))

    @rule(deals=st.dictionaries(keys, st.tuples(st.sampled_from(["won", "lost", "open"]), facts), min_size=1))
    def snapshot(self, deals: dict[str, tuple[str, dict[str, Any]]]) -> None:
        """The CRM's whole state: what it no longer has is retracted, what stands as it was stays where it is."""
        lines = [
            f"{key},{stage},{fact['owner'] or ''},{fact['amount']},{fact['at']:%Y-%m-%dT%H:%M:%SZ}"
            for key, (stage, fact) in deals.items()
        ]
        file, map_ = self.folder / "state.csv", self.folder / "state.toml"
        file.write_text("\n".join(["deal,stage,agent,amount,at", *lines]) + "\n", "utf-8")
        map_.write_text(MAP, "utf-8")
        before = self.kpi.ledger.cut().facts
        self.kpi.import_files(file, map_)
        known = self.model.facts(before)
        came = [header for header in self.kpi.ledger.headers() if header.position > before]
        for header in came:
            stage = header.fact_type.removeprefix("deal_")
            stands = {key: fact for (source, key), fact in known[header.fact_type].items() if source == "crm"}
            wanted = {key: fact for key, (state, fact) in deals.items() if state == stage}
            if header.kind == "retraction":
                moved: list[tuple[str, Any]] = [(key, None) for key in sorted(set(stands) - set(wanted))]
            else:
                moved = [(key, fact) for key, fact in wanted.items() if not _same(stands.get(key), fact)]
            assert header.rows == len(moved)
            for row, (key, fact) in enumerate(moved):
                self.model.rows.append(((header.position, row), header.fact_type, ("crm", key), fact))
        self._facts_are_the_models(None)

    # What changes beside the facts.

    @precondition(lambda self: self.installed is not None)
    @rule(card=cards())
    def apply_card(self, card: Card) -> None:
        self._apply(card)

    def _apply(self, card: Card) -> None:
        file = self.folder / "rep.toml"
        file.write_text(card.toml(), "utf-8")
        before = self.model.versions(self._end())
        now = dict(zip(("laws.counted_deal", RATE), self.installed or (0, 0), strict=True)) | {REVENUE: 1, LOSSES: 1}
        used = {"laws.counted_deal", *card.weights}
        new = {name for name in used if before.get(name) != now[name]}
        standing = self.model.card(self._end(), card.effective)
        if standing is None or model.replace(standing, effective="") != model.replace(card, effective=""):
            new.add("rep")
        done = self.kpi.apply(self.kpi.plan(file), by="hr", reason="because")
        assert {item.record.name for item in done if item.record.name.startswith(("laws.", "rep"))} == new
        for item in done:
            name, position = item.record.name, item.record.position
            if name == "rep":
                self.model.cards.append((position, card))
            else:
                self.model.adopted.append((position, name, now.get(name, 1)))

    @rule(zone=st.sampled_from(["UTC", "Asia/Taipei", "America/New_York"]))
    def move_the_organisation(self, zone: str) -> None:
        file = self.folder / "organisation.toml"
        file.write_text(f'[organisation]\ntimezone = "{zone}"\n', "utf-8")
        for item in self.kpi.apply(self.kpi.plan(file), by="hr", reason="we moved"):
            self.model.zones.append((item.record.position, zone))

    @rule(version=st.sampled_from([*PLUGINS, None]))
    def upgrade_or_remove_the_plugin(self, version: tuple[int, int] | None) -> None:
        self.kpi.close()
        self.installed = version
        self._open()

    @rule()
    def reopen(self) -> None:
        self.kpi.close()
        self._open()

    # What is made of it.

    @rule(period=periods)
    def evaluate(self, period: str) -> None:
        self._evaluate(period, None)

    @rule(period=periods, pick=picks)
    def evaluate_as_known_earlier(self, period: str, pick: int) -> None:
        self._evaluate(period, pick % (self._end() + 1))

    def _evaluate(self, period: str, as_of: int | None) -> None:
        position = self._end() if as_of is None else as_of
        case = Case(period, self.model.facts_cut(position), self.model.rules_cut(position))
        if self.model.card_of(case) is not None:
            found = self.kpi.evaluate("rep", period, as_of=as_of)
            assert (found.world.cut.facts, found.world.cut.rules) == (case.facts, case.rules)
            self._check(found.to_document(), case)

    @precondition(lambda self: self.cases)
    @rule(pick=picks)
    def seal(self, pick: int) -> None:
        evaluation = self._pick(pick)
        cut = self.kpi.ledger.cut()
        assert self.kpi.seal(evaluation, by="hr").evaluation == evaluation
        assert self.kpi.ledger.cut() == cut
        self.sealed.add(evaluation)

    @precondition(lambda self: self.cases)
    @rule(pick=picks)
    def replay(self, pick: int) -> None:
        found = self.kpi.replay(self._pick(pick))
        assert (found.identical, found.differences) == (True, ())

    @precondition(lambda self: self.cases)
    @rule(pick=picks)
    def restate(self, pick: int) -> None:
        evaluation = self._pick(pick)
        case = model.replace(self.cases[evaluation], facts=self.model.facts_cut(self._end()))
        found = self.kpi.restate(evaluation).to_document()
        assert found["from"] == evaluation
        self._check(found, case)
        self._explained(found["explain"], self.cases[evaluation], case)

    @precondition(lambda self: self.cases)
    @rule(pick=picks, weights=weightings())
    def rescore_with_weights(self, pick: int, weights: dict[str, str]) -> None:
        evaluation = self._pick(pick)
        case = self.cases[evaluation]
        card = self.model.card_of(case)
        assert card is not None
        if set(weights) != set(card.weights):
            return
        other = model.replace(case, draft=model.replace(card, weights={name: weights[name] for name in card.weights}))
        found = self.kpi.rescore(evaluation, weights=weights).to_document()
        self._check(found, other)
        self._explained(found["explain"], case, other)

    @precondition(lambda self: self.cases)
    @rule(pick=picks, card=cards())
    def rescore_with_another_card(self, pick: int, card: Card) -> None:
        evaluation = self._pick(pick)
        case = self.cases[evaluation]
        known = {*self.model.versions(case.rules), *case.brought}
        missing = tuple(name for name in card.weights if name not in known)
        if missing and self.installed is None and not set(missing) <= set(self.model.versions(self._end())):
            return
        file = self.folder / "other.toml"
        file.write_text(card.toml(), "utf-8")
        other = model.replace(case, draft=card, brought=(*case.brought, *missing))
        found = self.kpi.rescore(evaluation, scorecard=load_card_file(file)).to_document()
        self._check(found, other)
        self._explained(found["explain"], case, other)

    @precondition(lambda self: len(self.cases) > 1)
    @rule(pick=picks, period=periods, second=picks)
    def explain(self, pick: int, period: str, second: int) -> None:
        if len(same := [name for name, case in self.cases.items() if case.period == period]) > 1:
            one, other = same[pick % len(same)], same[second % len(same)]
            found = self.kpi.explain(one, other).to_document()
            self._explained(found, self.cases[one], self.cases[other])

    # What was known.

    @rule(pick=picks)
    def facts_as_known_earlier(self, pick: int) -> None:
        self._facts_are_the_models(pick % (self._end() + 1))

    @rule(pick=picks, period=periods, indicator=st.sampled_from([REVENUE, RATE, LOSSES]))
    def measure_as_known_earlier(self, pick: int, period: str, indicator: str) -> None:
        position = pick % (self._end() + 1)
        versions = self.model.versions(position)
        if self.installed is not None:
            versions = dict(zip(("laws.counted_deal", RATE), self.installed, strict=True)) | versions
        elif indicator not in versions:
            return
        known = model.inside(self.model.facts(position), period, self.model.zone(position))
        won, lost = known["deal_won"].values(), known["deal_lost"].values()
        expected = model.value(indicator, won, lost, model.counted(known, versions), versions.get(RATE, 1))
        [row] = self.kpi.measure(indicator, period, level="company", as_of=position).to_document()["rows"]
        if expected is None:
            assert (row["value"], row["state"]) == (None, "no_denominator")
        else:
            assert row["state"] == "ok"
            assert Fraction(row["numerator"]) / Fraction(row["denominator"] or 1) == expected

    @invariant()
    def the_cut_is_the_models(self) -> None:
        cut = self.kpi.ledger.cut()
        assert (cut.facts, cut.rules) == (self.model.facts_cut(self._end()), self.model.rules_cut(self._end()))

    # Helpers.

    def _end(self) -> int:
        cut = self.kpi.ledger.cut()
        return max(cut.facts, cut.rules)

    def _pick(self, pick: int) -> str:
        return list(self.cases)[pick % len(self.cases)]

    def _check(self, document: dict[str, Any], case: Case) -> None:
        """The totals are the model's; the id is kept for later."""
        expected = {name: model.text(total) for name, total in self.model.scores(case).items()}
        assert {subject["subject"]: subject["total"] for subject in document["subjects"]} == expected
        self.cases[document["evaluation"]] = case

    def _facts_are_the_models(self, position: int | None) -> None:
        known = self.model.facts(self._end() if position is None else position)
        for fact_type, expected in known.items():
            found = {
                (row["source"], row["deal_id"]): {
                    "owner": row["owner_id"],
                    "amount": row["amount"],
                    "at": row["occurred_at"],
                    "place": (row["position"], row["row"]),
                }
                for row in self.kpi.facts(fact_type, cut=position).to_pylist()
            }
            assert found == expected

    def _explained(self, document: dict[str, Any], old: Case, new: Case) -> None:
        """Causes add up, each truly changed, those of facts have the model's shares, and evidence names what moved."""
        before, after = self.model.facts(old.facts), self.model.facts(new.facts)
        old_card, new_card = self.model.card_of(old), self.model.card_of(new)
        assert old_card is not None
        assert new_card is not None
        first, last = self.model.scores(old), self.model.scores(new)
        moved = model.fact_causes(before, after)
        versions = [self.model.versions(case.rules) for case in (old, new)]
        zones = [self.model.zone(case.rules) for case in (old, new)]
        assert {*first, *last} <= {subject["subject"] for subject in document["subjects"]}
        for subject in document["subjects"]:
            name = subject["subject"]
            assert subject["from_total"] == model.text(first.get(name))
            assert subject["to_total"] == model.text(last.get(name))
            difference = (last.get(name) or 0) - (first.get(name) or 0)
            points = [Fraction(cause["points"]) for cause in subject["causes"]]
            assert sum(points) == Fraction(subject["difference"]) == difference
            assert all(points)
            true = model.rule_causes(old_card, new_card, name, old.period)
            if zones[0] != zones[1]:
                true |= {("organisation", indicator) for indicator in old_card.weights}
            for definition, indicators in model.CHANGEABLE.items():
                if versions[0].get(definition) != versions[1].get(definition):
                    true |= {("definition", indicator) for indicator in indicators}
            for cause in subject["causes"]:
                facts_of = moved.get(cause["cause"])
                if facts_of is None:
                    assert (cause["cause"], cause["indicator"]) in true
                    assert cause["evidence"]
                else:
                    # Who comes onto the card by one line, or leaves it by one, does so on all of them.
                    lines = [cause["indicator"]] if name in first and name in last else old_card.weights
                    types = {fact_type for line in lines for fact_type in model.READS[line]}
                    read = {(fact_type, *identity) for fact_type in types for identity in facts_of[fact_type]}
                    named = {(fact["type"], fact["source"], *fact["key"].values()) for fact in cause["evidence"]}
                    assert named
                    assert named <= read
            self._shares(subject, old_card, old, [before, after], zones[0], versions[0])

    def _shares(
        self,
        subject: dict[str, Any],
        card: Card,
        case: Case,
        states: Sequence[model.Known],
        zone: str,
        versions: dict[str, int],
    ) -> None:
        """What late facts, corrections and retractions moved is what the model says, each by itself."""
        name = subject["subject"]
        reached = model.scores(card, states[0], case.period, zone, versions).get(name) or Fraction(0)
        for cause, facts_then in model.fact_stages(states[0], states[1]):
            after = model.scores(card, facts_then, case.period, zone, versions).get(name) or Fraction(0)
            shares = [Fraction(part["points"]) for part in subject["causes"] if part["cause"] == cause]
            assert sum(shares) == after - reached
            reached = after


def _same(one: dict[str, Any] | None, other: dict[str, Any]) -> bool:
    return one is not None and all(one[part] == other[part] for part in ("owner", "amount", "at"))


TestHistory = History.TestCase
TestHistory.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
