"""One SELECT an indicator, as somebody would write it by hand over the same tables."""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.statements import channel, content, customer, ecommerce, marketing, risk, sales, team

STATEMENTS: Mapping[str, str] = {
    indicator: sql
    for part in (sales, marketing, content, ecommerce, channel, customer, team, risk)
    for indicator, sql in part.STATEMENTS.items()
}
