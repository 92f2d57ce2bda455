"""kill −9 at random moments: what was acknowledged is there, and nothing is there by half.

`make faults` kills 200 times, `make faults KILLS=2000` is the long form.
"""

import random
import shutil
import time

import pytest

from tests.faults.house import KILLS, Writer, check_whole

#: One ledger takes so many kills: each process finds what the ones before it left.
KILLS_A_LEDGER = 10


@pytest.mark.parametrize("turn", range(-(-KILLS // KILLS_A_LEDGER)))
def test_kills_lose_nothing_that_was_acknowledged(tmp_path, turn):
    path, chance = tmp_path / "kpi.db", random.Random(turn)
    acknowledged = set()
    for kill in range(min(KILLS_A_LEDGER, KILLS - turn * KILLS_A_LEDGER)):
        first = kill * 10_000
        writer = Writer(path, "crm", first, first + 10_000, rows=chance.choice((1, 3, 2_000)))
        writer.go()
        if kill % 2:
            writer.wait_for_one()
        time.sleep(chance.uniform(0, 0.15))
        writer.kill()
        acknowledged |= {("crm", number) for number in writer.acknowledged}
        # As the disk is at this moment, and not only after the next process has tidied up.
        for part in ("kpi.db", "kpi.db-wal"):
            if (tmp_path / part).exists():
                shutil.copy(tmp_path / part, tmp_path / f"copy-{part}")
        check_whole(tmp_path / "copy-kpi.db", acknowledged)
        for part in tmp_path.glob("copy-*"):
            part.unlink()
    assert acknowledged
    stored = check_whole(path, acknowledged)
    again = Writer(path, "crm", 0, 1)
    again.go()
    again.end()
    assert check_whole(path, acknowledged) >= stored
