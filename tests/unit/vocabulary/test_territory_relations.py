"""Channels that are tried for the first time."""

from tests.unit.vocabulary.tables import run


def test_a_channel_is_new_if_it_brought_nothing_and_was_not_tried_for_a_year() -> None:
    def trial(number: str, channel: str | None, day: str = "2026-03-01") -> dict[str, object]:
        return {"trial_id": number, "channel_id": channel, "occurred_at": day}

    facts = {
        "channel_trial_started": [
            trial("1", "fresh"),
            trial("2", "fresh", "2026-03-02"),
            trial("3", "led"),
            trial("4", "sold"),
            trial("5", "long ago"),
            trial("6", None),
        ],
        "channel_trial_concluded": [{"trial_id": "1", "occurred_at": "2026-03-20"}],
        "lead_created": [
            {"lead_id": "1", "channel_id": "led", "occurred_at": "2025-03-01"},
            {"lead_id": "2", "channel_id": "long ago", "occurred_at": "2025-02-28"},
            {"lead_id": "3", "channel_id": "fresh", "occurred_at": "2026-03-01"},
        ],
        "order_paid": [{"order_id": "1", "channel_id": "sold", "gross": 5, "occurred_at": "2026-02-01"}],
    }
    assert run("new_channel_trial", facts, "trial_id") == [("1",), ("5",)]
    assert run("new_channel_trial", facts, "trial_id", unused="360d") == [("1",), ("3",), ("5",)]
