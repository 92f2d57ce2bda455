"""Facts: recorded once, corrected, retracted, and read as they were known."""

from collections import Counter
from decimal import Decimal

import pyarrow as pa
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore.definitions.facts import FactType, Field
from kpicore.errors import Conflict, InvalidDefinition, InvalidInput
from kpicore.ledger.batches import CHUNK_ROWS
from kpicore.ledger.facts import TOLERANCE_US
from kpicore.ledger.records import Batch
from kpicore.ledger.schema import arrow_schema
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import DEAL, NOW, PLAN, Clock, amounts, deal, facts, retraction, table


@pytest.fixture
def ledger():
    with Ledger.open(":memory:", clock=Clock()) as opened:
        yield opened


def test_what_was_recorded_is_read_in_order_with_its_place(ledger):
    [first, second] = ledger.record(
        [facts("1", [deal("b", 2), deal("a", 1)]), facts("2", [deal("c", 3)], source="erp")]
    )
    assert (first.position, first.rows, first.duplicate, first.chunks) == (1, 2, False, 1)
    assert (second.position, second.recorded_at, second.source) == (2, NOW + 1_000_000, "erp")
    resolved = ledger.resolved(DEAL, ledger.cut())
    assert resolved.schema.names == [*arrow_schema(DEAL).names, "source", "kpi_position", "kpi_row"]
    assert resolved.select(["deal_id", "amount", "source", "kpi_position", "kpi_row"]).to_pylist() == [
        {"deal_id": "b", "amount": Decimal(2), "source": "crm", "kpi_position": 1, "kpi_row": 0},
        {"deal_id": "a", "amount": Decimal(1), "source": "crm", "kpi_position": 1, "kpi_row": 1},
        {"deal_id": "c", "amount": Decimal(3), "source": "erp", "kpi_position": 2, "kpi_row": 0},
    ]


def test_the_same_key_again_corrects_and_a_retraction_takes_away(ledger):
    ledger.record([facts("1", [deal("a", 1), deal("b", 2), deal("a", 3)])])
    ledger.record([facts("2", [deal("b", 4)]), facts("3", [deal("a", 9)], source="erp")])
    before = ledger.cut()
    ledger.record([retraction("4", ["a", "never"], reason="test deal")])
    taken = ledger.cut()
    ledger.record([facts("5", [deal("a", 5), deal("never", 6)])])
    assert amounts(ledger, ledger.cut(1)) == {("crm", "a"): 3, ("crm", "b"): 2}
    assert amounts(ledger, before) == {("crm", "a"): 3, ("crm", "b"): 4, ("erp", "a"): 9}
    assert amounts(ledger, taken) == {("crm", "b"): 4, ("erp", "a"): 9}
    assert amounts(ledger) == {("crm", "a"): 5, ("crm", "b"): 4, ("erp", "a"): 9, ("crm", "never"): 6}
    history = ledger.history(DEAL, taken)
    assert history.select(["deal_id", "kpi_position", "kpi_row", "kpi_kind"]).to_pylist()[3:] == [
        {"deal_id": "b", "kpi_position": 2, "kpi_row": 0, "kpi_kind": "facts"},
        {"deal_id": "a", "kpi_position": 3, "kpi_row": 0, "kpi_kind": "facts"},
        {"deal_id": "a", "kpi_position": 4, "kpi_row": 0, "kpi_kind": "retraction"},
        {"deal_id": "never", "kpi_position": 4, "kpi_row": 1, "kpi_kind": "retraction"},
    ]
    assert history["amount"].to_pylist()[-1] is None
    assert history["discount"].to_pylist()[-1] is None


def test_keys_of_several_fields_are_one_identity(ledger):
    rows = [
        {"team_id": team, "month": month, "occurred_at": "2026-01-01T00:00Z", "owner_id": owner}
        for team, month, owner in [("a", "bc", "1"), ("ab", "c", "2"), ("a", "bc", "3"), ("", "x", "4")][:3]
    ]
    ledger.record([facts("1", rows, fact_type=PLAN), retraction("2", [("ab", "x")], fact_type=PLAN)])
    assert ledger.resolved(PLAN, ledger.cut(), ["owner_id"])["owner_id"].to_pylist() == ["2", "3"]
    ledger.record([retraction("3", [("ab", "c")], fact_type=PLAN)])
    assert ledger.resolved(PLAN, ledger.cut(), ["owner_id"])["owner_id"].to_pylist() == ["3"]


