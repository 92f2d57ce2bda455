"""Content indicators, counted a second time by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from kpicore.definitions.indicators import LEVELS
from kpicore.evaluation.measuring.measure import Request, measure
from kpicore_content import provide_definitions
from tests.oracles.agreement import Case, disagreements, indicators
from tests.oracles.books import Books
from tests.oracles.desk import DAY, HOUR, PERIODS, ZONE, Row, Tally, local, periods_of
from tests.oracles.studio import NUMBERS, Studio
from tests.unit.evaluation.worlds import SmallWorld

INDICATORS = indicators(provide_definitions())

MODELS = ("last", "first", "linear", "u", "decay")
COUNTERS = [name for name in NUMBERS if name not in ("reach", "followers")]


def published(books: Books) -> list[Row]:
    """Each content as it was first published."""
    first: dict[str, Row] = {}
    for row in sorted(books.rows["content_published"], key=lambda row: (row["occurred_at"], row["source"])):
        first.setdefault(row["content_id"], {**row, "author_id": row["author_id"] or row["owner_id"]})
    return list(first.values())


def output(books: Books) -> Iterator[Row]:
    """What counts as output."""
    for row in published(books):
        after = [out["occurred_at"] - row["occurred_at"] for out in of(books, "content_withdrawn", row)]
        if not row["repost"] and not any(0 <= gone <= 24 * HOUR for gone in after):
            yield row


def of(books: Books, fact_type: str, content: Row) -> list[Row]:
    return [row for row in books.rows[fact_type] if row["content_id"] == content["content_id"]]


def reviews(books: Books, content: Row, rules: tuple[str, ...] | None) -> list[Row]:
    """Reviews of a content by some rules, in order."""
    own = [row for row in of(books, "content_reviewed", content) if rules is None or row["rule_version"] in rules]
    return sorted(own, key=lambda row: (row["occurred_at"], row["review_id"]))


def verdict(books: Books, content: Row, rules: tuple[str, ...] | None) -> bool | None:
    """Whether a content is good; None where nobody has said so in time."""
    latest = None
    for row in reviews(books, content, rules):
        reviewer = row["reviewer_id"] or row["owner_id"]
        if reviewer is None or reviewer == content["author_id"]:
            continue
        if row["occurred_at"] > content["occurred_at"] + 14 * DAY:
            continue
        on_brand, rating = row["on_brand"], row["rating"]
        if on_brand is False or (rating is not None and rating < 4):
            latest = False
        elif on_brand and rating is not None:
            latest = True
    return latest


def merit(books: Books, content: Row, percentile: int, rules: tuple[str, ...] | None) -> bool | None:
    """Whether a content is good by its reads; None where nobody says that it is on brand, or peers are too few."""
    on_brand = None
    for row in reviews(books, content, rules):
        reviewer = row["reviewer_id"] or row["owner_id"]
        in_time = row["occurred_at"] <= content["occurred_at"] + 30 * DAY
        if reviewer not in (None, content["author_id"]) and row["on_brand"] is not None and in_time:
            on_brand = row["on_brand"]
    own = reached(books, content, 30).get("reads")
    peers = [
        reached(books, other, 30).get("reads")
        for other in published(books)
        if other["platform"] == content["platform"] and 0 <= content["occurred_at"] - other["occurred_at"] <= 90 * DAY
    ]
    read = [reads for reads in peers if reads is not None]
    if on_brand is None or own is None or len(read) < 5:
        return None
    return on_brand and 100 * sum(reads <= own for reads in read) >= percentile * len(read)


def judged(books: Books, content: Row, rule: str = "rating", **more: Any) -> bool | None:
    rules = more["rules"] if more.get("reviews") == "pinned" else None
    return verdict(books, content, rules) if rule == "rating" else merit(books, content, 50, rules)


def gains(books: Books, content: Row) -> Iterator[tuple[Row, dict[str, int]]]:
    """Snapshots of a content, with what each counter grew by."""
    last: dict[str, int] = {}
    for row in sorted(of(books, "content_measured", content), key=lambda r: (r["occurred_at"], r["snapshot"])):
        told = {name: row[name] for name in COUNTERS if name in row}
        yield row, {name: max(value - last.get(name, 0), 0) for name, value in told.items()}
        last.update(told)


def reached(books: Books, content: Row, days: int) -> dict[str, int]:
    """What a content reached in its first days; without what nobody told."""
    found: dict[str, int] = defaultdict(int)
    for row, grown in gains(books, content):
        if 0 <= row["occurred_at"] - content["occurred_at"] <= days * DAY:
            for name, value in grown.items():
                found[name] += value
            if "reach" in row:
                found["reach"] = max(found["reach"], row["reach"])
            if "followers" in row:
                found.setdefault("followers", row["followers"])
    return dict(found)


def placed(row: Row, credit: Row) -> Row:
    """A row with what is known of its content."""
    content = {"platform": credit.get("platform"), "content_type": credit.get("type")}
    return {**row, "author_id": credit.get("author_id"), "content_team_id": credit.get("team_id"), **content}


def credited(books: Books, tally: Tally, model: str, side: int, unit: str = "lead") -> None:
    """Credit of contents for leads, orders or new customers."""
    known = {row["content_id"]: row for row in published(books)}
    rows: list[Row] = books.leads
    if unit != "lead":
        rows = books.first_orders if unit == "customer" else [order for order in books.orders if order["kept"]]
    for row in rows:
        for through, share in (books.credit if unit == "lead" else books.order_credit)(row, model):
            for period in periods_of(row["occurred_at"]):
                if through.get("content_id") is not None:
                    tally.add(side, period, placed(through, known.get(through["content_id"], {})), share)


def official_account_lead_share(books: Books, tally: Tally, model: str = "last") -> None:
    known = {row["content_id"]: row for row in published(books)}
    for lead in books.leads:
        for period in periods_of(lead["occurred_at"]):
            tally.whole(period)
            for through, share in books.credit(lead, model):
                content = known.get(through["content_id"], {})
                if content.get("platform") == "wechat_oa":
                    tally.add(0, period, placed(through, content), share)


def content_acquisition_cost(
    books: Books, tally: Tally, model: str = "last", acquired: str = "lead", amortise: str = "0d"
) -> None:
    known = {row["content_id"]: row for row in published(books)}
    for row in books.rows["spend_booked"]:
        if row.get("content_id") is None and row["cost_type"] not in ("content", "production"):
            continue
        content = known.get(row.get("content_id"), {})
        spent = {**placed(row, content), "author_id": content.get("author_id") or row["owner_id"]}
        units = int(books.base(row, Decimal(row["amount"])) * 10_000)
        begins, length = row["occurred_at"], int(amortise[:-1]) * DAY
        for period, (start, end) in PERIODS.items():
            if content.get("type") not in ("whitepaper", "guide") or not length:
                if start <= begins < end:
                    tally.add(0, period, spent, Fraction(units, 10_000))
            elif begins < end and start < begins + length:
                # Seconds of the length that have passed, and the ten-thousandths that are due by then.
                gone = [min(max((at - begins) // 1_000_000, 0), length // 1_000_000) for at in (start, end)]
                due = [units * seconds * 1_000_000 // length for seconds in gone]
                tally.add(0, period, spent, Fraction(due[1] - due[0], 10_000), at=max(begins, start))
    credited(books, tally, model, 1, acquired)


def content_conversion_rate(books: Books, tally: Tally, model: str = "last", outcome: str = "lead") -> None:
    known = {row["content_id"]: row for row in published(books)}
    credited(books, tally, model, 0, outcome)
    for row in books.rows["page_viewed"]:
        for period in periods_of(row["occurred_at"]):
            if row["content_id"] is not None and not row["bot"]:
                view = placed(row, known.get(row["content_id"], {}))
                tally.add(1, period, view, 0)
                if row["visitor_id"] is not None:
                    tally.note(1, period, view, row["visitor_id"])


def pooled(books: Books, tally: Tally, days: int, below: tuple[str, ...], above: tuple[str, ...]) -> None:
    """A rate over the contents of a period; the first number that is told is the denominator."""
    for content in published(books):
        numbers = {**reached(books, content, days), "planned": content["planned_audience"]}
        told = [numbers[name] for name in below if numbers.get(name) is not None]
        if not told or (above == ("reach",) and "reach" not in numbers):
            continue
        for period in periods_of(content["occurred_at"]):
            tally.add(0, period, content, sum(numbers.get(name, 0) for name in above))
            tally.add(1, period, content, told[0])


def content_reach_rate(books: Books, tally: Tally, audience: str = "followers") -> None:
    pooled(books, tally, 7, (audience,), ("reach",))


def social_engagement_rate(books: Books, tally: Tally, denominator: str = "impressions", days: str = "30d") -> None:
    pooled(books, tally, int(days[:-1]), (denominator,), ("likes", "comments", "saves", "shares"))


def content_save_share_rate(books: Books, tally: Tally, action: str = "both", readers: str = "reads") -> None:
    done = ("saves", "shares") if action == "both" else (action,)
    pooled(books, tally, 30, ("reads",) if readers == "reads" else ("reads", "impressions"), done)


def high_read_articles(books: Books, tally: Tally, least: str = "100000") -> None:
    for content in published(books):
        for period in periods_of(content["occurred_at"]):
            enough = reached(books, content, 30).get("reads", -1) >= int(least)
            if enough and content["type"] == "industry_analysis" and not content["repost"]:
                tally.add(0, period, content)


def content_output(books: Books, tally: Tally) -> None:
    for content in output(books):
        for period in periods_of(content["occurred_at"]):
            tally.add(0, period, content)


def quality_content_output(books: Books, tally: Tally, **rule: Any) -> None:
    for content in output(books):
        for period in periods_of(content["occurred_at"]):
            if judged(books, content, **rule):
                tally.add(0, period, content)


def quality_content_share(books: Books, tally: Tally, figure: str = "quality", **rule: Any) -> None:
    for content in output(books):
        said = judged(books, content, **rule)
        for period in periods_of(content["occurred_at"]):
            if figure == "coverage":
                tally.add(0, period, content, said is not None)
                tally.add(1, period, content)
            elif said is not None:
                tally.add(0, period, content, said)
                tally.add(1, period, content)


def whitepapers_published(books: Books, tally: Tally, **rule: Any) -> None:
    for content in output(books):
        new = content["edition_of"] is None or content["changed"] == "0.5"
        for period in periods_of(content["occurred_at"]):
            if content["type"] == "whitepaper" and new and judged(books, content, **rule):
                tally.add(0, period, content)


def official_account_posts(books: Books, tally: Tally) -> None:
    for content in published(books):
        for period in periods_of(content["occurred_at"]):
            if content["platform"] == "wechat_oa":
                tally.add(0, period, content)


AUTHOR: dict[str, Any] = {"credit": "author_id"}
TEAM: dict[str, Any] = {"credit": "team_id", "by": ("platform",)}
OWN: dict[str, Any] = {"credit": "content_team_id", "by": ("platform", "content_type")}
BY_READS = {"rule": "percentile", "percentile": "50"}
CASES = [
    *(Case("official_account_lead_share", official_account_lead_share, {"model": name}, **AUTHOR) for name in MODELS),
    Case(
        "official_account_lead_share", official_account_lead_share, {"model": "u"}, "content_team_id", ("content_id",)
    ),
    *(Case("content_acquisition_cost", content_acquisition_cost, {"model": name}, **AUTHOR) for name in MODELS),
    Case("content_acquisition_cost", content_acquisition_cost, {"acquired": "customer", "model": "linear"}, **OWN),
    Case("content_acquisition_cost", content_acquisition_cost, {"amortise": "93d"}, **AUTHOR),
    *(Case("content_conversion_rate", content_conversion_rate, {"model": name}, **AUTHOR) for name in MODELS),
    Case("content_conversion_rate", content_conversion_rate, {"outcome": "order", "model": "u"}, **OWN),
    Case("content_conversion_rate", content_conversion_rate, {}, "author_id", ("content_id",)),
    Case("content_reach_rate", content_reach_rate, **AUTHOR),
    Case("content_reach_rate", content_reach_rate, {"audience": "planned"}, **TEAM),
    Case("social_engagement_rate", social_engagement_rate, **AUTHOR),
    Case("social_engagement_rate", social_engagement_rate, {"days": "7d"}, **TEAM),
    *(
        Case("social_engagement_rate", social_engagement_rate, {"denominator": name}, **TEAM)
        for name in ("reach", "followers")
    ),
    *(
        Case("content_save_share_rate", content_save_share_rate, {"action": action, "readers": readers}, **AUTHOR)
        for action in ("both", "saves", "shares")
        for readers in ("reads", "reads_or_impressions")
    ),
    Case("high_read_articles", high_read_articles, **AUTHOR),
    Case("high_read_articles", high_read_articles, {"least": "1000"}, **TEAM),
    Case("content_output", content_output, **AUTHOR),
    Case("content_output", content_output, {}, "owner_id", ("type",)),
    Case("quality_content_output", quality_content_output, **AUTHOR),
    Case("quality_content_output", quality_content_output, **TEAM),
    Case("quality_content_share", quality_content_share, **AUTHOR),
    Case("quality_content_share", quality_content_share, {"figure": "coverage"}, **TEAM),
    Case("whitepapers_published", whitepapers_published, **AUTHOR),
    Case("whitepapers_published", whitepapers_published, BY_READS, **TEAM),
    Case("quality_content_output", quality_content_output, BY_READS, **AUTHOR),
    Case("quality_content_share", quality_content_share, BY_READS, **AUTHOR),
    Case("quality_content_share", quality_content_share, {**BY_READS, "figure": "coverage"}, **TEAM),
    *(
        Case(name, count, {**rule, "reviews": "pinned", "rules": ("2",)}, **AUTHOR)
        for name, count in (
            ("quality_content_output", quality_content_output),
            ("quality_content_share", quality_content_share),
            ("whitepapers_published", whitepapers_published),
        )
        for rule in ({}, BY_READS)
    ),
    Case("official_account_posts", official_account_posts, **AUTHOR),
]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_measured_is_what_is_counted_by_hand(seed: int, level: str) -> None:
    assert disagreements(Studio(seed), INDICATORS, CASES, level) == []


GROWTH = "xhs_note_impression_growth_rate"


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", [1, 2])
def test_growth_of_impressions_is_the_root_of_what_is_counted_by_hand(seed: int, level: str) -> None:
    studio = Studio(seed)
    books = Books(studio)
    months = [(local(2025, 12), local(2026, 1)), *PERIODS.values()]
    seen: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for content in published(books):
        for row, grown in gains(books, content):
            for month, (start, end) in enumerate(months):
                if content["platform"] == "xiaohongshu" and start <= row["occurred_at"] < end:
                    whose = {**content, "author_id": content["author_id"] or row["owner_id"]}
                    for who in studio.subjects(level, "author_id", whose, row["occurred_at"]):
                        seen[who][month] += grown.get("impressions", 0)
    [found] = [one for one in INDICATORS if one.id.endswith(GROWTH)]
    world = SmallWorld(studio.rows, found, base="TWD", timezone=ZONE)
    requests = [Request(found.id, {"mean": mean}, "author_id", ()) for mean in ("geometric", "arithmetic")]
    geometric, arithmetic = measure(world, requests, [world.calendar.period("2026-Q1")], level)
    shown = 0
    for row in geometric.to_document()["rows"]:
        first, *_, last = seen[row["subject"]]
        assert row["state"] == ("ok" if first else "no_denominator")
        if first:
            low, high = (1 + Fraction(row["value"]) + Fraction(half, 2 * 10**12) for half in (-1, 1))
            assert low**3 <= Fraction(last, first) <= high**3
            shown += 1
    for row in arithmetic.to_document()["rows"]:
        counts = seen[row["subject"]]
        if all(counts[:3]):
            mean = sum(Fraction(counts[n + 1], counts[n]) - 1 for n in range(3)) / 3
            assert abs(Fraction(row["value"]) - mean) <= Fraction(1, 2 * 10**12)
        else:
            assert row["state"] == "no_denominator"
    assert shown


def test_every_indicator_is_counted_by_hand() -> None:
    counted = {f"content.{case.indicator}" for case in CASES} | {f"content.{GROWTH}"}
    assert counted == {found.id for found in INDICATORS}
