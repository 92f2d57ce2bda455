"""Bad calendars, people and ledgers: the right period, the right person, and whatever was changed is named.

Each test is one row of the list of bad inputs that must be tried.
"""

import os
import shutil
import sqlite3
import tempfile
import types
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

import kpicore
from kpicore import Indicator, InvalidInput, count, hookimpl, total
from kpicore.cli import ledger_checks
from kpicore.errors import LedgerUnavailable
from kpicore.evaluation.history.pinned import PinnedCalendar
from kpicore.ledger import batches
from kpicore.ledger.store import Ledger
from kpicore.ledger.verify import verify
from kpicore.periods import Calendar
from tests.unit.evaluation.worlds import SmallWorld, cells, indicator
from tests.unit.ledger.samples import Clock, amounts, deal, facts


@pytest.mark.parametrize(
    ("start", "text", "first", "end"),
    [
        (1, "2024-02-29", "2024-02-29", "2024-03-01"),
        (1, "2024-02", "2024-02-01", "2024-03-01"),
        (1, "2026-W53", "2026-12-28", "2027-01-04"),
        (1, "2027-W01", "2027-01-04", "2027-01-11"),
        (4, "FY2026", "2026-04-01", "2027-04-01"),
        (4, "FY2026-Q4", "2027-01-01", "2027-04-01"),
        (4, "FY2026-12", "2027-03-01", "2027-04-01"),
    ],
)
def test_14_leap_days_week_53_and_fiscal_years_are_the_right_half_open_period(start, text, first, end):
    calendar = Calendar("Asia/Taipei", start)
    bounds = calendar.bounds(calendar.period(text))
    assert (bounds.start_us, bounds.end_us) == (calendar.instant(first), calendar.instant(end))


@pytest.mark.parametrize("text", ["2026-02-29", "2025-W53", "2026-W54", "2026-13", "2026-Q5", "FY2026-Q0", "2026-00"])
def test_14_what_no_calendar_has_is_refused(text):
    with pytest.raises(InvalidInput):
        Calendar().period(text)


def test_14_weeks_and_fiscal_months_follow_each_other_without_gap_or_overlap():
    calendar = Calendar("America/New_York", 10)
    for series in ("2026-W50..2027-W03", "FY2023-01..FY2025-12", "2024-02-27..2024-03-02"):
        bounds = [calendar.bounds(period) for period in calendar.series(series)]
        assert all(one.end_us == other.start_us for one, other in pairwise(bounds))


def test_15_sealed_offsets_count_whatever_the_rules_of_the_zone_say_later():
    sealed = PinnedCalendar("America/Sao_Paulo")
    bounds = sealed.bounds(sealed.period("2018-11"))
    later = PinnedCalendar("Asia/Tokyo", 1, sealed.offsets())
    assert later.bounds(later.period("2018-11")) == bounds


MONEY = indicator(total("deal_won", "amount"))
DEALS = [
    {"owner_id": "ann", "amount": "1", "occurred_at": "2026-03-15T23:59:59.999999"},
    {"owner_id": "ann", "amount": "2", "occurred_at": "2026-03-16"},
    {"owner_id": "nobody knows", "amount": "4", "occurred_at": "2026-03-16"},
    {"owner_id": None, "amount": "8", "occurred_at": "2026-03-16"},
]


def staff(*spells):
    return [
        {"employee_id": who, "role": "sales", "team_id": team, "effective_from": since} for who, team, since in spells
    ]


def found(level, assigned):
    world = SmallWorld({"deal_won": DEALS, "employee_assigned": assigned, "team_defined": []}, MONEY)
    return {key[0]: number for key, (number, _) in cells(world, level=level).items()}


def test_19_a_transfer_is_split_by_its_date():
    moved = staff(("ann", "north", "2026-01-01"), ("ann", "south", "2026-03-16"))
    assert found("team", moved) == {"north": "1", "south": "2", None: "12"}
    assert found("person", moved)["ann"] == "3"


def test_19_a_person_in_two_teams_at_once_counts_in_the_one_that_was_said_last():
    two = staff(("ann", "north", "2026-01-01"), ("ann", "south", "2026-01-01"))
    assert found("team", two) == {"south": "3", None: "12"}
    assert found("team", two[::-1]) == {"north": "3", None: "12"}


def test_19_somebody_unknown_is_shown_by_name_and_nobody_as_nobody():
    known = found("person", staff(("ann", "north", "2026-01-01")))
    assert known == {"ann": "3", "nobody knows": "4", None: "8"}
    assert found("company", staff(("ann", "north", "2026-01-01"))) == {None: "15"}


CARD = """
[scorecard]
id = "rep"
title = {en = "Rep", zh-Hant = "代表"}
role = "sales"
period = "quarter"
effective = 2026-01-01
[[line]]
indicator = "clock.wins"
weight = "100"
target = "1"
"""


