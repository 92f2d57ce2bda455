import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.book import CORE_TABLES
from kpicore.engines import core
from kpicore.errors import InvalidInput
from kpicore.periods import Calendar

FOREVER = 10**9


def facts(columns, rows):
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in columns.items()})


PEOPLE = {
    "employee_id": pa.string(),
    "effective_from": pa.int64(),
    "effective_to": pa.int64(),
    "role": pa.string(),
    "team_id": pa.string(),
    "territory": pa.string(),
    "hired_at": pa.int64(),
    "source": pa.string(),
}
TEAMS = {"team_id": pa.string(), "effective_from": pa.int64(), "parent_team_id": pa.string(), "source": pa.string()}

spells = st.lists(
    st.fixed_dictionaries(
        {
            "employee_id": st.sampled_from(["a", "b"]),
            "effective_from": st.integers(0, 20),
            "effective_to": st.one_of(st.none(), st.integers(0, 25)),
            "team_id": st.sampled_from(["x", "y", None]),
            "source": st.sampled_from(["s", "t"]),
        }
    ),
    unique_by=lambda row: (row["employee_id"], row["effective_from"], row["source"]),
    max_size=8,
)


@given(spells)
def test_everyone_is_in_one_team_at_a_time_the_one_said_last(rows):
    found = core.assignments(facts(PEOPLE, rows)).to_pylist()
    assert core.assignments(facts(PEOPLE, rows[::-1])).to_pylist() == found
    for instant in range(-1, 27):
        for employee in ("a", "b"):
            there = [
                row
                for row in found
                if row["employee_id"] == employee
                and row["valid_from"] <= instant < (FOREVER if row["valid_to"] is None else row["valid_to"])
            ]
            before = [row for row in rows if row["employee_id"] == employee and row["effective_from"] <= instant]
            last = max(before, key=lambda row: (row["effective_from"], row["source"]), default=None)
            open_ = last is not None and (last["effective_to"] is None or instant < last["effective_to"])
            assert [row["team_id"] for row in there] == ([last["team_id"]] if open_ else [])


def test_core_tables_have_the_columns_that_definitions_may_name():
    made = {
        "assignment": core.assignments(None),
        "responsibility": core.responsibilities(None),
        "team_path": core.team_paths(None),
        "calendar": core.days(Calendar(), 0, 0),
    }
    assert {name: list(table.column_names) for name, table in made.items()} == {
        name: list(CORE_TABLES[name]) for name in made
    }
    assert all(table.num_rows == 0 for table in made.values())


def test_a_thing_is_looked_after_by_one_at_a_time():
    rows = [
        {"kind": "channel", "id": "web", "valid_from": 0, "valid_to": 30, "employee_id": "a"},
        {"kind": "channel", "id": "web", "valid_from": 10, "team_id": "t"},
        {"kind": "region", "id": "web", "valid_from": 5, "employee_id": "b"},
    ]
    columns = {name: pa.string() for name in ("kind", "id", "employee_id", "team_id", "source")}
    found = core.responsibilities(
        facts({**columns, "valid_from": pa.int64(), "valid_to": pa.int64()}, [{**row, "source": "s"} for row in rows])
    )
    assert [tuple(row.values()) for row in found.to_pylist()] == [
        ("channel", "web", "a", None, 0, 10),
        ("channel", "web", None, "t", 10, None),
        ("region", "web", "b", None, 5, None),
    ]


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(-1, 4), st.integers(0, 10)),
        max_size=8,
        unique_by=lambda t: (t[0], t[2]),
    )
)
def test_ancestors_are_those_that_following_parents_finds(given_):
    # Parents have smaller numbers: no circles.
    rows = [
        {
            "team_id": f"t{team}",
            "parent_team_id": None if parent < 0 or parent >= team else f"t{parent}",
            "effective_from": when,
            "source": "s",
        }
        for team, parent, when in given_
    ]
    found = core.team_paths(facts(TEAMS, rows)).to_pylist()

    def parent_at(team, instant):
        before = [row for row in rows if row["team_id"] == team and row["effective_from"] <= instant]
        return max(before, key=lambda row: row["effective_from"])["parent_team_id"] if before else None

    for instant in range(-1, 12):
        for team in {row["team_id"] for row in rows}:
            chain, above = [team], parent_at(team, instant)
            while above is not None:
                chain.append(above)
                above = parent_at(above, instant)
            there = [
                row["ancestor_id"]
                for row in found
                if row["team_id"] == team
                and row["valid_from"] <= instant < (FOREVER if row["valid_to"] is None else row["valid_to"])
            ]
            assert sorted(there) == sorted(chain)


def test_a_circle_of_teams_is_refused_only_while_it_lasts():
    circle = [("a", "b", 0), ("b", "a", 5)]
    rows = [{"team_id": t, "parent_team_id": p, "effective_from": f, "source": "s"} for t, p, f in circle]
    with pytest.raises(InvalidInput) as error:
        core.team_paths(facts(TEAMS, rows))
    assert error.value.code == "team_cycle"
    swapped = [*rows, {"team_id": "a", "parent_team_id": None, "effective_from": 5, "source": "s"}]
    assert core.team_paths(facts(TEAMS, swapped)).num_rows == 4


def test_days_are_numbered_and_cover_what_is_asked():
    calendar = Calendar("Asia/Taipei")
    start, end = calendar.instant("2026-03-01T12:00:00"), calendar.instant("2026-03-03")
    rows = core.days(calendar, start, end).to_pylist()
    assert [row["day"] for row in rows] == [20513, 20514]
    assert rows[0]["starts_at"] == calendar.instant("2026-03-01")
    assert rows[0]["ends_at"] == rows[1]["starts_at"]
    assert rows[1]["ends_at"] == end
