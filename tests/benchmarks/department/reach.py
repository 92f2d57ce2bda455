"""Contents, what platforms and reviewers say of them, and who visits shops and pages."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from tests.benchmarks.department.draw import DAY_US, END_US, Draw, ids, instants, named
from tests.benchmarks.department.market import CHANNELS, STORES

PLATFORMS = ("wechat_oa", "xiaohongshu", "website")
SNAPSHOTS = (1, 5, 12, 25, 40)


class Reach:
    """What an organisation with about `total` facts publishes, and who sees it."""

    def __init__(self, total: int, contents: int, visitors: int) -> None:
        self.total, self.visitors = total, visitors
        draw = Draw("contents", contents)
        self.published = draw.times()

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        """Each fact type with its table."""
        yield from self._contents()
        yield from self._visits()

    def _contents(self) -> Iterator[tuple[str, pa.Table]]:
        draw = Draw("content_published", len(self.published))
        yield (
            "content_published",
            pa.table(
                {
                    "content_id": ids("N", np.arange(draw.size)),
                    "author_id": draw.person(0.95),
                    "team_id": draw.team(),
                    "type": draw.one_of(["article", "whitepaper", "industry_analysis", "video"]),
                    "platform": draw.one_of(PLATFORMS),
                    "repost": draw.one_of([False, False, False, True], 0.9),
                    "planned_audience": pa.array(draw.rng.integers(500, 5_000, draw.size)),
                    "edition_of": draw.some(ids("N", draw.upto(draw.size)), 0.1),
                    "changed": draw.one_of([None, "0.2", "0.5", "0.9"]).cast(pa.decimal128(18, 6)),
                    "occurred_at": instants(self.published),
                    "owner_id": draw.person(),
                }
            ),
        )
        yield "content_measured", self._snapshots()
        draw = Draw("content_reviewed", round(self.total * 0.008))
        content = draw.upto(len(self.published))
        yield (
            "content_reviewed",
            pa.table(
                {
                    "review_id": ids("W", draw.keys()),
                    "content_id": ids("N", content),
                    "on_brand": draw.one_of([True, True, True, False], 0.95),
                    "rating": draw.one_of([2, 3, 4, 5, 5], 0.95),
                    "reviewer_id": draw.person(0.97),
                    "occurred_at": instants(draw.after(self.published[content], 7)),
                    "owner_id": draw.person(0.5),
                }
            ),
        )
        draw = Draw("content_withdrawn", round(self.total * 0.0005))
        content = draw.rng.permutation(len(self.published))[: draw.size]
        yield (
            "content_withdrawn",
            pa.table(
                {
                    "content_id": ids("N", content),
                    "occurred_at": instants(draw.after(self.published[content], 1)),
                    "owner_id": draw.person(),
                }
            ),
        )

    def _snapshots(self) -> pa.Table:
        """Cumulative numbers of every content on five days; now and then a platform takes some back."""
        contents = len(self.published)
        draw = Draw("content_measured", contents * len(SNAPSHOTS))
        content = np.repeat(np.arange(contents), len(SNAPSHOTS))
        place = np.tile(np.arange(len(SNAPSHOTS)), contents)
        final = np.repeat(draw.rng.integers(100, 200_000, contents), len(SNAPSHOTS))
        reached = final * (place + 1) // len(SNAPSHOTS) - np.where(draw.chance(0.02), final // 4, 0)
        days = np.array(SNAPSHOTS)[place] * DAY_US
        return pa.table(
            {
                "content_id": ids("N", content),
                "snapshot": named("day", place, len(SNAPSHOTS)),
                "impressions": draw.some(pa.array(reached * 3), 0.97),
                "reach": draw.some(pa.array(reached * 2), 0.97),
                "reads": draw.some(pa.array(reached), 0.97),
                "likes": draw.some(pa.array(reached // 20), 0.9),
                "comments": draw.some(pa.array(reached // 100), 0.9),
                "saves": draw.some(pa.array(reached // 30), 0.9),
                "shares": draw.some(pa.array(reached // 50), 0.9),
                "followers": draw.some(pa.array(final // 2 + 1), 0.9),
                "occurred_at": instants(np.minimum(self.published[content] + days, END_US - 1)),
                "owner_id": draw.person(),
            }
        )

    def _visits(self) -> Iterator[tuple[str, pa.Table]]:
        draw = Draw("visit_started", round(self.total * 0.12))
        yield (
            "visit_started",
            pa.table(
                {
                    "session_id": ids("S", draw.keys()),
                    "visitor_id": ids("V", draw.upto(self.visitors)),
                    "store_id": draw.some(named("store", draw.upto(STORES), STORES), 0.95),
                    "channel_id": draw.some(named("channel", draw.upto(CHANNELS), CHANNELS), 0.9),
                    "bot": draw.one_of([False, False, False, True], 0.9),
                    "occurred_at": instants(draw.times()),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("page_viewed", round(self.total * 0.16))
        yield (
            "page_viewed",
            pa.table(
                {
                    "view_id": ids("P", draw.keys()),
                    "visitor_id": ids("V", draw.upto(self.visitors)),
                    "session_id": ids("S", draw.upto(draw.size)),
                    "store_id": draw.some(named("store", draw.upto(STORES), STORES), 0.95),
                    "channel_id": draw.some(named("channel", draw.upto(CHANNELS), CHANNELS), 0.9),
                    "page": draw.one_of(["home", "cart", "article", "product"]),
                    "content_id": draw.some(ids("N", draw.upto(len(self.published))), 0.3),
                    "bot": draw.one_of([False, False, False, True], 0.9),
                    "occurred_at": instants(draw.times()),
                    "owner_id": draw.person(),
                }
            ),
        )
