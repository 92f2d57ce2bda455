"""Whose a row is: persons, teams with those above them, and what someone is responsible for."""

import pytest

from kpicore import count, total
from kpicore.errors import InvalidInput
from kpicore.evaluation.measuring.subjects import roster
from tests.unit.evaluation.worlds import SmallWorld, cells, indicator, value

TEAMS = [
    {"team_id": "north", "parent_team_id": "asia", "effective_from": "2026-01-01"},
    {"team_id": "asia", "parent_team_id": "world", "effective_from": "2026-01-01"},
    {"team_id": "world", "effective_from": "2026-01-01"},
    {"team_id": "south", "parent_team_id": "world", "effective_from": "2026-01-01"},
    {"team_id": "south", "parent_team_id": "asia", "effective_from": "2026-03-16"},
]
STAFF = [
    {"employee_id": "ann", "role": "sales", "team_id": "north", "effective_from": "2026-01-01"},
    {"employee_id": "ann", "role": "sales", "team_id": "south", "effective_from": "2026-03-16"},
    {
        "employee_id": "bob",
        "role": "sales",
        "team_id": "lonely",
        "effective_from": "2026-01-01",
        "effective_to": "2026-03-20",
    },
]
DEALS = [
    {"owner_id": "ann", "amount": "1", "occurred_at": "2026-03-15T23:59:59.999999"},
    {"owner_id": "ann", "amount": "2", "occurred_at": "2026-03-16"},
    {"owner_id": "bob", "amount": "4", "occurred_at": "2026-03-19"},
    {"owner_id": "bob", "amount": "8", "occurred_at": "2026-03-20"},
    {"owner_id": "cid", "amount": "16", "occurred_at": "2026-03-20"},
    {"owner_id": None, "amount": "32", "occurred_at": "2026-03-20"},
]
MONEY = indicator(total("deal_won", "amount"))


def world(*indicators, **rows):
    return SmallWorld({"deal_won": DEALS, "employee_assigned": STAFF, "team_defined": TEAMS, **rows}, *indicators)


def amounts(found, **asked):
    return {key[0]: number for key, (number, _state) in cells(found, **asked).items()}


def test_a_transfer_splits_a_person_s_rows_by_the_instant():
    flat = world(MONEY, team_defined=[])
    assert amounts(flat, level="team") == {"lonely": "4", "north": "1", "south": "2", None: "56"}


def test_a_parent_team_has_the_rows_of_those_below_it_at_their_time():
    assert amounts(world(MONEY), level="team") == {
        "asia": "3",
        "lonely": "4",
        "north": "1",
        "south": "2",
        "world": "3",
        None: "56",
    }
    assert value(world(MONEY)) == "63"


def test_a_team_that_moved_counts_for_whom_it_was_under():
    rows = [{"owner_id": "ann", "amount": "5", "occurred_at": "2026-03-02"}]
    staff = [{"employee_id": "ann", "role": "sales", "team_id": "south", "effective_from": "2026-01-01"}]
    before = amounts(world(MONEY, deal_won=rows, employee_assigned=staff), level="team", roster=False)
    assert before == {"south": "5", "world": "5"}
    later = [{**rows[0], "occurred_at": "2026-03-16"}]
    after = amounts(world(MONEY, deal_won=later, employee_assigned=staff), level="team", roster=False)
    assert after == {"asia": "5", "south": "5", "world": "5"}


def test_a_team_above_itself_is_refused():
    circle = [
        {"team_id": "a", "parent_team_id": "b", "effective_from": "2026-01-01"},
        {"team_id": "b", "parent_team_id": "a", "effective_from": "2026-02-01"},
    ]
    with pytest.raises(InvalidInput, match="above itself") as error:
        cells(world(MONEY, team_defined=circle), level="team")
    assert error.value.code == "team_cycle"
    ended = [*circle, {"team_id": "a", "parent_team_id": None, "effective_from": "2026-02-01", "source": "hr"}]
    assert amounts(world(MONEY, team_defined=ended), level="team")["lonely"] == "4"


