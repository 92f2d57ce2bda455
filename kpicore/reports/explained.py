"""How a score is built, as a tree down to the facts; and what the difference of two evaluations is made of."""

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
from kpicore.reports.evaluated import evaluation
from kpicore.reports.tables import cells, indicator_title, note, ranked, shown, signed, subject_name, table
from kpicore.reports.words import clean, number, percent, pick, plain, quantity, rounded, tenure, with_sign, word

#: So many subjects are shown as trees, more as a table.
FEW = 3
#: How many facts of a line, or pieces of evidence, a tree shows.
SHOWN = 5

_SIDES = ("below", "above")
_EFFECTS = (("factor", "×"), ("total", "="), ("cap", "≤"))

Document = Mapping[str, Any]
Indicators = Mapping[str, Indicator]


def difference(document: Document, indicators: Indicators, language: str) -> RenderableType:
    """What the difference between two evaluations is made of: a tree for few, a table for many."""
    moved = _by_size([subject for subject in document["subjects"] if subject["causes"]])
    still = len(document["subjects"]) - len(moved)
    said = pick(
        language,
        f"{document['from']} → {document['to']}: {len(moved)} changed, {still} as they were",
        f"{document['from']} → {document['to']}：{len(moved)} 位有變動，{still} 位不變",
    )
    parts: list[RenderableType] = [Text(said, style="bold")]
    if len(moved) <= FEW:
        parts += [_moved(subject, indicators, language) for subject in moved]
    else:
        parts += [_causes(moved, language), *_reasons(moved, indicators, language)]
    return Group(*parts)


def _causes(moved: Sequence[Document], language: str) -> RenderableType:
    """Who moved, with a column for each cause; causes add up to the difference."""
    names = list(dict.fromkeys(cause["cause"] for subject in moved for cause in subject["causes"]))
    made = table(
        (word("subject", language), "left"),
        *((word(name, language), "right") for name in ("before", "after", "difference", *names)),
    )
    for subject in moved:
        sums = {name: Decimal(0) for name in names}
        for cause in subject["causes"]:
            sums[cause["cause"]] += number(cause["points"]) or Decimal(0)
        who = subject_name(subject["subject"], "company", language)
        totals = (plain(number(subject[side])) for side in ("from_total", "to_total"))
        made.add_row(
            *cells(who, *totals),
            Text(*signed(subject["difference"])),
            *(Text(*signed(points)) if points else Text("–") for points in sums.values()),
        )
    return made


def moves(
    documents: Sequence[Document], headings: Sequence[str], language: str, ends: int | None = None
) -> RenderableType:
    """Winners and losers over several comparisons, one column each, and the sum.

    Args:
        documents: Comparisons, one for each heading.
        headings: Their periods.
        language: en or zh-Hant.
        ends: Show only so many of either end.
    """
    found: dict[str | None, list[Decimal | None]] = {}
    for place, document in enumerate(documents):
        for subject in document["subjects"]:
            row = found.setdefault(subject["subject"], [None] * len(documents))
            row[place] = number(subject["difference"])
    sums = {name: sum((points for points in row if points is not None), Decimal(0)) for name, row in found.items()}
    ordered = sorted(found, key=lambda name: -sums[name])
    hidden = len(ordered) - 2 * ends if ends is not None else 0
    made = table(
        (word("subject", language), "left"), *((heading, "right") for heading in (*headings, word("sum", language)))
    )
    for place, name in enumerate(ordered):
        if hidden > 0 and ends is not None and ends <= place < ends + hidden:
            if place == ends:
                made.add_row(note(pick(language, f"… {hidden} more", f"……其餘 {hidden} 位")))
            continue
        cells_of = (Text("–") if points is None else Text(*signed(points)) for points in found[name])
        made.add_row(*cells(subject_name(name, "company", language)), *cells_of, Text(*signed(sums[name])))
    return made


