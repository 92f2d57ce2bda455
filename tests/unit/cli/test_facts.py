"""`import`, `retract` and `facts` as their users call them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Call

MAP = """
[file]
timezone = "UTC"
[[fact]]
type = "deal_won"
key = "id"
[fact.columns]
occurred_at = "closed"
owner_id = "agent"
amount = {column = "value", type = "decimal"}
"""
ROWS = ["D-1,2026-03-05,ann,100", "D-2,2026-03-06,bo,50.5", "D-3,2026-04-01,ann,7"]


@pytest.fixture
def files(kpicore: Call) -> Path:
    """A map and a file of three deals in the current folder."""
    Path("crm.toml").write_text(MAP)
    Path("deals.csv").write_text("id,closed,agent,value\n" + "\n".join(ROWS) + "\n")
    Path("kpicore.toml").write_text('ledger = "kpi.db"\n')
    return Path()


def test_an_import_makes_the_ledger_and_counts_once(kpicore: Call, files: Path) -> None:
    first = kpicore("import", "deals.csv", "--map", "crm.toml", "--json")
    assert first.code == 0
    assert [fact["rows"] for fact in first.json["facts"]] == [3]
    assert first.json["source"] == "crm"
    again = kpicore("--json", "import", "deals.csv", "--map", "crm.toml")
    assert (again.code, again.json["changed"]) == (0, False)
    assert [fact["duplicates"] for fact in again.json["facts"]] == [3]
    assert "deal_won" in kpicore("import", "deals.csv", "--map", "crm.toml").out


def test_a_retraction_of_what_is_not_there_says_so(kpicore: Call, files: Path) -> None:
    kpicore("import", "deals.csv", "--map", "crm.toml")
    some = kpicore("retract", "deal_won", "D-1", "D-l", "--source", "crm", "--reason", "a test")
    assert (some.code, "1 of these keys is no fact of crm" in some.out) == (0, True)
    other = kpicore("retract", "deal_won", "D-2", "--source", "erp", "--reason", "a test", "--lang", "zh-Hant")
    assert "其中 1 個鍵在來源 erp 中沒有事實" in other.out
    assert "these keys" not in kpicore("retract", "deal_won", "D-2", "--source", "crm", "--reason", "a test").out
    assert kpicore("retract", "deal_won", "x", "--source", "crm", "--reason", "a test", "--json").json["taken"] == 0


def test_facts_show_what_stands_and_what_stood(kpicore: Call, files: Path) -> None:
    position = kpicore("import", "deals.csv", "--map", "crm.toml", "--json").json["facts"][0]["positions"][0]
    gone = kpicore("retract", "deal_won", "D-2", "D-3", "--source", "crm", "--reason", "test deals", "--json")
    assert (gone.json["rows"], gone.json["taken"], gone.json["duplicate"]) == (2, 2, False)
    repeated = kpicore("retract", "deal_won", "D-3", "D-2", "--source", "crm", "--reason", "test deals", "--json")
    assert repeated.json["duplicate"]

    now = kpicore("facts", "deal_won", "--json").json
    assert (now["count"], [row["deal_id"] for row in now["rows"]]) == (1, ["D-1"])
    assert now["rows"][0]["amount"] == "100"
    assert now["rows"][0]["occurred_at"] == "2026-03-05T00:00:00Z"
    assert now["rows"][0]["position"] == position
    then = kpicore("facts", "deal_won", "--as-of", str(position), "--limit", "2", "--json").json
    assert (then["count"], len(then["rows"])) == (3, 2)
    table = kpicore("facts", "deal_won").out
    assert "D-1" in table
    assert "D-2" not in table


def test_refused_rows_are_named_and_nothing_is_recorded(kpicore: Call, files: Path) -> None:
    Path("bad.csv").write_text("id,closed,agent,value\nD-8,2026-03-05,ann,ten\nD-9,5.3.2026,ann,1\n")
    found = kpicore("import", "bad.csv", "--map", "crm.toml", "--json")
    assert found.code == 2
    assert [(row["line"], row["column"], row["value"]) for row in found.json["error"]["rows"]] == [
        (2, "value", "ten"),
        (3, "closed", "5.3.2026"),
    ]
    said = kpicore("import", "bad.csv", "--map", "crm.toml").err
    assert "bad.csv:2, value = 'ten'" in said
    assert "--keep-good" in said
    assert kpicore("facts", "deal_won", "--json").json["count"] == 0


def test_good_rows_are_kept_when_asked_and_the_answer_is_still_no(kpicore: Call, files: Path) -> None:
    Path("bad.csv").write_text("id,closed,agent,value\nD-8,2026-03-05,ann,ten\nD-9,2026-03-05,ann,1\n")
    found = kpicore("import", "bad.csv", "--map", "crm.toml", "--keep-good", "--json")
    assert (found.code, found.json["refused"]) == (2, 1)
    assert "ten" in Path(found.json["files"][0]["refused_file"]).read_text()
    assert kpicore("facts", "deal_won", "--json").json["count"] == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"value"', '"valu"', "did you mean value?"),
        ("deal_won", "deal_win", "did you mean deal_won?"),
        ("owner_id", "ownr_id", "did you mean owner_id?"),
        ("timezone", "time_zone", "did you mean timezone?"),
    ],
)
def test_a_wrong_map_is_named_with_the_nearest_name(kpicore: Call, files: Path, old: str, new: str, said: str) -> None:
    Path("crm.toml").write_text(MAP.replace(old, new))
    found = kpicore("import", "deals.csv", "--map", "crm.toml")
    assert found.code == 2
    assert "crm.toml" in found.err
    assert said in found.err


def test_two_processes_import_into_one_ledger_at_once(kpicore: Call, files: Path) -> None:
    """Each brings a file of its own and one that both have: nothing is lost, nothing doubled."""
    for name in ("one", "two"):
        rows = [f"{name}-{n},2026-03-05,ann,1" for n in range(500)]
        Path(f"{name}.csv").write_text("id,closed,agent,value\n" + "\n".join(rows) + "\n")
    command = [sys.executable, "-m", "kpicore.cli", "import", "--map", "crm.toml", "deals.csv"]
    running = [
        subprocess.Popen([*command, f"{name}.csv", "deals.csv"], stdout=-1, stderr=-1) for name in ("one", "two")
    ]
    said = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    found = kpicore("facts", "deal_won", "--json").json["rows"]
    assert len({row["deal_id"] for row in found}) == len(found) == 1003