def test_only_the_columns_asked_for_come_back(ledger):
    ledger.record([facts("1", [deal("a", 1), deal("a", 2)])])
    places = {"source": "crm", "kpi_position": 1, "kpi_row": 1}
    cut = ledger.cut()
    assert ledger.resolved(DEAL, cut, ["amount", "source"]).to_pylist() == [{"amount": Decimal(2), **places}]
    assert ledger.resolved(DEAL, cut, []).to_pylist() == [places]
    with pytest.raises(InvalidInput, match="did you mean amount"):
        ledger.resolved(DEAL, cut, ["amonut"])
    assert ledger.resolved(DEAL, ledger.cut(0)).num_rows == 0
    assert ledger.resolved(PLAN, cut).schema.names[0] == "team_id"
    assert ledger.history(PLAN, cut).num_rows == 0


def test_an_empty_batch_is_recorded_and_changes_nothing_but_the_cut(ledger):
    [receipt] = ledger.record([facts("1", [], complete_until="2026-04-01T00:00+08:00")])
    assert (receipt.rows, receipt.position, receipt.chunks) == (0, 1, 1)
    cut = ledger.cut()
    assert cut.facts == 1
    assert ledger.resolved(DEAL, cut).num_rows == 0
    assert ledger.complete_until(cut) == {("crm", "deal_won"): 1_774_972_800_000_000}
    assert ledger.record([facts("1", [], complete_until="2026-04-01T00:00+08:00")])[0].duplicate


def test_a_second_time_is_the_same_receipt(ledger):
    batch = facts("1", [deal("a"), deal("b", 2)], by="anna")
    [first] = ledger.record([batch])
    [again] = ledger.record([evolve(batch, by="ben", reason="lost the answer")])
    assert again == evolve(first, duplicate=True)
    [known, new] = ledger.record([batch, facts("2", [deal("c")])])
    assert (known.duplicate, new.duplicate, new.position) == (True, False, 2)
    [one, other] = ledger.record([facts("3", [deal("d")]), facts("3", [deal("d")])])
    assert other == evolve(one, duplicate=True)
    assert ledger.cut().facts == 3


@pytest.mark.parametrize(
    ("batch", "difference"),
    [
        (facts("1", [deal("a"), deal("b", 3)]), "row 1, amount is 3.0000 instead of 2.0000"),
        (facts("1", [deal("a")]), "the number of rows is 1 instead of 2"),
        (facts("1", [deal("a"), deal("b", 2)], complete_until="2026-04-01T00:00Z"), "complete_until"),
        (retraction("1", ["a", "b"]), "the kind is retraction instead of facts"),
        (
            facts("1", [{"team_id": "a", "month": "b", "occurred_at": "2026-01-01T00:00Z"}] * 2, fact_type=PLAN),
            "the fact type is plan_set instead of deal_won",
        ),
    ],
)
def test_other_content_under_the_same_key_is_a_conflict_and_nothing_is_recorded(ledger, batch, difference):
    ledger.record([facts("1", [deal("a"), deal("b", 2)])])
    with pytest.raises(Conflict, match=difference) as error:
        ledger.record([facts("0", [deal("z")]), batch])
    assert error.value.where == "crm/1"
    assert ledger.cut().facts == 1
    with pytest.raises(Conflict, match="row 0"):
        ledger.record([facts("5", [deal("a")]), facts("5", [deal("b")])])
    assert ledger.cut().facts == 1


