"""What is kept of results: later facts have only the windows measured again that they touch."""

from datetime import UTC, datetime

import pytest

from kpicore import count, distinct, duration, total, within
from kpicore.definitions.cards.scorecards import Organisation
from kpicore.evaluation.measuring import kept as module
from kpicore.evaluation.measuring.kept import Kept
from kpicore.evaluation.measuring.measure import Request, measure
from kpicore.evaluation.world import World
from kpicore.ledger.records import Batch
from kpicore.ledger.rows import check_keys, check_rows
from kpicore.ledger.store import Ledger
from tests.unit.evaluation.worlds import ENGINE, book, indicator

SERIES = "2026-01..2026-04"
LEADS = indicator(count("lead_created"), name="test.leads")
DEALS = indicator(total("deal_won", "amount"), name="test.deals", levels=("person", "team", "company"))
CONTACTS = indicator(distinct("lead_created", "contact_key"), name="test.contacts")
MET = indicator(
    count("lead_created", match=within("deal_won", "lead_id", "$h")), name="test.met", params={"h": duration("30d")}
)
RIPE = indicator(count("lead_created", matures="30d", young="drop"), name="test.ripe")
ALL = (LEADS, DEALS, CONTACTS, MET, RIPE)
BOOK = book(*ALL)


class Watched(Kept):
    """Results that tell which windows were measured."""

    def __init__(self, **options):
        super().__init__(**options)
        self.months = []

    def rows(self, world, dependence, frame, measure):
        def watched(frame):
            self.months += [datetime.fromtimestamp(span.start // 10**6, UTC).month for span in frame.spans]
            return measure(frame)

        return super().rows(world, dependence, frame, watched)

    def asked(self):
        months, self.months = sorted(set(self.months)), []
        return months


class Growing:
    def __init__(self, definitions=BOOK, organisation=None, **options):
        self.now = 1_800_000_000_000_000
        self.ledger = Ledger.open(":memory:", clock=lambda: self.now)
        self.kept, self.definitions, self.batches = Watched(**options), definitions, 0
        self.rules = (organisation or Organisation("UTC", 1, None),)

    def record(self, fact_type, *rows, gone=False):
        self.batches += 1
        kind = BOOK.fact_types[fact_type]
        table, refused = (check_keys if gone else check_rows)(kind, list(rows))
        assert not refused
        more = {"kind": "retraction", "reason": "wrong"} if gone else {}
        self.ledger.record([Batch(kind, table, "crm", f"batch {self.batches}", **more)])

    def world(self, kept):
        return World(self.ledger, self.ledger.cut(), self.definitions, ENGINE, self.rules, kept=kept)

    def measured(self, one, level="person", series=SERIES):
        """What is measured, which months for it; the same as afresh."""
        documents = []
        for kept in (self.kept, None):
            world = self.world(kept)
            (found,) = measure(world, [Request(one.id)], world.calendar.series(series), level)
            documents.append(found.to_document())
        assert documents[0] == documents[1]
        return self.kept.asked()


def lead(number, at, **more):
    return {
        "lead_id": f"L{number}",
        "contact_key": f"K{number}",
        "occurred_at": f"{at}T00:00:00Z",
        "owner_id": "ann",
        **more,
    }


def deal(number, at, **more):
    return {
        "deal_id": f"D{number}",
        "lead_id": f"L{number}",
        "occurred_at": f"{at}T00:00:00Z",
        "owner_id": "ann",
        "amount": "5",
        **more,
    }


@pytest.fixture
def growing():
    found = Growing()
    found.record("lead_created", *(lead(n, f"2026-0{n}-10") for n in (1, 2, 3, 4)))
    found.record("deal_won", *(deal(n, f"2026-0{n}-20") for n in (1, 2, 3, 4)))
    yield found
    found.ledger.close()


def test_nothing_is_measured_twice(growing):
    assert growing.measured(LEADS) == [1, 2, 3, 4]
    assert growing.measured(LEADS) == []
    assert growing.measured(LEADS, series="2026-02") == []
    assert growing.measured(LEADS, series="2026-04..2026-05") == [5]
    assert growing.measured(LEADS, series="2026-01..2026-05") == []


def test_late_facts_corrections_and_retractions_touch_where_they_are_and_were(growing):
    growing.measured(LEADS)
    growing.record("lead_created", lead(9, "2026-02-03"))
    assert growing.measured(LEADS) == [2]
    growing.record("lead_created", lead(9, "2026-04-03"))
    assert growing.measured(LEADS) == [2, 4]
    growing.record("lead_created", {"lead_id": "L9"}, gone=True)
    assert growing.measured(LEADS) == [4]
    growing.record("deal_won", deal(9, "2026-02-03"))
    assert growing.measured(LEADS) == []


def test_a_deal_touches_the_leads_that_it_may_convert_and_those_that_come_after_it(growing):
    growing.measured(MET)
    growing.record("deal_won", deal(1, "2026-03-05"))  # it was on 20 January
    months = growing.measured(MET)
    assert months == [1, 2, 3, 4]
    growing.record("deal_won", deal(4, "2026-05-25"))  # it was on 20 April
    assert growing.measured(MET) == [3, 4]


def test_assignments_touch_teams_everywhere_and_persons_nowhere(growing):
    growing.measured(DEALS), growing.measured(DEALS, "team")
    growing.record(
        "employee_assigned",
        {
            "employee_id": "ann",
            "team_id": "t",
            "effective_from": "2026-03-01T00:00:00Z",
            "occurred_at": "2026-03-01T00:00:00Z",
        },
    )
    assert growing.measured(DEALS) == []
    assert growing.measured(DEALS, "team") == [1, 2, 3, 4]


def test_rates_touch_money_everywhere():
    growing = Growing(organisation=Organisation("UTC", 1, "TWD"))
    growing.record("deal_won", deal(1, "2026-01-20", currency="USD"))
    growing.measured(DEALS)
    growing.record(
        "exchange_rate_set",
        {
            "currency": "USD",
            "base_currency": "TWD",
            "rate": "31.5",
            "effective_from": "2025-01-01T00:00:00Z",
            "occurred_at": "2025-01-01T00:00:00Z",
        },
    )
    assert growing.measured(DEALS) == [1, 2, 3, 4]
    growing.ledger.close()


def test_what_ripens_between_two_cuts_is_measured_again():
    growing = Growing()
    growing.now = 1_773_500_000_000_000  # 14 March 2026: leads until 12 February are ripe
    growing.record("lead_created", *(lead(n, f"2026-0{n}-{d}") for n, d in ((1, 20), (2, 10), (2, 20), (3, 10))))
    growing.measured(RIPE)
    growing.now = 1_774_700_000_000_000  # 28 March: until 26 February
    growing.record("visit_started", {"session_id": "s", "occurred_at": "2026-03-28T00:00:00Z"})
    assert growing.measured(RIPE) == [2]
    growing.ledger.close()


def test_another_meaning_is_another_result(growing):
    growing.measured(LEADS)
    growing.definitions = book(indicator(count("lead_created", where="contact_key <> 'K2'"), name="test.leads"))
    assert growing.measured(growing.definitions.indicators["test.leads"]) == [1, 2, 3, 4]


def test_titles_of_fact_types_are_no_reason_to_forget_nor_is_another_order_of_requests(growing):
    world = growing.world(growing.kept)
    periods = world.calendar.series(SERIES)
    measure(world, [Request(LEADS.id), Request(CONTACTS.id)], periods)
    assert growing.kept.asked() == [1, 2, 3, 4]
    measure(growing.world(growing.kept), [Request(LEADS.id), Request(CONTACTS.id)], periods)
    assert growing.kept.asked() == []


def test_an_earlier_cut_is_measured_by_itself(growing):
    early = growing.ledger.cut()
    growing.record("lead_created", lead(9, "2026-02-03"))
    growing.measured(LEADS)
    old = World(growing.ledger, early, BOOK, ENGINE, growing.rules, kept=growing.kept)
    (found,) = measure(old, [Request(LEADS.id)], old.calendar.series(SERIES))
    assert [int(value) for value in found.value] == [1, 1, 1, 1]
    assert growing.kept.asked() == [1, 2, 3, 4]
    assert growing.measured(LEADS) == []


def test_other_tables_than_the_ledgers_are_kept_nowhere(growing):
    world = growing.world(growing.kept)
    assert world.derive().kept is growing.kept
    assert world.derive(tables={"deal_won": world.table("deal_won")}).kept is None


def test_where_very_much_has_come_everything_is_measured_again(growing, monkeypatch):
    growing.measured(LEADS)
    monkeypatch.setattr(module, "MOST_MOVED", 0)
    growing.record("lead_created", lead(9, "2026-02-03"))
    assert growing.measured(LEADS) == [1, 2, 3, 4]


def test_no_more_is_kept_than_there_is_room_for():
    growing = Growing(limit=0)
    growing.record("lead_created", lead(1, "2026-01-20"))
    assert growing.measured(LEADS) == growing.measured(LEADS) == [1, 2, 3, 4]
    growing.ledger.close()