def test_20_a_plugin_that_reads_the_clock_changes_nothing_that_was_adopted(tmp_path):
    now = [datetime(2026, 4, 1, tzinfo=UTC)]
    module = types.ModuleType("clock")

    @hookimpl
    def provide_definitions():
        wins = count("deal_won", where=f"occurred_at < {int(now[0].timestamp() * 1e6)}")
        texts = {"en": f"Wins of {now[0]}", "zh-Hant": "成交"}
        options = {"roles": ["sales"], "perspective": "performance", "data_source": "CRM"}
        return [Indicator("clock.wins", title=texts, measure=wins, **options)]

    module.provide_definitions = provide_definitions
    card = tmp_path / "rep.toml"
    card.write_text(CARD, "utf-8")
    with kpicore.open(tmp_path / "kpi.db", plugins=[module]) as kpi:
        row = {"deal_id": "1", "occurred_at": "2026-01-05T00:00:00Z", "amount": 1, "owner_id": "ann"}
        kpi.record("deal_won", [row], source="crm", batch_key="1")
        kpi.apply(kpi.plan(card), by="hr", reason="first")
        sealed = kpi.seal(kpi.evaluate("rep", "2026-Q1"), by="hr")
    now[0] = datetime(2025, 1, 1, tzinfo=UTC)
    with kpicore.open(tmp_path / "kpi.db", plugins=[module]) as kpi:
        assert kpi.replay(sealed.id).identical
        assert kpi.evaluate("rep", "2026-Q1").to_document()["digest"] == sealed.digest
        [change] = [one for one in kpi.plan(card).definitions if one.name == "clock.wins"]
        assert (change.status, change.meaning) == ("changed", True)


@pytest.fixture
def path():
    """A ledger in a folder that anybody may enter."""
    folder = Path(tempfile.mkdtemp(prefix="kpicore-test-"))
    with Ledger.open(folder / "kpi.db", clock=Clock()) as ledger:
        for number in range(4):
            ledger.record([facts(str(number), [deal(f"{number}")])])
    yield folder / "kpi.db"
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_30_a_read_only_folder_gives_no_receipt_and_what_can_be_read_is_right(path):
    path.chmod(0o444)
    path.parent.chmod(0o555)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        said = b"nothing"
        try:
            if os.getuid() == 0:
                os.setuid(65_534)  # root may write anywhere
            with Ledger.open(path) as ledger:
                assert len(amounts(ledger)) == 4
                ledger.record([facts("new", [deal("new")])])
            said = b"recorded"
        except LedgerUnavailable as error:
            said = f"{error.code} {error.retryable}".encode()
        except BaseException as error:  # noqa: BLE001 - told to the parent
            said = repr(error).encode()
        os.write(write, said)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        assert pipe.read() == "ledger_unavailable True"
    os.waitpid(child, 0)
    path.parent.chmod(0o755)
    path.chmod(0o644)
    with Ledger.open(path) as ledger:
        assert ledger.record([facts("new", [deal("new")])])[0].position == 5


def test_31_a_ledger_on_a_network_share_is_refused_by_doctor(path, monkeypatch):
    monkeypatch.setattr(ledger_checks, "file_system", lambda _: "nfs4")
    [check] = ledger_checks.place_checks(path)
    assert check["status"] == "bad"
    assert "nfs4" in check["found"]


def test_31_two_servers_on_one_file_take_turns(path):
    with Ledger.open(path, clock=Clock()) as one, Ledger.open(path, clock=Clock()) as other:
        for number in range(6):
            for ledger, name in ((one, "one"), (other, "other")):
                ledger.record([facts(f"{name} {number}", [deal(f"{name} {number}")])])
        assert amounts(one) == amounts(other)
        assert [header.position for header in one.headers()] == list(range(1, 17))
        assert one.verify().intact


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE stored_events SET state = CAST(replace(state, '\"crm\"', '\"erp\"') AS BLOB) WHERE rowid = 2",
        "DELETE FROM stored_events WHERE rowid = 2",
        "DELETE FROM stored_events WHERE rowid = 4",
        "UPDATE stored_events SET rowid = CASE rowid WHEN 5 THEN -6 ELSE -5 END WHERE rowid IN (5, 6)",
    ],
)
def test_33_rows_that_were_edited_deleted_or_swapped_are_named(path, monkeypatch, change):
    monkeypatch.setattr(batches, "CHUNK_ROWS", 2)
    with Ledger.open(path, clock=Clock()) as ledger:
        ledger.record([facts("chunks", [deal(f"c{number}") for number in range(4)])])
    with sqlite3.connect(path) as connection:
        connection.execute(change)
        connection.execute("UPDATE stored_events SET rowid = -rowid WHERE rowid < 0")
    connection.close()
    findings = verify(path).findings
    assert findings
    assert {finding.status for finding in findings} == {"tampered"}
    assert any(finding.position in (2, 4, 5) for finding in findings)


def test_33_a_backup_in_the_place_of_the_ledger_is_named(path):
    backup = path.with_name("backup.db")
    shutil.copy(path, backup)
    with Ledger.open(path, clock=Clock()) as ledger:
        ledger.record([facts("later", [deal("later")])])
    backup.replace(path)
    [finding] = verify(path).findings
    assert (finding.position, finding.status) == (5, "tampered")
    assert "an older copy" in finding.what
