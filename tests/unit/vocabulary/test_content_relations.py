"""Contents as first published, what snapshots say of them, and how they were judged."""

from typing import Any

from tests.unit.vocabulary.tables import at, run

PUBLISHED = "2026-03-10"


def content(name: str, **more: Any) -> dict[str, Any]:
    return {"content_id": name, "owner_id": "ann", "occurred_at": PUBLISHED, **more}


def snapshot(name: str, day: int, **numbers: Any) -> dict[str, Any]:
    return {"content_id": name, "snapshot": str(day), "occurred_at": f"2026-03-{day:02}", **numbers}


def test_a_content_is_known_as_it_was_published_first() -> None:
    facts = {
        "content_published": [
            content("a", platform="copy", source="z"),
            content("a", platform="first", author_id="bo", source="b"),
            content("a", platform="early", occurred_at="2026-03-09", source="y"),
        ]
    }
    assert run("known_content", facts, "platform, author_id") == [("early", "ann")]


def test_reposts_and_what_was_soon_withdrawn_are_no_output() -> None:
    def withdrawn(name: str, time: str) -> dict[str, Any]:
        return {"content_id": name, "occurred_at": time}

    facts = {
        "content_published": [*map(content, "abcd"), content("e", repost=True), content("f", repost=False)],
        "content_withdrawn": [
            withdrawn("a", "2026-03-11"),
            withdrawn("b", "2026-03-11T00:00:01"),
            withdrawn("c", "2026-03-09"),
        ],
    }
    assert run("content_output", facts, "content_id") == [("b",), ("c",), ("d",), ("f",)]
    assert run("content_output", facts, "content_id", withdrawal="23h") == [("a",), ("b",), ("c",), ("d",), ("f",)]


def test_the_last_review_in_time_by_somebody_else_decides() -> None:
    def review(name: str, day: int, **said: Any) -> dict[str, Any]:
        own = {"review_id": f"{name} {day}", "content_id": name, "reviewer_id": "bo", "occurred_at": f"2026-03-{day}"}
        return {**own, "on_brand": True, "rating": 5, **said}

    facts = {
        "content_published": [*map(content, "abcdefg")],
        "content_reviewed": [
            *(review("a", 11), review("a", 24, rating=3), review("a", 25)),
            *(review("b", 11, rating=3), review("b", 12)),
            review("c", 11, reviewer_id="ann"),
            review("d", 11, reviewer_id=None),
            *(review("e", 11), review("e", 12, rating=None), review("e", 13, on_brand=None)),
            review("f", 11, rating=None, on_brand=False),
        ],
    }
    assert run("content_verdict", facts, "content_id, decided, quality") == [
        ("a", True, False),
        ("b", True, True),
        ("c", False, False),
        ("d", False, False),
        ("e", True, True),
        ("f", True, False),
        ("g", False, False),
    ]
    assert run("content_verdict", facts, "quality", verdict="1d", rating="3")[:2] == [(False,), (False,)]


def test_gains_are_since_the_snapshot_before_that_told_the_number() -> None:
    facts = {
        "content_published": [content("a")],
        "content_measured": [
            snapshot("a", 11, likes=30),
            snapshot("a", 12),
            snapshot("a", 13, likes=20),
            snapshot("a", 14, likes=26, saves=2),
            snapshot("unknown", 14, likes=5),
        ],
    }
    gains = run("content_gain", facts, "content_id, snapshot, likes, saves, author_id")
    assert gains == [
        ("a", "11", 30, None, "ann"),
        ("a", "12", None, None, "ann"),
        ("a", "13", 0, None, "ann"),
        ("a", "14", 6, 2, "ann"),
        ("unknown", "14", 5, None, None),
    ]


def test_numbers_of_a_content_are_those_of_its_first_days() -> None:
    facts = {
        "content_published": [content("a"), content("b")],
        "content_measured": [
            snapshot("a", 9, likes=4, followers=900),
            snapshot("a", 10, likes=5, reach=3),
            snapshot("a", 12, likes=9, reach=7, followers=1000),
            snapshot("a", 13, likes=12, reach=6, followers=1100),
            snapshot("a", 20, likes=50, reach=50, followers=1200),
        ],
    }
    found = run("content_stat", facts, "content_id, likes, reads, reach, followers", days="3d")
    assert found == [("a", 8, None, 7, 1000), ("b", None, None, None, None)]


def test_views_of_contents_know_the_author_and_leave_bots_out() -> None:
    def view(number: int, **more: Any) -> dict[str, Any]:
        return {"view_id": str(number), "occurred_at": PUBLISHED, **more}

    facts = {
        "content_published": [content("a", team_id="brand")],
        "page_viewed": [
            view(1, content_id="a", bot=False),
            view(2, content_id="a", bot=True),
            view(3, page="home"),
            view(4, content_id="unknown"),
        ],
    }
    found = run("content_view", facts, "view_id, author_id, content_team_id")
    assert found == [("1", "ann", "brand"), ("4", None, None)]


def test_spend_on_contents_can_be_spread_where_they_last() -> None:
    def spend(number: int, **more: Any) -> dict[str, Any]:
        return {"spend_id": str(number), "amount": 100, "owner_id": "cy", "occurred_at": PUBLISHED, **more}

    facts = {
        "content_published": [content("a", type="guide"), content("b", type="post")],
        "spend_booked": [
            spend(1, content_id="a"),
            spend(2, content_id="b"),
            spend(3, cost_type="production"),
            spend(4, cost_type="media"),
        ],
    }
    booked, day = at(PUBLISHED), 86_400_000_000
    columns = "spend_id, author_id, valid_from, valid_to"
    assert run("content_spend", facts, columns, amortise="2d") == [
        ("1", "ann", booked, booked + 2 * day),
        ("2", "ann", booked, booked + 1),
        ("3", "cy", booked, booked + 1),
    ]
    assert run("content_spend", facts, "valid_to")[0] == (booked + 1,)


def test_merit_is_the_percentile_among_the_contents_before() -> None:
    names = "abcdefg"

    def published(day: int, name: str) -> dict[str, Any]:
        return content(name, platform="site", occurred_at=f"2026-03-{day:02}")

    facts = {
        "content_published": [published(day, name) for day, name in enumerate(names, 1)],
        "content_measured": [
            snapshot(name, 20, reads=reads) for name, reads in zip(names, [10, 40, 30, 20, 45, 50, 50], strict=True)
        ],
        "content_reviewed": [
            {
                "review_id": name,
                "content_id": name,
                "reviewer_id": "bo",
                "on_brand": name != "f",
                "occurred_at": "2026-03-25",
            }
            for name in names
        ],
    }
    found = run("content_merit", facts, "content_id, decided, quality")
    assert found[:4] == [(name, False, False) for name in "abcd"]
    assert found[4:] == [("e", True, True), ("f", True, False), ("g", True, True)]
    nearer = run("content_merit", facts, "content_id, decided", peers="5d", fewest="6")
    assert [name for name, decided in nearer if decided] == ["f", "g"]