def series(document: Document, language: str) -> RenderableType:
    """A scorecard's periods under other rules: who gains and who loses, and the ids that were made."""
    periods = document["periods"]
    found = [
        {"subjects": [{**subject, "difference": subject["differences"][place]} for subject in document["subjects"]]}
        for place in range(len(periods))
    ]
    made = moves(found, [period["period"] for period in periods], language)
    return Group(made, *(note(f"{period['from']} → {period['evaluation']}") for period in periods))


def versions(document: Document, language: str) -> RenderableType:
    """Every sealed version of every period; what was carried from one period to another."""
    made = table(
        *(
            (word(name, language), "left")
            for name in ("period", "evaluation", "position", "sealed_by", "policy", "counts")
        )
    )
    for period in document["periods"]:
        for version in period["versions"]:
            counts = pick(language, "counts", "採計") if version["counts"] else "–"
            policy = word(version["policy"], language) if version["policy"] else "–"
            position = str(version["position"])
            made.add_row(*cells(period["period"], version["evaluation"], position, version["by"], policy, counts))
    if not document["carried"]:
        return made
    heads = (word("from", language), word("to", language))
    points = table(
        (word("subject", language), "left"), *((head, "left") for head in heads), (word("points", language), "right")
    )
    for carried in document["carried"]:
        current = carried["to_period"] or pick(language, "the next one sealed", "下一個封存的期間")
        who = subject_name(carried["subject"], "company", language)
        points.add_row(*cells(who, carried["from_period"], current), Text(*signed(carried["points"])))
    return Group(made, points)


def _reasons(moved: Sequence[Document], indicators: Indicators, language: str) -> list[Text]:
    """The rule changes behind the causes, each once; facts are shown for each subject alone."""
    every = [(cause, piece) for subject in moved for cause in subject["causes"] for piece in cause["evidence"]]
    rules = [
        (f"{indicator_title(indicators, cause['indicator'], language)}: " if cause["indicator"] else "")
        + _rule(piece, language)
        for cause, piece in every
        if "name" in piece
    ]
    lines = [note(clean(rule)) for rule in dict.fromkeys(rules)]
    if len(rules) < len(every):
        lines.append(note(pick(language, "--subject shows the facts of one of them", "--subject 可看其中一位的事實")))
    return lines


def _by_size(subjects: Sequence[Document]) -> list[Document]:
    return sorted(subjects, key=lambda subject: -abs(number(subject["difference"]) or Decimal(0)))


def _moved(subject: Document, indicators: Indicators, language: str) -> Tree:
    name = subject_name(subject["subject"], "company", language)
    totals = " → ".join(plain(number(subject[side])) for side in ("from_total", "to_total"))
    tree = Tree(Text.assemble((clean(name), "bold"), f"  {totals}  ", signed(subject["difference"])))
    for cause in subject["causes"]:
        what = word(cause["cause"], language)
        line = f" · {indicator_title(indicators, cause['indicator'], language)}" if cause["indicator"] else ""
        branch = tree.add(Text.assemble(signed(cause["points"]), clean(f"  {what}{line}")))
        _add_evidence(branch, cause["evidence"], language)
    return tree


def _add_evidence(branch: Tree, evidence: Sequence[Document], language: str) -> None:
    for piece in evidence[:SHOWN]:
        branch.add(Text(clean(_piece(piece, language)), style="dim"))
    if len(evidence) > SHOWN:
        branch.add(note(pick(language, f"… and {len(evidence) - SHOWN} more", f"……其餘 {len(evidence) - SHOWN} 項")))


def _piece(piece: Document, language: str) -> str:
    if "type" in piece:
        return _fact(piece, language)
    return (
        _rule(piece, language)
        if "name" in piece
        else " → ".join(_cell(piece[side], language) for side in ("old", "new"))
    )


