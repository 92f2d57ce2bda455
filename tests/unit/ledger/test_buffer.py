"""Small appends: acknowledged when they are on disk, refused one by one, harmless when they are sent again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kpicore.errors import InvalidInput, LedgerUnavailable, NotFound
from kpicore.ledger import buffer as buffering
from kpicore.ledger.records import Batch, Receipt
from kpicore.ledger.store import Ledger
from kpicore.vocabulary.deals import DEAL_LOST, DEAL_WON


def deal(number: int, amount: str = "10") -> dict[str, Any]:
    return {"deal_id": f"D{number}", "occurred_at": "2026-03-05T10:00:00Z", "owner_id": "ann", "amount": amount}


def resolved(ledger: Ledger) -> dict[str, str]:
    table = ledger.resolved(DEAL_WON, ledger.cut(), ["deal_id", "amount"])
    return {row["deal_id"]: f"{row['amount']:f}" for row in table.to_pylist()}


def test_an_acknowledged_append_is_there_for_another_reader(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "kpi.db") as ledger, ledger.buffer("web", by="desk") as buffer:
        receipt = buffer.add(DEAL_WON, [deal(1)]).wait()
        with Ledger.open(tmp_path / "kpi.db", create=False) as other:
            assert resolved(other) == {"D1": "10.0000"}
            [header] = other.headers()
        assert (header.position, header.source, header.by) == (receipt.position, "web", "desk")


def test_what_is_added_before_a_commit_goes_together_in_the_order_of_adding(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "kpi.db") as ledger:
        buffer = ledger.buffer("web")
        appends = [buffer.add(DEAL_WON, [deal(number % 3, str(number))]) for number in range(7)]
        lost = buffer.add(DEAL_LOST, [{"deal_id": "L", "occurred_at": "2026-03-05T10:00:00Z"}])
        assert not appends[0].done
        buffer.flush()
        assert {one.wait().position for one in appends} == {1}
        assert lost.wait().position == 2
        assert resolved(ledger) == {"D0": "6.0000", "D1": "4.0000", "D2": "5.0000"}


def test_a_refused_append_concerns_no_other(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "kpi.db") as ledger:
        buffer = ledger.buffer("web")
        good = buffer.add(DEAL_WON, [deal(1)])
        bad = buffer.add(DEAL_WON, [deal(2), deal(3, "a lot")])
        odd = buffer.add(DEAL_WON, [{**deal(4), "colour": "red"}])
        late = buffer.add(DEAL_WON, [{**deal(5), "occurred_at": "2999-01-01T00:00:00Z"}])
        good.wait()
        for one in (bad, odd, late):
            assert isinstance(one.error, InvalidInput)
            with pytest.raises(InvalidInput):
                one.wait()
        assert resolved(ledger) == {"D1": "10.0000"}
        buffer.flush()


def test_flush_tells_of_refusals_that_nobody_waited_for(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "kpi.db") as ledger:
        buffer = ledger.buffer("web")
        buffer.add(DEAL_WON, [deal(1, "a lot")])
        buffer.add(DEAL_WON, [deal(2)]).wait()
        with pytest.raises(InvalidInput, match="refused"):
            buffer.flush()
        buffer.flush()


def test_what_somebody_waits_for_is_told_once_however_early_it_is_decided(tmp_path: Path) -> None:
    begun, let_go = threading.Event(), threading.Event()
    with Ledger.open(tmp_path / "kpi.db") as ledger:

        def slowly(batches: Sequence[Batch]) -> list[Receipt]:
            begun.set()
            assert let_go.wait(30)
            return ledger.record(batches)

        buffer = buffering.Buffer(slowly, ledger.latest_plausible, lambda _: DEAL_WON, "web", None)
        bad, good = buffer.add("deal_won", [deal(1, "a lot")]), buffer.add("deal_won", [deal(2)])
        leader = threading.Thread(target=good.wait)
        leader.start()
        assert begun.wait(30)
        # It is decided while the group that it was in is not yet on disk.
        with pytest.raises(InvalidInput):
            bad.wait()
        let_go.set()
        leader.join(30)
        buffer.flush()
        assert resolved(ledger) == {"D2": "10.0000"}


def test_who_is_interrupted_while_waiting_lets_the_next_one_commit(tmp_path: Path) -> None:
    begun, let_go = threading.Event(), threading.Event()
    with Ledger.open(tmp_path / "kpi.db") as ledger:

        def slowly(batches: Sequence[Batch]) -> list[Receipt]:
            begun.set()
            assert let_go.wait(30)
            return ledger.record(batches)

        buffer = buffering.Buffer(slowly, ledger.latest_plausible, lambda _: DEAL_WON, "web", None)
        first = threading.Thread(target=buffer.add("deal_won", [deal(1)]).wait)
        first.start()
        assert begun.wait(30)
        main = threading.main_thread().ident
        threading.Timer(0.2, signal.pthread_kill, [main, signal.SIGINT]).start()
        with pytest.raises(KeyboardInterrupt):
            buffer.add("deal_won", [deal(2)]).wait()
        last = threading.Thread(target=buffer.add("deal_won", [deal(3)]).wait)
        last.start()
        let_go.set()
        for thread in (first, last):
            thread.join(30)
            assert not thread.is_alive()
        assert resolved(ledger) == {f"D{number}": "10.0000" for number in (1, 2, 3)}


def test_a_fact_that_is_sent_again_is_the_same_fact(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "kpi.db") as ledger:
        for _ in range(2):
            with ledger.buffer("web") as buffer:
                buffer.add(DEAL_WON, [deal(1), deal(2)])
        assert resolved(ledger) == {"D1": "10.0000", "D2": "10.0000"}


def test_many_writers_each_have_their_own_acknowledgement(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "kpi.db") as ledger, ledger.buffer("web") as buffer:
        positions: list[int] = []

        def write(writer: int) -> None:
            mine = (buffer.add(DEAL_WON, [deal(writer * 100 + number)]) for number in range(20))
            positions.extend(append.wait().position for append in mine)

        writers = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
        for thread in writers:
            thread.start()
        for thread in writers:
            thread.join()
        assert len(positions) == 160
        assert len(resolved(ledger)) == 160
        assert set(positions) == {header.position for header in ledger.headers()}
        assert len(set(positions)) < 160, "writers that wait at once share a commit"


def test_nothing_is_acknowledged_while_the_ledger_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger.open(tmp_path / "kpi.db") as ledger:
        buffer = ledger.buffer("web")
        lost = buffer.add(DEAL_WON, [deal(1)])
        monkeypatch.setattr("kpicore.ledger.database.TIMEOUT", 0.05)
        holder = subprocess.Popen(
            [sys.executable, "-c", _HOLD, str(tmp_path / "kpi.db.lock")], stdout=subprocess.PIPE, text=True
        )
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LedgerUnavailable):
            lost.wait()
        holder.kill()
        holder.wait()
        holder.stdout.close()
        assert resolved(ledger) == {}
        assert buffer.add(DEAL_WON, [deal(1)]).wait().position == 1


_HOLD = """\
import fcntl, sys, time
file = open(sys.argv[1], "w")
fcntl.lockf(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""

_WRITE = """\
import sys
from kpicore.ledger.store import Ledger
from kpicore.vocabulary.deals import DEAL_WON
with Ledger.open(sys.argv[1]) as ledger:
    buffer = ledger.buffer("web")
    for number in range(100_000):
        row = {"deal_id": f"D{number}", "occurred_at": "2026-03-05T10:00:00Z", "owner_id": "ann", "amount": str(number)}
        buffer.add(DEAL_WON, [row]).wait()
        print(number, flush=True)
"""


def test_a_killed_writer_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITE, str(tmp_path / "kpi.db")], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    acknowledged = [int(writer.stdout.readline()) for _ in range(25)]
    writer.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in writer.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    writer.wait()
    writer.stdout.close()
    with Ledger.open(tmp_path / "kpi.db", create=False) as ledger:
        found = resolved(ledger)
        assert {f"D{number}" for number in acknowledged} <= set(found)
        with ledger.buffer("web") as buffer:
            buffer.add(DEAL_WON, [deal(number, str(number)) for number in range(len(found) + 5)])
        assert resolved(ledger) == {f"D{number}": f"{number}.0000" for number in range(len(found) + 5)}


def test_a_full_buffer_commits_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffering, "MOST_ROWS", 4)
    with Ledger.open(tmp_path / "kpi.db") as ledger:
        buffer = ledger.buffer("web")
        appends = [buffer.add(DEAL_WON, [deal(number), deal(number + 10)]) for number in range(3)]
        assert [one.done for one in appends] == [True, True, False]


def test_a_forked_process_begins_empty(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "kpi.db") as ledger:
        buffer = ledger.buffer("web")
        mine = buffer.add(DEAL_WON, [deal(1)])
        child = os.fork()
        if child == 0:
            try:
                buffer.flush()
                empty = not ledger.headers()
                buffer.add(DEAL_WON, [deal(2)]).wait()
                os._exit(0 if empty else 1)
            finally:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        mine.wait()
        assert set(resolved(ledger)) == {"D1", "D2"}


def test_a_buffer_of_the_ledger_alone_knows_no_names(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "kpi.db") as ledger, ledger.buffer("web") as buffer, pytest.raises(NotFound):
        buffer.add("deal_won", [deal(1)])