def test_large_batches_are_chunks_of_one_transaction(ledger):
    rows = CHUNK_ROWS + 5
    large = pa.table(
        {
            "deal_id": [f"D-{number}" for number in range(rows)],
            "occurred_at": pa.repeat("2026-01-01T00:00:00Z", rows),
            "amount": pa.repeat(1, rows),
        }
    )
    batch = Batch(DEAL, table(large), "crm", "1")
    [receipt] = ledger.record([batch])
    assert (receipt.rows, receipt.chunks, receipt.position) == (rows, 2, 2)
    assert ledger.record([batch])[0] == evolve(receipt, duplicate=True)
    with pytest.raises(Conflict, match=f"the number of rows is {CHUNK_ROWS}"):
        ledger.record([evolve(batch, table=batch.table.slice(0, CHUNK_ROWS))])
    ledger.record([facts("2", [deal(f"D-{CHUNK_ROWS}", 7)])])
    resolved = ledger.resolved(DEAL, ledger.cut(), ["deal_id", "amount"])
    assert resolved.num_rows == rows
    assert resolved.slice(CHUNK_ROWS).to_pylist()[0] == {
        "deal_id": f"D-{CHUNK_ROWS + 1}",
        "amount": Decimal(1),
        "source": "crm",
        "kpi_position": 2,
        "kpi_row": 1,
    }
    assert [(header.chunk, header.chunks, header.rows) for header in ledger.headers()] == [
        (1, 2, CHUNK_ROWS),
        (2, 2, 5),
        (1, 1, 1),
    ]


def test_headers_say_everything_but_the_rows(ledger):
    ledger.record(
        [
            facts("1", [deal("a")], by="anna", correlation="job-7", complete_until=5),
            retraction("2", ["a"], reason="test"),
            facts("3", [], fact_type=PLAN),
        ]
    )
    [deals, taken, plans] = ledger.headers()
    assert (deals.by, deals.correlation, deals.complete_until, deals.kind, deals.version) == (
        "anna",
        "job-7",
        5,
        "facts",
        "1.0",
    )
    assert (taken.kind, taken.reason, taken.rows) == ("retraction", "test", 1)
    assert len({deals.salt, taken.salt, plans.salt}) == 3
    assert [header.position for header in ledger.headers(fact_type="plan_set")] == [3]
    assert [header.position for header in ledger.headers(ledger.cut(2))] == [1, 2]


def test_the_highest_complete_until_of_each_source_and_type_counts(ledger):
    ledger.record([facts("1", [], complete_until=50), facts("2", [], complete_until=20), facts("3", [])])
    ledger.record([facts("1", [], source="erp", complete_until=10), facts("4", [], fact_type=PLAN, complete_until=7)])
    assert ledger.complete_until(ledger.cut()) == {
        ("crm", "deal_won"): 50,
        ("erp", "deal_won"): 10,
        ("crm", "plan_set"): 7,
    }
    assert ledger.complete_until(ledger.cut(0)) == {}


def test_facts_more_than_a_day_in_the_future_are_refused_by_the_clock(ledger):
    def at(microseconds):
        moment = pa.scalar(microseconds, pa.timestamp("us", "UTC"))
        return pa.table({"deal_id": ["a"], "occurred_at": pa.array([moment]), "amount": [1]})

    assert ledger.latest_plausible() == NOW + 1_000_000 + TOLERANCE_US
    soon = Batch(DEAL, table(at(NOW + TOLERANCE_US)), "crm", "1")
    far = Batch(DEAL, table(at(NOW + 2 * TOLERANCE_US)), "crm", "2")
    ledger.record([soon])
    with pytest.raises(InvalidInput, match="more than a day in the future") as error:
        ledger.record([far])
    assert error.value.rows[0].column == "occurred_at"
    assert ledger.cut().facts == 1


def test_tables_that_were_not_checked_are_refused(ledger):
    for broken in (
        pa.table({"deal_id": ["a"]}),
        [deal("a")],
        pa.table([pa.array([None], "string")], names=["deal_id"]),
    ):
        with pytest.raises(InvalidInput, match="check_rows"):
            ledger.record([Batch(DEAL, broken, "crm", "1")])
    with pytest.raises(InvalidInput, match="check_keys"):
        ledger.record(
            [Batch(DEAL, pa.table([pa.array([None], "string")], names=["deal_id"]), "crm", "1", "retraction")]
        )


