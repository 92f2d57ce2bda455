"""Whether roles and templates hold together. Indicators that they name may be those of plugins that are not installed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from kpicore.canonical import decimal_text
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.card_checks import PERIOD_KINDS
from kpicore.definitions.cards.card_tables import places
from kpicore.definitions.plans.roles import Role
from kpicore.definitions.plans.templates import Template
from kpicore.definitions.values import chosen
from kpicore.errors import InvalidDefinition
from kpicore.naming import check_name, did_you_mean

_CheckText = Callable[[Any, str], None]


def check_role(role: Role, check_text: _CheckText) -> None:
    """Refuse a role without a word, duties or areas, or with texts in one language only."""
    check_name(role.role, "the word of a role")
    if not role.duties:
        raise InvalidDefinition("it has no duties", where=role.name, code="missing_key", hint="a role has at least one")
    for number, duty in enumerate(role.duties, 1):
        where = f"{role.name}, duty {number}"
        check_text(duty.title, f"{where}, title")
        if not duty.areas:
            raise InvalidDefinition(
                "it has no key result areas", where=where, code="missing_key", hint="a duty has at least one"
            )
        for place, area in enumerate(duty.areas, 1):
            check_text(area.title, f"{where}, area {place}, title")
            for name in area.indicators:
                check_name(name, "an indicator", plugin=True)


def check_template(book: Definitions, template: Template, check_text: _CheckText) -> None:
    """Refuse a template that would not make a sound scorecard.

    Raises:
        InvalidDefinition: Its weights do not sum to 100, or a line is there twice, or has no reason in both languages.
    """
    name = template.name
    check_name(template.role, "the word of a role")
    if template.period not in PERIOD_KINDS:
        hint = did_you_mean(template.period, PERIOD_KINDS) or f"one of: {', '.join(PERIOD_KINDS)}"
        raise InvalidDefinition(f"period cannot be {template.period!r}", where=name, hint=hint)
    total = sum((line.weight for line in template.lines), Decimal(0))
    if total != 100:
        raise InvalidDefinition(
            f"the weights sum to {decimal_text(total)}, not 100",
            where=name,
            code="weights_sum",
            hint="change them until they make 100",
        )
    seen: set[str] = set()
    for line in template.lines:
        where = f"{name}, {line.indicator}"
        check_text(line.why, f"{where}, why")
        if line.indicator in seen:
            raise InvalidDefinition(
                f"{line.indicator} is there twice", where=name, code="duplicate_indicator", hint="take one of them out"
            )
        seen.add(line.indicator)
        if line.weight < 0 or places(line.weight) > 2:
            raise InvalidDefinition(
                f"{decimal_text(line.weight)} is no weight",
                where=where,
                code="weight_places",
                hint="weights are 0 to 100 with at most two places",
            )
        indicator = book.indicators.get(line.indicator)
        if indicator is not None:
            chosen(indicator.params, line.params, where)
