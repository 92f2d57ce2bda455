"""Awards and payouts, for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from kpicore.naming import translated
from kpicore.reports.pieces import fact_said
from kpicore.reports.tables import cells, note, subject_name, table
from kpicore.reports.words import bracketed, clean, labelled, listed, number, pick, plain, quantity, rounded, word

Document = Mapping[str, Any]

#: Facts that are shown as evidence of an innovation.
SHOWN = 5


def award(document: Document, language: str, *, whole: bool = False) -> RenderableType:
    """What an award gives: one row a subject, or with `whole` everything that led to it."""
    title = f"{translated(document['title'], language)} · {document['period']}"
    parts: list[RenderableType] = []
    if whole:
        parts.append(Text(clean(title), "bold"))
        parts.extend(_whole(one, document, language) for one in document["subjects"])
    else:
        parts.append(_TABLES[document["kind"]](document, title, language))
    if document["kind"] == "innovation" and not whole:
        parts.extend(_evidence(one, language) for one in document["subjects"] if one["won"])
    parts.append(note(_stands_on(document, language)))
    if document["payouts"]:
        before = listed(document["payouts"], language)
        parts.append(note(pick(language, f"paid before: {before}", f"先前已發放：{before}")))
    return Group(*parts)


def paid(document: Document, language: str) -> RenderableType:
    """That a payout is on record."""
    name, who = document["payout"], clean(document["by"])
    if document["duplicate"]:
        said = f"{name} stands: nothing else is owed"
        return Text(pick(language, said, f"{name} 已記錄：沒有其他應發金額"))
    amount = _money(document["total"], document["currency"])
    said = pick(
        language,
        f"{name} recorded at position {document['position']} by {who}" + (f": {amount}" if amount else ""),
        f"{who} 已記錄 {name}，位置 {document['position']}" + (f"：{amount}" if amount else ""),
    )
    return Group(award({**document, "payouts": []}, language), Text(said))


def payouts(documents: Sequence[Document], language: str) -> RenderableType:
    """What was paid, one row a payout; with one subject each, what they got."""
    if not documents:
        return note(pick(language, "nothing was paid yet", "尚未發放"))
    made = table(
        *((word(part, language), "left") for part in ("payout", "period", "subject")),
        (word("amount", language), "right"),
        (word("by", language), "left"),
    )
    for document in documents:
        everyone = document["subjects"]
        one = everyone[0] if len(everyone) == 1 else None
        who = subject_name(one["subject"], "company", language) if one else str(len(everyone))
        amount = _money(one["amount"] if one else document["total"], document["currency"]) or "–"
        made.add_row(*cells(document["payout"], document["period"], who, amount, document["by"]))
    return made


def _bonus(document: Document, title: str, language: str) -> RenderableType:
    shown = ("base", *_present(document))
    made = table(
        (word("subject", language), "left"),
        (word("total", language), "right"),
        *((word(part, language), "right") for part in shown),
        *((word(part, language), "right") for part in ("due", "paid", "to_pay")),
        ("", "left"),
        title=clean(title),
    )
    for one in document["subjects"]:
        factors = {factor["factor"]: factor["value"] for factor in one.get("factors", ())}
        total = plain(number(one.get("total")), 2)
        if one.get("adjustments"):
            total = f"{plain(number(one['system_total']), 2)} → {total}"
        made.add_row(
            *cells(subject_name(one["subject"], "company", language), total),
            *cells(*(factor_said(factors.get(part)) for part in shown)),
            *cells(*(amount_said(one[part]) for part in ("due", "paid", "amount"))),
            *cells(remarks_on(one, language)),
        )
    total = _money(document["total"], document["currency"])
    return Group(made, Text(labelled(word("to_pay", language), total, language), "bold"))


def _present(document: Document) -> list[str]:
    """The factors that have something to say: all but those that are 1 for everyone."""
    factors = [factor for one in document["subjects"] for factor in one.get("factors", ())]
    named = {factor["factor"] for factor in factors if factor["value"] != "1"}
    return [part for part in ("proration", "coefficient", "company", "gate") if part in named]


def _star(document: Document, title: str, language: str) -> RenderableType:
    money = document["currency"] is not None
    made = table(
        ("", "left"),
        (word("subject", language), "left"),
        *((word(part, language), "right") for part in ("numerator", "denominator", "value")),
        *([(word("to_pay", language), "right")] if money else []),
        ("", "left"),
        title=clean(title),
    )
    for one in document["subjects"]:
        parts = (quantity(number(one.get(part)), None) for part in ("numerator", "denominator", "value"))
        amount = [amount_said(one["amount"])] if money else []
        made.add_row(
            Text("★" if one["won"] else "", "yellow"),
            *cells(subject_name(one["subject"], "company", language), *parts, *amount, remarks_on(one, language)),
        )
    return made


def _eligible(document: Document, title: str, language: str) -> RenderableType:
    periods = [step["period"] for step in document["subjects"][0]["periods"]] if document["subjects"] else []
    made = table(
        ("", "left"),
        (word("subject", language), "left"),
        *((period, "right") for period in reversed(periods)),
        (word("run", language), "right"),
        title=clean(title),
    )
    for one in document["subjects"]:
        steps = [_step(step, language) for step in reversed(one["periods"])]
        run = f"{one['run']} / {one['length']}"
        made.add_row(
            Text("★" if one["won"] else "", "yellow"),
            *cells(subject_name(one["subject"], "company", language), *steps, run),
        )
    return made


_TABLES: Mapping[str, Callable[[Document, str, str], RenderableType]] = {
    "bonus": _bonus,
    "star": _star,
    "innovation": _star,
    "eligibility": _eligible,
}


def _step(step: Document, language: str) -> str:
    if step["state"] != "ok":
        return word(step["state"], language)
    shown = [
        plain(number(one["total"]), 2)
        if one["total"] == one["system_total"]
        else f"{plain(number(one['system_total']), 2)} → {plain(number(one['total']), 2)}"
        for one in step["totals"]
    ]
    return listed(shown, language) + (" ✓" if step["reached"] else "")


def _whole(one: Document, document: Document, language: str) -> Tree:
    """Everything that led to what one subject gets."""
    amount = _money(one["amount"], document["currency"])
    tree = Tree(Text.assemble((clean(subject_name(one["subject"], "company", language)), "bold"), f"  {amount or ''}"))
    for factor in one.get("factors", ()):
        tree.add(
            Text(
                clean(
                    f"× {word(factor['factor'], language)} {factor_said(factor['value'])}{factor_why(factor, language)}"
                )
            )
        )
    for moved in one.get("carried", ()):
        amount = _money(moved["amount"], document["currency"])
        why = bracketed(f"{moved['from']} → {moved['to']}", language)
        said = labelled(f"+ {word('carried', language)} {moved['from_period']}", f"{amount}{why}", language)
        tree.add(Text(clean(said)))
    for part in ("due", "paid"):
        if one[part] is not None:
            tree.add(Text(f"{word(part, language)} {amount_said(one[part])}"))
    for step in one.get("periods", ()):
        tree.add(Text(clean(labelled(step["period"], _step(step, language), language))))
    remarks = remarks_on(one, language)
    if remarks:
        tree.add(Text(clean(remarks), "yellow"))
    for fact in one.get("evidence", ()):
        tree.add(note(clean(fact_said(fact, language))))
    return tree


def factor_why(factor: Document, language: str) -> str:
    """Where a factor comes from, in brackets."""
    if factor["factor"] == "base":
        of = factor["subject"] or factor["role"] or pick(language, "everyone", "所有人")
        return bracketed(of, language)
    if factor["factor"] == "proration" and factor["days"]:
        eligible, period = factor["days"]["eligible"], factor["days"]["period"]
        return bracketed(pick(language, f"{eligible} of {period} days", f"{period} 天中 {eligible} 天"), language)
    if factor["factor"] in ("coefficient", "company") and factor["total"] is not None:
        return bracketed(f"{word('total', language)} {plain(number(factor['total']), 2)}", language)
    closed = [gate["indicator"] or word("total", language) for gate in factor.get("gates", ()) if gate["closed"]]
    return bracketed(listed(closed, language), language) if closed else ""


def _evidence(one: Document, language: str) -> Tree:
    tree = Tree(Text(clean(subject_name(one["subject"], "company", language)), "bold"))
    for fact in one["evidence"][:SHOWN]:
        tree.add(note(clean(fact_said(fact, language))))
    if len(one["evidence"]) > SHOWN:
        tree.add(note(pick(language, "… --json lists them all", "……--json 列出全部")))
    return tree


def remarks_on(one: Document, language: str) -> str:
    """What else is worth knowing of what somebody gets: the state, caps, what was carried, adjustments."""
    said = [word(one["state"], language)] if one["state"] != "ok" else []
    said += [labelled(word("cap", language), _capped(bound, language), language) for bound in one.get("bound", ())]
    said += [
        f"{word('carried', language)} {moved['from_period']} {amount_said(moved['amount'])}"
        for moved in one.get("carried", ())
    ]
    said += list(one.get("adjustments", ()))
    return listed(said, language)


def _capped(bound: str, language: str) -> str:
    """What a cap is set on: the payout, the total, the coefficient or `indicator NAME`."""
    what, _, name = bound.partition(" ")
    return f"{word(what, language)} {name}".rstrip()


def _stands_on(document: Document, language: str) -> str:
    names = list(dict.fromkeys(seal["evaluation"] for seal in document["seals"]))
    some = listed(names[:4], language) + (" …" if len(names) > 4 else "")
    return f"{pick(language, 'stands on', '依據')} {some} · {word('digest', language)} {document['digest'][:16]}…"


def factor_said(value: str | None) -> str:
    """A factor as it is read; a quotient to four places."""
    if value is None:
        return "–"
    if "/" in value:
        above, _, below = value.partition("/")
        return plain(Decimal(above) / Decimal(below), 4)
    found = Decimal(value)
    return f"{found:,f}" if found == rounded(found, 4) else plain(found, 4)


def amount_said(value: Any) -> str:
    """An amount with groups of three digits."""
    found = number(value)
    return "–" if found is None else f"{found:,f}"


def _money(value: Any, currency: str | None) -> str:
    return "" if value is None or currency is None else f"{amount_said(value)} {currency}"
