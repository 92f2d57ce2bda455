"""The rules behind an evaluation as reports list them: what, from when, decided by whom, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kpicore.canonical import decimal_text
from kpicore.definitions.cards.schedules import on_step
from kpicore.definitions.cards.scorecards import Gate, Modifier
from kpicore.reports.report.reading import Reading, Row
from kpicore.reports.words import tenure

_RULES = ("weight_rules", "target_rules")
_CONDITION = ("title", "indicator", "below", "above", "factor", "total", "cap")


def rules(one: Reading, rows: Sequence[Row]) -> list[dict[str, str]]:
    """The rule changes behind card, weights and targets, then what else the card says; those in force are marked.

    Args:
        one: The report in a language.
        rows: Subjects of the report: rules are the same for everyone, but for the versions of a split period.
    """
    card = one.document["rule"]
    mark = one.say("hypothetical" if "hypothetical" in card else "in_force")
    versions: list[Row] = []
    for rule in (*(segment["rule"] for row in rows for segment in row.get("segments", ())), card):
        if rule not in versions:
            versions.append(rule)
    versions.sort(key=lambda rule: rule.get("effective") or "")
    found = [_row(one, one.say("card"), one.card_title, version, mark) for version in versions]
    for line in _lines(one, rows):
        for part in ("weight", "target"):
            known = [rule for rule in line[f"{part}_rules"] if part in rule]
            own = [rule for rule in known if rule["kind"] == "scorecard"]
            counts = []
            for version in versions:
                counts += [rule for rule in own if rule["position"] <= version.get("position", 0)][-1:]
            recorded = [rule for rule in known if rule["kind"] != "scorecard"]
            counts += _in_force(recorded, one.document["starts"][:10])
            for rule in [*own, *recorded]:
                whom = [str(rule[name]) for name in ("subject", "period") if rule.get(name)]
                name = one.joined([f"{one.title(line['indicator'])}{one.say('colon')}{one.say(part)}", *whom])
                said = one.say("in_force" if rule in counts else "not_in_force")
                found.append(_row(one, name, _set(one, line, part, rule[part]), rule, said))
    return [*found, *(_row(one, name, value, card, mark, why) for name, value, why in _declared(one))]


def _lines(one: Reading, rows: Sequence[Row]) -> list[Row]:
    """A line of each indicator, with the rules of every subject that has it, in the order of recording."""
    found: dict[str, tuple[Row, dict[str, dict[tuple[Any, ...], Row]]]] = {}
    for row in rows:
        for line in row["lines"]:
            _, every = found.setdefault(line["indicator"], (line, {part: {} for part in _RULES}))
            for part, known in every.items():
                for rule in line[part]:
                    key = tuple(rule.get(name) for name in ("kind", "name", "position"))
                    known[key] = _both(known[key], rule) if key in known else rule
    return [
        {**line, **{part: sorted(known.values(), key=_place) for part, known in every.items()}}
        for line, every in (found[name] for name in one.names if name in found)
    ]


def _both(one: Row, other: Row) -> Row:
    """One rule as two subjects have it: a card's targets are those of both."""
    if one == other or not isinstance(other.get("target"), Mapping):
        return one
    if not isinstance(one["target"], Mapping):
        return other
    more = [target for target in other["target"]["targets"] if target not in one["target"]["targets"]]
    return {**one, "target": {**one["target"], "targets": [*one["target"]["targets"], *more]}}


def _place(rule: Row) -> tuple[bool, Any]:
    """What the card says comes before what was recorded beside it, each in the order of recording."""
    return rule["kind"] != "scorecard", rule.get("position", 0)


def _in_force(recorded: Iterable[Row], starts: str) -> list[Row]:
    """Of targets recorded for the same subject and period the one in force when the period starts."""
    found: dict[tuple[Any, Any], Row] = {}
    for rule in recorded:
        key, since = (rule["subject"], rule["period"]), rule.get("effective") or ""
        if since <= starts and (key not in found or since >= (found[key].get("effective") or "")):
            found[key] = rule
    return list(found.values())


def _declared(one: Reading) -> Iterator[tuple[str, str, str | None]]:
    """What the card says beside its lines: modifiers, gates, cap, bands, coefficient."""
    card = one.report.card
    whom = (None, one.report.only)
    own = [rule for rule in card.modifiers if one.report.only is None or rule.subject in whom]
    every: list[tuple[str, Modifier | Gate]] = [("modifier", rule) for rule in own]
    for kind, rule in [*every, *(("gate", rule) for rule in card.gates)]:
        parts = {name: getattr(rule, name, None) for name in _CONDITION}
        yield f"{one.say(kind)}{one.say('colon')}{one.effect(parts)}", one.condition(parts), rule.why
    for number, step in enumerate(card.schedule):
        weights = (f"{one.title(line.indicator)} {one.weight(line.weight)}" for line in on_step(card, number).lines)
        yield tenure(step.until, one.language), one.joined(weights), step.why
    if card.cap is not None:
        yield one.say("card_cap"), decimal_text(card.cap), None
    if card.bands:
        ordered = sorted(card.bands.items(), key=lambda item: -item[1])
        yield one.say("band"), one.joined(f"{name} ≥ {decimal_text(bound)}" for name, bound in ordered), None
    if card.coefficient is not None:
        pairs = (f"{decimal_text(bound)} → {decimal_text(factor)}" for bound, factor in card.coefficient.steps)
        yield one.say("coefficient"), f"{one.say(card.coefficient.kind)}{one.say('colon')}{one.joined(pairs)}", None


def _row(one: Reading, name: str, value: str, rule: Row, mark: str, why: str | None = None) -> dict[str, str]:
    strategy = rule.get("strategy_change") or {}
    planned = f"{one.say('strategy')} {strategy['id']}{one.say('colon')}{strategy['why']}" if strategy else None
    reasons = [text for text in (planned, why or rule.get("why"), rule.get("reason")) if text]
    return {
        "name": name,
        "value": value,
        "mark": mark,
        "since": rule.get("effective") or "–",
        "by": rule.get("by") or "–",
        "why": one.say("semicolon").join(reasons) or "–",
        "recorded": one.instant(rule.get("recorded_at")),
        "position": str(rule.get("position", "–")),
    }


def _set(one: Reading, line: Row, part: str, value: Any) -> str:
    if value is None:
        return "–"
    if part == "weight":
        return one.weight(value)
    if isinstance(value, Mapping):
        own = [
            f"{one.joined(str(target[key]) for key in ('subject', 'period') if target[key])} "
            f"{one.value({**line, 'target': target['value']}, 'target')}"
            for target in value["targets"]
        ]
        return one.say("semicolon").join([_set(one, line, part, value["all"]), *own])
    return one.value({**line, "target": value}, "target")
