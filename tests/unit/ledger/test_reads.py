"""What moved between two cuts, and tables that grow by it: the same as reading both cuts plainly."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore.ledger import chunks
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import DEAL, Clock, deal, facts, retraction

STEP = st.tuples(
    st.sampled_from(["facts", "facts", "retraction"]),
    st.sampled_from(["crm", "erp"]),
    st.lists(st.sampled_from([f"D-{number}" for number in range(9)]), max_size=6),
)
HISTORY = st.lists(st.lists(STEP, min_size=1, max_size=2), max_size=4)


def record(ledger, calls, first=0):
    make = {
        "facts": lambda key, keys, source: facts(key, [deal(k, n) for n, k in enumerate(keys)], source=source),
        "retraction": lambda key, keys, source: retraction(key, keys, source=source),
    }
    for number, steps in enumerate(calls, first):
        ledger.record([make[kind](f"{number}.{at}", keys, source) for at, (kind, source, keys) in enumerate(steps)])


def placed(table):
    return {(row["kpi_position"], row["kpi_row"]): row for row in table.to_pylist()}


@settings(max_examples=20)
@given(HISTORY, st.sampled_from([1, 2, 65_536]))
def test_changes_and_grown_tables_are_the_difference_of_two_plain_reads(calls, chunk_rows):
    with pytest.MonkeyPatch.context() as patch, Ledger.open(":memory:", clock=Clock()) as ledger:
        patch.setattr(chunks, "ROWS", chunk_rows)
        record(ledger, calls)
        cuts = [ledger.cut(position) for position in range(ledger.cut().facts + 1)]
        plain = [ledger.resolved(DEAL, cut) for cut in cuts]
        step = plain[0]
        for old, one in zip(cuts, plain, strict=True):
            step = ledger.grown(DEAL, step, cuts[max(0, old.facts - 1)], old)
            assert step.to_pylist() == one.to_pylist()
            for new, other in zip(cuts, plain, strict=True):
                before, after = placed(one), placed(other)
                moved = ledger.changes(DEAL, old, new)
                assert placed(moved.removed) == {place: row for place, row in before.items() if place not in after}
                assert placed(moved.added) == {place: row for place, row in after.items() if place not in before}
                assert moved.added.schema == moved.removed.schema == other.schema
                if old.facts <= new.facts:
                    assert ledger.changes(DEAL, old, new, before=one).removed.equals(moved.removed)
                    assert ledger.grown(DEAL, one, old, new).equals(other)


def test_what_nothing_touched_is_shared_and_small_chunks_do_not_pile_up():
    with Ledger.open(":memory:", clock=Clock()) as ledger:
        for number in range(3):
            ledger.record([facts(str(number), [deal(f"{number}.{row}") for row in range(50)])])
        cut = ledger.cut()
        table = pa.Table.from_batches(
            [batch for number in range(3) for batch in ledger.resolved(DEAL, cut).slice(50 * number, 50).to_batches()]
        )
        ledger.record([facts("3", [deal("1.7", 9), deal("new")])])
        grown = ledger.grown(DEAL, table, cut, ledger.cut())
        address = [[chunk.buffers()[1].address for chunk in one["kpi_row"].chunks] for one in (table, grown)]
        assert address[0][0] == address[1][0]
        assert [chunk.num_rows for chunk in grown.to_batches()] == [50, 49, 50, 2]
        for number in range(4, 40):
            cut = ledger.cut()
            ledger.record([facts(str(number), [deal(f"{number}")])])
            grown = ledger.grown(DEAL, grown, cut, ledger.cut())
        assert grown.num_rows == 151 + 36
        assert len(grown.to_batches()) < 9
