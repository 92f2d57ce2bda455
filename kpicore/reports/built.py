"""How a score is built, as a tree down to the facts that were counted and the decisions that set each weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from kpicore.canonical import decimal_text
from kpicore.definitions.indicators import Indicator
from kpicore.naming import translated
from kpicore.reports.pieces import by_side, fact_said, key_of, rule_said, value_said
from kpicore.reports.tables import indicator_title, note, ranked, shown, signed, subject_name
from kpicore.reports.words import (
    bracketed,
    clean,
    labelled,
    listed,
    number,
    percent,
    pick,
    plain,
    quantity,
    rounded,
    tenure,
    with_sign,
    word,
)

#: How many facts of a line, or decisions about it, a tree shows.
SHOWN = 5

_SIDES = ("below", "above")
_EFFECTS = (("factor", "×"), ("total", "="), ("cap", "≤"))

Document = Mapping[str, Any]
Indicators = Mapping[str, Indicator]


def built(document: Document, indicators: Indicators, language: str) -> RenderableType:
    """How each total is built: value, target, attainment, weight; who set them; and the facts that were counted."""
    rule = document["rule"]
    title = f"{document['scorecard']} · {document['period']} · {document['evaluation']}"
    trees = [_built(subject, document["level"], indicators, language) for subject in ranked(document["subjects"])]
    return Group(Text(clean(title), style="bold"), note(clean(rule_said(rule, language))), *trees)


def _built(subject: Document, level: str, indicators: Indicators, language: str) -> Tree:
    name = subject_name(subject["subject"], level, language)
    band = f"  {subject['band']}" if subject["band"] else ""
    tree = Tree(Text.assemble((clean(name), "bold"), f"  {plain(number(subject['total']), 2)}{clean(band)}"))
    if "segments" in subject:
        tree.add(Text(_days(subject["days"], language), style="yellow"))
        for segment in subject["segments"]:
            part = tree.add(Text.assemble(*_segment(segment, language)))
            part.add(note(clean(rule_said(segment["rule"], language))))
            if segment["schedule_why"]:
                part.add(_why(segment["schedule_why"], language))
            _add_lines(part, segment, indicators, language)
    else:
        _add_lines(tree, subject, indicators, language)
    for step in subject["steps"][1:]:
        _add_step(tree, step, indicators, language)
    if subject["coefficient"] is not None:
        pairs = listed((f"{total} → {found}" for total, found in subject["coefficient_steps"]), language)
        said = f"{word('coefficient', language)} {subject['coefficient']}"
        tree.add(Text(f"{said}{bracketed(pairs, language)}", style="cyan"))
    return tree


def _why(why: str, language: str) -> Text:
    return note(labelled(word("why", language), clean(why), language))


def _add_lines(tree: Tree, holder: Document, indicators: Indicators, language: str) -> None:
    """The lines of a subject or of a segment, with the weight that empty ones gave away."""
    moved = number(holder["redistributed"])
    if moved and any(line["contribution"] is not None for line in holder["lines"]):
        said = pick(language, "weight of empty lines, given to the others", "無值項目的權重，分給其他項目")
        tree.add(Text(labelled(said, plain(moved, 0), language), style="yellow"))
    kept = number(holder["kept"])
    if kept:
        said = pick(language, "weight of empty lines, kept without points", "無值項目的權重，保留而不得分")
        tree.add(Text(labelled(said, plain(kept, 0), language), style="yellow"))
    for line in holder["lines"]:
        branch = tree.add(_line(line, indicators, language))
        if line["why"]:
            branch.add(_why(line["why"], language))
        if line["curve"]["params"]:
            branch.add(note(clean(f"{word('curve', language)} {_curve(line['curve'], language)}")))
        for part in ("weight", "target"):
            for rule in line[f"{part}_rules"][-SHOWN:]:
                branch.add(note(_decided(part, rule, language)))
        _add_facts(branch, line["facts"], indicators.get(line["indicator"]), language)


def _days(days: Document, language: str) -> str:
    """On how many days of the period somebody was scored."""
    return pick(
        language,
        f"on the card for {days['eligible']} of {days['period']} days",
        f"適用本卡 {days['eligible']} 天，全期 {days['period']} 天",
    )


def _segment(segment: Document, language: str) -> list[tuple[str, str] | str]:
    """`2017-01-01 – 2017-02-28 · 59 days · team north · 170.00 → 111.44`: a part of the period and its share."""
    last = date.fromisoformat(segment["to"]) - timedelta(days=1)
    days = segment["days"]
    said = [pick(language, f"{days} day{'' if days == 1 else 's'}", f"{days} 天")]
    if segment["team"] is not None:
        said.append(f"{word('team_of', language)} {segment['team']}")
    if segment["tenure_until"] is not None:
        said.append(tenure(segment["tenure_until"], language))
    shares = (plain(number(segment[part]), 2) for part in ("total", "contribution"))
    return [
        (f"{segment['from']} – {last.isoformat()}", "bold"),
        clean(f"  {' · '.join(said)}  "),
        (" → ".join(shares), "cyan"),
    ]


def _add_step(tree: Tree, step: Document, indicators: Indicators, language: str) -> None:
    """`gate · Compliance rate 96 % below 100 % → −85.30`: what a modifier, a gate or the cap did to the total."""
    if not step["applied"] and not step.get("empty_policy"):
        return
    what, points = word(step["step"], language), Text(*signed(step["points"]))
    if step["step"] == "cap":
        tree.add(Text.assemble(f"{what} {step['cap']}  → ", points))
        return
    indicator = step["indicator"]
    named = translated(step["title"], language) if step["title"] else indicator_title(indicators, indicator, language)
    found = indicators.get(indicator) if indicator else None
    unit = found.unit if found else None
    said = f"{what} · {named}"
    if indicator:
        limits = (f"{word(side, language)} {quantity(number(step[side]), unit)}" for side in _SIDES if step[side])
        said += f"  {shown(step, unit, language)}{bracketed(listed(limits, language), language)}"
    if step["empty_policy"]:
        said += f"  {word(step['empty_policy'], language)}"
    effect = next((f"{sign} {step[part]}" for part, sign in _EFFECTS if step.get(part) is not None), "")
    branch = tree.add(Text.assemble(clean(f"{said}  {effect} → "), points))
    if step["why"]:
        branch.add(_why(step["why"], language))
    _add_facts(branch, step["facts"], found, language)


def _line(line: Document, indicators: Indicators, language: str) -> Text:
    """`Win rate  43/70 = 61.40 %  of 60.00 % → 102 % × 40 = 40.94`."""
    found = indicators.get(line["indicator"])
    unit = found.unit if found else None
    said = Text(indicator_title(indicators, line["indicator"], language), style="bold")
    said.append(f"  {shown(line, unit, language)}", style="")
    if line["denominator"] is not None:
        pair = (quantity(number(line[side]), None) for side in ("numerator", "denominator"))
        said.append(f" = {' / '.join(pair)}", style="")
    if line["target"] is not None:
        said.append(f"  {word('target', language)} {quantity(number(line['target']), unit)}", style="")
    if line["contribution"] is None:
        policy = bracketed(word(line["empty_policy"], language), language) if line["empty_policy"] else ""
        said.append(f"  → –{policy}", style="yellow")
        return said
    if line["empty_policy"]:
        last = f" {quantity(number(line['last']['value']), unit)}" if line["last"] else ""
        said.append(bracketed(f"{word(line['empty_policy'], language)}{last}", language), style="yellow")
    bound = bracketed(word(line["bound"], language), language) if line["bound"] else ""
    weight = decimal_text(rounded(number(line["effective_weight"]) or Decimal(0), 2))
    attained = percent(number(line["attainment"]))
    said.append(f"  → {attained}{bound} × {weight} = {plain(number(line['contribution']), 2)}", style="cyan")
    return said


def _curve(curve: Document, language: str) -> str:
    """`steps  steps 0.5 → 0, 1 → 100, tiers interpolated, of ratio`: a curve with its settings."""
    settings = (
        f"{name} {listed((' → '.join(pair) for pair in value), language) or '–' if isinstance(value, list) else value}"
        for name, value in curve["params"].items()
    )
    return f"{curve['name']}  {listed(settings, language)}"


def _decided(part: str, rule: Document, language: str) -> str:
    value = value_said(rule[part], language) if part in rule else ""
    return clean(labelled(f"{word(part, language)} {value}", rule_said(rule, language), language))


def _add_facts(branch: Tree, facts: Sequence[Document], indicator: Indicator | None, language: str) -> None:
    """Facts of each side of the division, the largest first."""
    money = indicator is not None and indicator.unit == "money"
    for (role, kind), of_side in by_side(facts).items():
        heading = labelled(word(role, language), f"{len(of_side):,} {kind}", language)
        if not money:
            more = " …" if len(of_side) > SHOWN else ""
            branch.add(Text(clean(f"{heading}  {listed(map(key_of, of_side[:SHOWN]), language)}{more}")))
            continue
        side = branch.add(Text(clean(heading)))
        for fact in of_side[:SHOWN]:
            added = "" if fact["added"] is None else f"  {with_sign(quantity(number(fact['added']), None))}"
            side.add(note(clean(f"{fact_said(fact, language)}{added}")))
        if len(of_side) > SHOWN:
            side.add(note(pick(language, "… --json lists them all", "……--json 可列出全部")))