def _cell(cell: Document, language: str) -> str:
    """`2017-Q1 43 / 70`: what stood on a line in a period."""
    sides = [quantity(number(cell[side]), None) for side in ("numerator", "denominator") if cell[side] is not None]
    said = " / ".join(sides) or quantity(number(cell["value"]), None)
    state = cell["state"] or ""
    return f"{cell['period']} {said if cell['value'] is not None else word(state, language) or '–'}"


def _fact(piece: Document, language: str) -> str:
    found = f"{piece['type']} {_key(piece)} ({word('position', language)} {piece['position']}:{piece['row']})"
    taken = piece.get("retracted")
    if taken is None:
        return found
    who = pick(language, f" by {taken['by']}", f"由 {taken['by']} ") if taken["by"] else ""
    why = pick(language, f": “{taken['reason']}”", f"：「{taken['reason']}」") if taken["reason"] else ""
    said = pick(language, f"retracted{who}{why}", f"{who}撤回{why}")
    return f"{found}, {said} ({word('position', language)} {taken['position']})"


def _key(piece: Document) -> str:
    return "/".join(map(str, piece["key"].values()))


def _rule(piece: Document, language: str) -> str:
    old, new = piece.get("old"), piece.get("new")
    change = f": {_flat(old)} → {_flat(new)}" if "old" in piece else ""
    if "hypothetical" in piece:
        return f"{piece['name']}{change} ({pick(language, 'hypothetical', '假設')})"
    since = f", {word('effective', language)} {piece['effective']}" if piece.get("effective") else ""
    if piece["by"] is None:
        return f"{piece['name']}{change}"
    who = pick(language, f"by {piece['by']}, “{piece['reason']}”", f"{piece['by']} 決定：「{piece['reason']}」")
    return f"{piece['name']}{change} {who} ({word('position', language)} {piece['position']}{since})"


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_flat(part)}" for name, part in value.items()) or "–"
    if isinstance(value, list):
        return "; ".join(map(_flat, value)) or "–"
    return "–" if value is None else str(value)


def revised(document: Document, indicators: Indicators, language: str) -> RenderableType:
    """A restated or rescored evaluation, and from what its difference came."""
    return Group(evaluation(document, indicators, language), difference(document["explain"], indicators, language))


def built(document: Document, indicators: Indicators, language: str) -> RenderableType:
    """How each total is built: value, target, attainment, weight; who set them; and the facts that were counted."""
    rule = document["rule"]
    title = f"{document['scorecard']} · {document['period']} · {document['evaluation']}"
    trees = [_built(subject, document["level"], indicators, language) for subject in ranked(document["subjects"])]
    return Group(Text(clean(title), style="bold"), note(clean(_rule(rule, language))), *trees)


def _built(subject: Document, level: str, indicators: Indicators, language: str) -> Tree:
    name = subject_name(subject["subject"], level, language)
    band = f"  {subject['band']}" if subject["band"] else ""
    tree = Tree(Text.assemble((clean(name), "bold"), f"  {plain(number(subject['total']), 2)}{clean(band)}"))
    if "segments" in subject:
        tree.add(Text(_days(subject["days"], language), style="yellow"))
        for segment in subject["segments"]:
            part = tree.add(Text.assemble(*_segment(segment, language)))
            part.add(note(clean(_rule(segment["rule"], language))))
            if segment["schedule_why"]:
                part.add(note(f"{word('why', language)}: {clean(segment['schedule_why'])}"))
            _add_lines(part, segment, indicators, language)
    else:
        _add_lines(tree, subject, indicators, language)
    for step in subject["steps"][1:]:
        _add_step(tree, step, indicators, language)
    if subject["coefficient"] is not None:
        pairs = ", ".join(f"{total} → {found}" for total, found in subject["coefficient_steps"])
        tree.add(Text(f"{word('coefficient', language)} {subject['coefficient']}  ({pairs})", style="cyan"))
    return tree


