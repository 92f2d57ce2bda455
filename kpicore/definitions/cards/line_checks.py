"""Whether a scorecard's lines fit the indicators and curves that they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.curve_checks import check_curve, check_curve_targets, curve_values
from kpicore.definitions.cards.curves import Curve, needs_target
from kpicore.definitions.cards.schedules import variants
from kpicore.definitions.cards.scorecards import Gate, Line, Modifier, Scorecard
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.values import chosen
from kpicore.errors import InvalidDefinition, NotFound
from kpicore.naming import did_you_mean

#: The curve of a line that names none.
DEFAULT_CURVE = "ratio"

#: Kinds of indicators that explain others and are not scored themselves.
_UNSCORED = ("base", "meta")


def check_lines(
    card: Scorecard,
    book: Definitions,
    where: str | None = None,
    recorded: Mapping[str, Sequence[tuple[str, Decimal]]] | None = None,
) -> None:
    """Refuse a scorecard whose lines, modifiers or gates do not fit what they name.

    Args:
        card: The scorecard, sound by itself.
        book: The definitions that it would use.
        where: What errors call it; its id when not given.
        recorded: Targets of the card's level that are recorded beside it, by indicator, each with its name.

    Raises:
        NotFound: No such indicator or curve; the hint says what is close, or which plugin is missing.
        InvalidInput: A parameter is unknown or not of its kind.
        InvalidDefinition: Credit, level, curve or target do not fit.
    """
    for one in variants(card):
        _check_variant(one, book, where, recorded or {})


def _check_variant(
    card: Scorecard, book: Definitions, where: str | None, recorded: Mapping[str, Sequence[tuple[str, Decimal]]]
) -> None:
    for number, line in enumerate(card.lines):
        place = f"{where or f'scorecard {card.id}'} [[line]] {number + 1} ({line.indicator})"
        indicator = find_indicator(book, line.indicator, place)
        _check_use(card, line, indicator, place)
        chosen(indicator.params, line.params, place)
        curve = curve_of(line, book, place)
        check_curve(line, indicator, curve, place)
        targets, beside = list(targets_of(card, line)), recorded.get(line.indicator, ())
        if (
            not targets
            and not beside
            and line.weight > 0
            and needs_target(curve.form, curve_values(curve, line.curve_params, place))
        ):
            raise InvalidDefinition(
                f"{line.indicator} has no target",
                where=place,
                code="missing_target",
                hint='write target = "…" in its line, or [[target]] for each subject',
            )
        check_curve_targets(line, indicator, curve, targets, place)
        for value, name in {value: name for name, value in beside}.items():
            check_curve_targets(line, indicator, curve, [value], f"{place}, with the target {name}")
    for rule in card.conditions:
        kind, listed = ("gate", card.gates) if isinstance(rule, Gate) else ("modifier", card.modifiers)
        number = [id(other) for other in listed].index(id(rule)) + 1
        place = f"{where or f'scorecard {card.id}'} [[{kind}]] {number} ({rule.indicator})"
        _check_condition(card, rule, book, place)


def check_target(line: Line, book: Definitions, target: Decimal, where: str) -> None:
    """Refuse a target that the curve of a line makes nothing of; InvalidDefinition says why."""
    check_curve_targets(line, book.indicators[line.indicator], curve_of(line, book, where), [target], where)


def _check_condition(card: Scorecard, rule: Modifier | Gate, book: Definitions, where: str) -> None:
    """A modifier or gate must fit the indicator that it names."""
    indicator = find_indicator(book, str(rule.indicator), where)
    _check_level(card, indicator, where)
    chosen(indicator.params, rule.params, where)


def find_indicator(book: Definitions, name: str, where: str) -> Indicator:
    """The indicator of that name, or NotFound with what is close or which plugin is missing."""
    if name in book.indicators:
        return book.indicators[name]
    plugin = name.partition(".")[0]
    there = {known.partition(".")[0] for known in book.indicators}
    hint = did_you_mean(name, book.indicators)
    if hint is None and "." in name and plugin not in there:
        hint = f"no installed plugin provides {plugin}.*: install it, or look at kpicore plugins list"
    elif hint is None:
        hint = "kpicore plugins list shows what is there"
    raise NotFound(f"no indicator {name!r}", where=where, code="unknown_indicator", hint=hint)


def _check_use(card: Scorecard, line: Line, indicator: Indicator, where: str) -> None:
    _check_level(card, indicator, where)
    if line.credit is not None and line.credit not in indicator.credit:
        raise InvalidDefinition(
            f"{line.indicator} cannot be credited by {line.credit!r}",
            where=where,
            code="wrong_credit",
            hint=did_you_mean(line.credit, indicator.credit) or f"one of: {', '.join(indicator.credit)}",
        )
    if indicator.indicator_type in _UNSCORED and line.weight > 0:
        raise InvalidDefinition(
            f"{line.indicator} is of the type {indicator.indicator_type}, which is not scored",
            where=where,
            code="not_scored",
            hint='write weight = "0" to show it',
        )


def _check_level(card: Scorecard, indicator: Indicator, where: str) -> None:
    if card.level not in indicator.levels:
        raise InvalidDefinition(
            f"{indicator.id} is not measured at the level {card.level}",
            where=where,
            code="wrong_level",
            hint=f"its levels: {', '.join(indicator.levels)}",
        )


def curve_of(line: Line, book: Definitions, where: str) -> Curve:
    """The curve of a line; NotFound where there is none of that name."""
    name = line.curve or DEFAULT_CURVE
    if name in book.curves:
        return book.curves[name]
    raise NotFound(
        f"no curve {name!r}",
        where=where,
        code="unknown_curve",
        hint=did_you_mean(name, book.curves) or f"there are: {', '.join(sorted(book.curves))}",
    )


def targets_of(card: Scorecard, line: Line) -> Iterable[Decimal]:
    """Every target that the card gives for a line and its own level."""
    if line.target is not None:
        yield line.target
    for target in card.targets:
        if target.indicator == line.indicator and target.level == card.level:
            yield target.value
