"""Small definitions that tests of this folder share."""

from __future__ import annotations

from typing import Any

from kpicore import vocabulary
from kpicore.definitions.algebra.measures import Measure
from kpicore.definitions.book import Definitions
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.relations import Relation

BOOK = Definitions.of(vocabulary.definitions())


def indicator(measure: Measure, name: str = "t.x", **options: Any) -> Indicator:
    return Indicator(
        name,
        **{
            "title": {"en": name, "zh-Hant": name},
            "measure": measure,
            "perspective": "performance",
            "roles": "sales",
            "data_source": "CRM",
            **options,
        },
    )


def relation(sql: str, key: str = "lead_id source", **options: Any) -> Relation:
    return Relation("t", "rows", sql, key, **options)


def with_(*definitions: Any) -> Definitions:
    return BOOK.merged(Definitions.of(definitions))
