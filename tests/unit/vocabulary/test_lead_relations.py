from typing import Any

from tests.unit.vocabulary.tables import run


def lead(lead_id: str, day: str, contact: str | None = "c", **more: Any) -> dict[str, Any]:
    return {"lead_id": lead_id, "occurred_at": day, "contact_key": contact, **more}


def test_a_lead_counts_if_its_contact_had_none_in_the_days_before() -> None:
    leads = [lead("1", "2026-01-01"), lead("2", "2026-03-01"), lead("3", "2026-05-30"), lead("4", "2026-08-28")]
    # 59 days, then exactly 90, then 90 again
    assert run("lead", {"lead_created": leads}, "lead_id") == [("1",), ("3",), ("4",)]
    assert run("lead", {"lead_created": leads}, "lead_id", dedupe="30d") == [("1",), ("2",), ("3",), ("4",)]


def test_leads_without_contact_are_never_merged() -> None:
    leads = [lead("1", "2026-01-01", None), lead("2", "2026-01-01", None)]
    assert run("lead", {"lead_created": leads}, "lead_id") == [("1",), ("2",)]
    assert run("lead_thread", {"lead_created": leads}, "lead_id, root_lead_id") == [("1", "1"), ("2", "2")]


def test_at_one_instant_the_key_decides_whatever_the_order_of_rows() -> None:
    leads = [lead("2", "2026-01-01"), lead("1", "2026-01-01", source="b"), lead("1", "2026-01-01", source="a")]
    for rows in (leads, leads[::-1]):
        assert run("lead", {"lead_created": rows}, "lead_id, source") == [("1", "a")]


def test_a_thread_leads_back_to_its_first_lead() -> None:
    leads = [lead("1", "2026-01-01"), lead("2", "2026-03-01"), lead("3", "2026-12-01"), lead("4", "2026-12-01", "d")]
    found = run("lead_thread", {"lead_created": leads}, "lead_id, root_lead_id")
    assert found == [("1", "1"), ("2", "1"), ("3", "3"), ("4", "4")]


def test_the_last_verdict_in_time_counts() -> None:
    def verdict(number: str, lead_id: str, day: str, valid: bool | None) -> dict[str, Any]:
        return {"qualification_id": number, "lead_id": lead_id, "occurred_at": day, "valid": valid}

    facts = {
        "lead_created": [lead(str(n), "2026-01-01", str(n)) for n in range(1, 6)],
        "lead_qualified": [
            verdict("a", "1", "2026-01-02", False),
            verdict("b", "1", "2026-01-08", True),  # seven days after, to the microsecond
            verdict("c", "2", "2026-01-03", True),
            verdict("d", "2", "2026-01-09", False),  # too late
            verdict("e", "3", "2026-01-03", None),  # undecided
            verdict("f", "4", "2026-01-03", False),
        ],
    }
    assert run("lead_verdict", facts, "lead_id, decided, valid") == [
        ("1", True, True),
        ("2", True, True),
        ("3", False, False),
        ("4", True, False),
        ("5", False, False),
    ]


def test_deals_of_duplicates_belong_to_the_first_lead() -> None:
    facts = {
        "lead_created": [lead("1", "2026-01-01", channel_id="ads"), lead("2", "2026-02-01", channel_id="mail")],
        "deal_won": [
            {"deal_id": "d", "lead_id": "2", "occurred_at": "2026-02-03", "amount": 5},
            {"deal_id": "e", "lead_id": "9", "occurred_at": "2026-02-03", "amount": 5},
        ],
    }
    assert run("lead_deal", facts, "deal_id, lead_id, channel_id") == [("d", "1", "ads")]


def test_a_deal_counts_once_even_if_two_sources_use_one_lead_id() -> None:
    facts = {
        "lead_created": [lead("1", "2026-01-01", "c", source="a"), lead("1", "2026-01-01", "d", source="s")],
        "deal_won": [{"deal_id": "d", "lead_id": "1", "occurred_at": "2026-02-03", "amount": 5}],
    }
    assert run("lead_deal", facts, "deal_id, lead_source") == [("d", "s")]


def test_the_first_tier_is_the_lead_s_or_the_customer_s_then_or_soon_after() -> None:
    def tiering(customer: str, day: str, tier: str) -> dict[str, Any]:
        return {"customer_id": customer, "effective_from": day, "occurred_at": day, "tier": tier}

    facts = {
        "lead_created": [
            lead("own", "2026-03-01", "a", tier="hnw"),
            lead("then", "2026-03-01", "b"),
            lead("soon", "2026-03-01", "c"),
            lead("late", "2026-03-01", "d"),
            lead("none", "2026-03-01", "e"),
        ],
        "identity_linked": [
            {"kind": "contact", "id": contact, "customer_id": contact.upper(), "occurred_at": "2026-01-01"}
            for contact in "abcd"
        ],
        "customer_tiered": [
            tiering("A", "2026-01-01", "mass"),
            tiering("B", "2026-01-01", "mass"),
            tiering("B", "2026-02-01", "hnw"),
            tiering("B", "2026-03-02", "mass"),
            tiering("C", "2026-03-08", "hnw"),
            tiering("D", "2026-03-09", "hnw"),
        ],
    }
    assert run("tiered_lead", facts, "lead_id, first_tier") == [
        ("late", None),
        ("none", None),
        ("own", "hnw"),
        ("soon", "hnw"),
        ("then", "hnw"),
    ]
