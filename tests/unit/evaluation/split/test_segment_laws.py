"""Laws of split periods: days add up, weights sum to 100, volumes do not mind being split, differences add up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.explaining.causes import CAUSES, compare
from kpicore.evaluation.history.replay import recalled, replay, seal
from kpicore.evaluation.split.segments import divide
from tests.rulebook import CARD, Office

QUARTER = "2017-Q1"
GATE = '[[gate]]\nindicator = "sales.losses"\nabove = "0"\ncap = "50"\n'
NEWCOMER = '[[schedule]]\nuntil = 1\nweights = {"sales.win_rate" = "55.55"}\nrest = "proportional"\n'
FIRST = date(2016, 12, 20)
DAYS = st.integers(0, 120).map(lambda n: (FIRST + timedelta(n)).isoformat())
TIMES = st.builds(lambda day, hour: f"{day}T{hour:02}:00:00", DAYS, st.integers(0, 23))
PEOPLE = st.sampled_from(["ann", "bob", "cid"])

SPELLS = st.tuples(
    PEOPLE, TIMES, st.one_of(st.none(), st.integers(0, 60)), st.sampled_from(["sales", "lead"]), st.sampled_from("ns")
)


def spell(office: Office, person: str, since: str, length: int | None, role: str, team: str) -> None:
    until = None if length is None else f"{date.fromisoformat(since[:10]) + timedelta(length + 1)}T09:00:00"
    office.assign(person, since, until=until, role=role, team=team)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("offices")


def fresh(folder: Path, number: list[int] = [0]) -> Office:  # noqa: B006 - counts the offices
    number[0] += 1
    return Office(folder, name=f"{number[0]}.db")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(SPELLS, min_size=1, max_size=8),
    st.sets(DAYS, max_size=2),
    st.sampled_from(["UTC", "Asia/Taipei", "America/New_York"]),
)
def test_days_are_whole_apart_and_add_up(
    folder: Path, spells: list[tuple[Any, ...]], changes: set[str], zone: str
) -> None:
    office = fresh(folder)
    office.apply(CARD + NEWCOMER, f"[organisation]\ntimezone = '{zone}'\n", effective="2016-01-01")
    for number, day in enumerate(sorted(changes)):
        office.apply((CARD + NEWCOMER).replace('"1000"', f'"{2000 + number}"'), effective=day)
    for one in spells:
        spell(office, *one)
    world = office.world
    period = world.calendar.period(QUARTER)
    bounds = world.calendar.bounds(period)
    division = divide(world, world.versions_in("sales_rep", bounds), period)
    assert division is not None
    own: dict[str | None, list[Any]] = {}
    for group in division.groups:
        for name in group.subjects:
            own.setdefault(name, []).append(group.segment)
    office.close()
    for name, segments in own.items():
        # Every day on which the person's last assignment is to the role belongs to exactly one segment.
        days = [segment.start + timedelta(n) for segment in segments for n in range(segment.days)]
        assert len(days) == len(set(days)) == sum(segment.days for segment in segments)
        assert set(days) == {day for day in _days() if _last_role(world, spells, name, day) == "sales"}
    assert all(_last_role(world, spells, name, day) != "sales" for name in _gone(spells, own) for day in _days())


def _days() -> list[date]:
    return [date(2017, 1, 1) + timedelta(n) for n in range(90)]


def _gone(spells: list[tuple[Any, ...]], own: dict[str | None, list[Any]]) -> set[str]:
    return {one[0] for one in spells} - set(own)


def _last_role(world: Any, spells: list[tuple[Any, ...]], name: str | None, day: date) -> str | None:
    """The role of the assignment that was the last to hold on a day, as an analyst would look it up."""
    # The same person and instant again is a correction: the last one said counts.
    said = {one[1]: one for one in spells if one[0] == name}
    ordered = [said[since] for since in sorted(said)]
    low, high = (world.calendar.instant(edge) for edge in (day, day + timedelta(1)))
    found = None
    for place, (_, since, length, role, _team) in enumerate(ordered):
        start = world.calendar.instant(f"{since}+00:00")
        ends = [] if length is None else [f"{date.fromisoformat(since[:10]) + timedelta(length + 1)}T09:00:00"]
        ends += [ordered[place + 1][1]] if place + 1 < len(ordered) else []
        end = min((world.calendar.instant(f"{one}+00:00") for one in ends), default=high)
        if start < high and end > low and end > start:
            found = role
    return found


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(DAYS, st.integers(0, 900)), max_size=6), st.sets(st.integers(1, 89), min_size=1, max_size=3))
def test_a_volume_on_a_linear_curve_has_the_same_attainment_split_or_not(
    folder: Path, deals: list[tuple[str, int]], moves: set[int]
) -> None:
    office = fresh(folder)
    office.apply(CARD.replace('cap = "1.5"\n', "").replace('"60"', '"100"').replace('"40"', '"0"'))
    office.assign("ann", "2016-01-01", team="t0")
    for number, (day, amount) in enumerate(deals):
        office.won((f"d{number}", "ann", amount), day=day)
    [whole] = evaluate(office.world, "sales_rep", QUARTER).totals.values()
    for number, day in enumerate(sorted(moves), 1):
        office.assign("ann", (date(2017, 1, 1) + timedelta(day)).isoformat(), team=f"t{number}")
    evaluation = evaluate(office.world, "sales_rep", QUARTER)
    [split] = evaluation.totals.values()
    office.close()
    assert len(evaluation.segments) == len(moves) + 1
    # Each attainment is rounded once to nine places, and so is the total.
    assert whole is not None
    assert split is not None
    assert abs(whole - split) <= Decimal("0.00000006")


HAPPENED = st.one_of(
    st.tuples(st.just("won"), PEOPLE, DAYS, st.integers(0, 900)),
    st.tuples(st.just("move"), SPELLS),
    st.tuples(st.just("card"), st.integers(0, 100), st.sampled_from(["", NEWCOMER, GATE])),
    st.tuples(st.just("inside"), st.integers(0, 100), DAYS),
    st.tuples(st.just("gone"), st.sampled_from(["d0", "d1"])),
    st.tuples(st.just("zone"), st.sampled_from(["UTC", "Asia/Taipei", "America/New_York"])),
)


def happen(office: Office, number: int, what: str, *how: Any) -> None:
    if what == "won":
        office.won((f"d{number % 3}", how[0], how[2]), day=how[1])
    elif what == "move":
        spell(office, *how[0])
    elif what == "gone":
        office.lost((how[0], "ann"), day="2017-02-01")
    elif what == "zone":
        office.apply(f"[organisation]\ntimezone = '{how[0]}'\n")
    else:
        addition, day = (how[1], "2016-12-01") if what == "card" else ("", how[1])
        weight = max(how[0], 1)  # a line without weight cannot share what a step leaves
        changed = CARD.replace('"40"', '"rest"').replace('"60"', f'"{weight}"').replace('"rest"', f'"{100 - weight}"')
        office.apply(changed + addition, effective=day)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.booleans(), st.lists(HAPPENED, min_size=1, max_size=5))
def test_differences_add_up_whatever_happens(folder: Path, assigned: bool, happened: list[tuple[Any, ...]]) -> None:
    office = fresh(folder)
    office.apply(CARD, effective="2016-01-01")
    if assigned:
        office.assign("ann", "2016-01-01")
        office.assign("bob", "2017-02-10")
    office.won(("d0", "ann", 600), ("d1", "bob", 300))
    known = [evaluate(office.world, "sales_rep", QUARTER)]
    for number, one in enumerate(happened):
        happen(office, number, *one)
        known.append(evaluate(office.world, "sales_rep", QUARTER))
    try:
        for pair in ((known[0], known[-1]), (known[-1], known[0]), (known[len(known) // 2], known[-1])):
            _check(*pair)
        sealed = seal(office.world, known[-1], "hr")
        assert replay(office.world, sealed.id).identical
        assert recalled(office.world, sealed.id).to_document() == known[-1].to_document()
        for evaluation in known:
            _check_days(evaluation)
    finally:
        office.close()


def _check(old: Evaluation, new: Evaluation) -> None:
    for one in compare(old, new).subjects:
        assert sum((cause.points for cause in one.causes), Decimal(0)) == one.difference
        assert all(cause.points and cause.evidence for cause in one.causes)
        order = [CAUSES.index(cause.cause) for cause in one.causes]
        assert order == sorted(order)


def _check_days(evaluation: Evaluation) -> None:
    for one in evaluation.to_document()["subjects"]:
        if "segments" in one:
            assert sum(segment["days"] for segment in one["segments"]) == one["days"]["eligible"] <= 90
            for segment in one["segments"]:
                assert sum(Decimal(line["weight"]) for line in segment["lines"]) == 100
            totals = [(segment["days"], segment["total"]) for segment in one["segments"] if segment["total"]]
            if totals:
                mean = sum(days * Decimal(total) for days, total in totals) / sum(days for days, _ in totals)
                assert abs(mean - Decimal(one["sum"])) <= Decimal("0.0000000005")