def test_of_assignments_that_take_effect_together_the_last_source_counts():
    staff = [
        {"employee_id": "ann", "team_id": "b", "effective_from": "2026-01-01", "source": "hr"},
        {"employee_id": "ann", "team_id": "a", "effective_from": "2026-01-01", "source": "old"},
    ]
    rows = [{"owner_id": "ann", "amount": "5"}]
    for given in (staff, staff[::-1]):
        found = world(MONEY, deal_won=rows, employee_assigned=given, team_defined=[])
        assert amounts(found, level="team", roster=False) == {"a": "5"}


def test_a_credited_team_has_no_person():
    rows = [
        {"content_id": "x", "team_id": "north", "owner_id": "ann"},
        {"content_id": "y", "team_id": None, "owner_id": "ann"},
    ]
    it = indicator(count("content_published"), credit=("owner_id", "team_id"))
    found = world(it, content_published=rows)
    assert amounts(found, level="team", credit="team_id", roster=False) == {
        "asia": "1",
        "north": "1",
        "world": "1",
        None: "1",
    }
    assert amounts(found, credit="team_id", roster=False) == {None: "2"}
    assert amounts(found, roster=False) == {"ann": "2"}


RESPONSIBLE = [
    {"kind": "channel", "id": "web", "employee_id": "ann", "valid_from": "2026-01-01"},
    {"kind": "channel", "id": "web", "employee_id": "bob", "valid_from": "2026-03-10"},
    {"kind": "channel", "id": "fair", "team_id": "north", "valid_from": "2026-01-01", "valid_to": "2026-03-10"},
    {"kind": "campaign", "id": "web", "employee_id": "zoe", "valid_from": "2026-01-01"},
]
LEADS = [
    {"channel_id": "web", "occurred_at": "2026-03-09"},
    {"channel_id": "web", "occurred_at": "2026-03-10"},
    {"channel_id": "fair", "occurred_at": "2026-03-09"},
    {"channel_id": "fair", "occurred_at": "2026-03-10"},
    {"channel_id": None, "occurred_at": "2026-03-10"},
]


def test_a_channel_s_rows_are_those_of_whoever_looked_after_it():
    it = indicator(count("lead_created"), credit=("channel_id",))
    found = world(it, lead_created=LEADS, responsibility_assigned=RESPONSIBLE)
    assert amounts(found, roster=False) == {"ann": "1", "bob": "1", None: "3"}
    assert amounts(found, level="team", roster=False) == {
        "asia": "2",
        "lonely": "1",
        "north": "2",
        "world": "2",
        None: "2",
    }
    assert value(found) == "5"


def test_a_share_meets_its_whole_whoever_is_credited():
    it = indicator(count("deal_won") / count("lead_created", credit="channel_id"))
    found = world(it, lead_created=LEADS, responsibility_assigned=RESPONSIBLE)
    assert amounts(found, roster=False)["ann"] == "2"


def test_a_spell_belongs_to_the_team_at_the_bound():
    tiers = [{"customer_id": "x", "tier": "gold", "owner_id": "ann", "effective_from": "2026-01-05"}]
    at = {name: indicator(count("customer_tier", at=name), name=f"test.{name}") for name in ("start", "end", "during")}
    found = world(*at.values(), customer_tiered=tiers, team_defined=[])
    assert amounts(found, name="test.start", level="team", roster=False) == {"north": "1"}
    assert amounts(found, name="test.end", level="team", roster=False) == {"south": "1"}
    assert amounts(found, name="test.during", level="team", roster=False) == {"north": "1"}


def test_the_roster_is_who_was_there_in_the_period():
    found = world(MONEY)

    def there(period, level, role="sales"):
        return roster(found, role, found.calendar.bounds(found.calendar.period(period)), level)

    assert there("2026-03", "person") == ("ann", "bob")
    assert there("2026-04", "person") == ("ann",)
    assert there("2025", "person") == ()
    assert there("2026-03", "team") == ("asia", "lonely", "north", "south", "world")
    assert there("2026-03-17", "team") == ("asia", "lonely", "south", "world")
    assert there("2026-02", "team") == ("asia", "lonely", "north", "world")
    assert there("2026-03", "company") == (None,)
    assert there("2026-03", "person", "finance") == ()
    assert there("2026-03", "person", None) == there("2026-03", "person", "all") == ("ann", "bob")


def test_who_is_on_the_roster_has_a_zero():
    assert amounts(world(MONEY, deal_won=[]), level="team") == dict.fromkeys(
        ("asia", "lonely", "north", "south", "world"), "0"
    )