def _add_lines(tree: Tree, holder: Document, indicators: Indicators, language: str) -> None:
    """The lines of a subject or of a segment, with the weight that empty ones gave away."""
    moved = number(holder["redistributed"])
    if moved:
        said = pick(language, "weight of empty lines, given to the others", "無值項目的權重，分給其他項目")
        tree.add(Text(f"{said}: {plain(moved, 0)}", style="yellow"))
    kept = number(holder["kept"])
    if kept:
        said = pick(language, "weight of empty lines, kept without points", "無值項目的權重，保留而不得分")
        tree.add(Text(f"{said}: {plain(kept, 0)}", style="yellow"))
    for line in holder["lines"]:
        branch = tree.add(_line(line, indicators, language))
        if line["why"]:
            branch.add(note(f"{word('why', language)}: {clean(line['why'])}"))
        if line["curve"]["params"]:
            branch.add(note(clean(f"{word('curve', language)} {_curve(line['curve'])}")))
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
        said += f"  {shown(step, unit, language)}  ({', '.join(limits)})"
    if step["empty_policy"]:
        said += f"  {word(step['empty_policy'], language)}"
    effect = next((f"{sign} {step[part]}" for part, sign in _EFFECTS if step.get(part) is not None), "")
    branch = tree.add(Text.assemble(clean(f"{said}  {effect} → "), points))
    if step["why"]:
        branch.add(note(f"{word('why', language)}: {clean(step['why'])}"))
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
        policy = f" ({word(line['empty_policy'], language)})" if line["empty_policy"] else ""
        said.append(f"  → –{policy}", style="yellow")
        return said
    if line["empty_policy"]:
        last = f" {quantity(number(line['last']['value']), unit)}" if line["last"] else ""
        said.append(f"  ({word(line['empty_policy'], language)}{last})", style="yellow")
    bound = f" ({word(line['bound'], language)})" if line["bound"] else ""
    weight = decimal_text(rounded(number(line["effective_weight"]) or Decimal(0), 2))
    attained = percent(number(line["attainment"]))
    said.append(f"  → {attained}{bound} × {weight} = {plain(number(line['contribution']), 2)}", style="cyan")
    return said


def _curve(curve: Document) -> str:
    """`steps  steps 0.5 → 0, 1 → 100, tiers interpolated, of ratio`: a curve with its settings."""
    settings = (
        f"{name} {', '.join(' → '.join(pair) for pair in value) or '–' if isinstance(value, list) else value}"
        for name, value in curve["params"].items()
    )
    return f"{curve['name']}  {', '.join(settings)}"


def _decided(part: str, rule: Document, language: str) -> str:
    value = _flat(rule[part]) if part in rule else ""
    return clean(f"{word(part, language)} {value}: {_rule(rule, language)}")


def _add_facts(branch: Tree, facts: Sequence[Document], indicator: Indicator | None, language: str) -> None:
    """Facts of each side of the division, the largest first."""
    sides: dict[tuple[str, str], list[Document]] = {}
    for fact in facts:
        sides.setdefault((fact["role"], fact["type"]), []).append(fact)
    money = indicator is not None and indicator.unit == "money"
    for (role, kind), listed in sides.items():
        heading = f"{word(role, language)}: {len(listed):,} {kind}"
        ordered = sorted(listed, key=lambda fact: -abs(number(fact["added"]) or Decimal(0)))
        if not money:
            more = " …" if len(ordered) > SHOWN else ""
            branch.add(Text(clean(f"{heading}  {', '.join(map(_key, ordered[:SHOWN]))}{more}")))
            continue
        side = branch.add(Text(clean(heading)))
        for fact in ordered[:SHOWN]:
            added = "" if fact["added"] is None else f"  {with_sign(quantity(number(fact['added']), None))}"
            side.add(note(clean(f"{_fact(fact, language)}{added}")))
        if len(ordered) > SHOWN:
            side.add(note(pick(language, "… --json lists them all", "……--json 可列出全部")))
