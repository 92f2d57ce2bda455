"""Signings that held, partners under contract, and regions as listed."""

from typing import Any

from tests.unit.vocabulary.tables import at, run


def signed(number: str, partner: str, **more: Any) -> dict[str, Any]:
    return {"signing_id": number, "partner_id": partner, "region_id": "r1", "occurred_at": "2026-03-01", **more}


def ended(partner: str, day: str, region: str | None = "r1") -> dict[str, Any]:
    return {"termination_id": f"{partner} {day}", "partner_id": partner, "region_id": region, "occurred_at": day}


FACTS = {
    "partner_signed": [
        signed("1", "kept", region_level="county", hq_id="chain"),
        signed("2", "gone", region_level="county"),
        signed("3", "later", region_level="county"),
        signed("4", "again", region_level="county", renewal=True),
        signed("5", "listed"),
        signed("6", "everywhere", region_level="county"),
        signed("7", "elsewhere", region_level="county"),
    ],
    "partner_terminated": [
        ended("gone", "2026-03-31"),
        ended("later", "2026-03-31T00:00:01"),
        ended("everywhere", "2026-03-02", None),
        ended("elsewhere", "2026-03-02", "r2"),
        ended("kept", "2026-02-01"),
    ],
    "region_listed": [
        {"region_id": "r1", "effective_from": day, "occurred_at": day, "region_level": level, "addressable": True}
        for day, level in (("2026-01-01", "county"), ("2026-06-01", "city"))
    ],
}


def test_renewals_and_what_is_soon_terminated_are_no_signings() -> None:
    assert run("signing", FACTS, "partner_id, chain_id, region_level") == [
        ("elsewhere", "elsewhere", "county"),
        ("kept", "chain", "county"),
        ("later", "later", "county"),
        ("listed", "listed", "county"),
    ]


def test_a_partner_is_under_contract_until_the_first_termination_after_signing() -> None:
    found = dict(run("partner_term", FACTS, "partner_id, valid_to"))
    assert found["kept"] is None
    assert found["everywhere"] == at("2026-03-02")
    assert found["again"] is None
    assert found["later"] == at("2026-03-31") + 1_000_000


def test_a_region_is_as_it_was_listed_last() -> None:
    assert run("region", FACTS, "region_level, valid_from, valid_to") == [
        ("city", at("2026-06-01"), None),
        ("county", at("2026-01-01"), at("2026-06-01")),
    ]


def test_a_partner_s_answer_carries_the_value_of_the_latest_contract_before_it() -> None:
    def contract(number: str, day: str, value: int | None) -> dict[str, Any]:
        return signed(number, "A", contract_value=value, occurred_at=day)

    facts = {
        "partner_signed": [
            contract("1", "2026-01-01", 100),
            contract("2", "2026-02-01", 300),
            contract("3", "2026-02-02", None),
            contract("4", "2026-03-02", 900),
        ],
        "survey_answered": [
            {
                "answer_id": who,
                "respondent_id": who,
                "kind": kind,
                "score": 3,
                "scale_min": 1,
                "scale_max": 5,
                "occurred_at": "2026-03-01",
            }
            for who, kind in (("A", "partner"), ("B", "partner"), ("C", "nps"))
        ],
    }
    assert run("partner_answer", facts, "respondent_id, contract_value, points") == [("A", 300, 50), ("B", None, 50)]