@pytest.mark.parametrize(
    "parts",
    [
        {"source": ""},
        {"source": "a\0b"},
        {"batch_key": "x" * 501},
        {"batch_key": None},
        {"by": "a\nb"},
        {"kind": "other"},
        {"complete_until": "2026-01-01"},
        {"complete_until": 2**60},
        {"reason": "x" * 10_001},
        {"reason": "\ud800"},
    ],
)
def test_names_that_cannot_be_kept_are_refused(parts):
    with pytest.raises(InvalidInput):
        Batch(**{"fact_type": DEAL, "table": table([]), "source": "crm", "batch_key": "1", **parts})


def test_a_later_minor_version_reads_what_was_stored_before(ledger):
    ledger.record([facts("1", [deal("a", note="kept")])])
    fields = {**DEAL.fields, "region": Field("id"), "fee": Field("money", default="1.5")}
    later = evolve(DEAL, fields=fields, version="1.1")
    ledger.record([facts("2", [deal("b", region="north")], fact_type=later)])
    cut = ledger.cut()
    assert ledger.resolved(later, cut, ["region", "fee"]).drop_columns(["kpi_row", "source"]).to_pylist() == [
        {"region": None, "fee": Decimal("1.5"), "kpi_position": 1},
        {"region": "north", "fee": Decimal("1.5"), "kpi_position": 2},
    ]
    assert "region" not in ledger.resolved(DEAL, cut).column_names
    assert ledger.resolved(DEAL, cut, ["region"])["region"].to_pylist() == [None, "north"]
    assert ledger.record([facts("1", [deal("a", note="kept")], fact_type=later)])[0].duplicate
    with pytest.raises(Conflict, match="region"):
        ledger.record([facts("2", [deal("b")])])
    changed = FactType("deal_won", title="deals", key="deal_id", fields={**DEAL.fields, "note": Field("integer")})
    with pytest.raises(InvalidDefinition, match="note is stored as string"):
        ledger.resolved(changed, cut)


KEYS = st.sampled_from("abcde")
ROWS = st.lists(st.tuples(KEYS, st.integers(0, 99)), max_size=5)
STEP = st.tuples(
    st.sampled_from(["facts", "facts", "facts", "retraction", "again"]), st.sampled_from(["crm", "erp"]), ROWS
)


@settings(max_examples=25)
@given(st.lists(st.lists(STEP, min_size=1, max_size=3), max_size=8))
def test_every_cut_reads_like_a_plain_dictionary(calls):
    """Record, repeat, correct and retract in any order; at each position the ledger says what a dictionary says."""
    model, at = {}, {0: {}}
    recorded = []
    with Ledger.open(":memory:", clock=Clock()) as ledger:
        for call, steps in enumerate(calls):
            batches = []
            for place, (kind, source, rows) in enumerate(steps):
                key = f"{call}.{place}"
                if kind == "again" and recorded:
                    batches.append(recorded[len(rows) % len(recorded)])
                elif kind == "retraction":
                    batches.append(retraction(key, [name for name, _ in rows], source=source))
                else:
                    batches.append(facts(key, [deal(name, amount) for name, amount in rows], source=source))
            for batch, receipt in zip(batches, ledger.record(batches), strict=True):
                assert receipt.duplicate == (batch in recorded)
                if receipt.duplicate:
                    continue
                recorded.append(batch)
                for row in batch.table.to_pylist():
                    identity = (batch.source, row["deal_id"])
                    model.pop(identity, None)
                    if batch.kind == "facts":
                        model[identity] = int(row["amount"])
                at[receipt.position] = dict(model)
        for position, expected in at.items():
            cut = ledger.cut(position)
            assert amounts(ledger, cut) == expected
            places = ledger.resolved(DEAL, cut, []).to_pylist()
            assert places == sorted(places, key=lambda row: (row["kpi_position"], row["kpi_row"]))
        stored = Counter(row["kpi_kind"] for row in ledger.history(DEAL, ledger.cut()).to_pylist())
        assert stored == Counter(batch.kind for batch in recorded for _ in range(batch.table.num_rows))
