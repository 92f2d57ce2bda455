"""Files of strategy changes: `[change]` with `[[line]]`, and `[trigger]` where it stands by; `[triggered]` of a proposal."""

from __future__ import annotations

from decimal import Decimal
from typing import cast, get_args

from attrs import frozen

from kpicore.definitions.cards.card_files import read_line, read_rest
from kpicore.definitions.cards.card_tables import Table, TomlFile, told
from kpicore.definitions.indicators import LEVELS, Level
from kpicore.definitions.plans.strategy import LINE_PARTS, ChangedLine, StrategyChange, Trigger, TriggerPeriod

__all__ = ["Triggered", "read_change", "read_triggered"]

_CHANGE_KEYS = ("id", "title", "scorecard", "effective", "why", "rest", "locked", "business_stage")
_TRIGGER_KEYS = ("on", "indicator", "below", "above", "periods", "period", "level", "subject", "params")


@frozen
class Triggered:
    """That a standing change is to be applied because its trigger was met, and when that was looked at.

    Args:
        trigger: Id of the standing change.
        facts_cut, rules_cut: Positions in the ledger.
        as_of: Instant with a zone.
    """

    trigger: str
    facts_cut: int
    rules_cut: int
    as_of: str


def read_triggered(file: TomlFile) -> Triggered:
    """A proposal, as `kpicore triggers --out` writes it."""
    file.check_tables(["triggered"], {})
    table = file.table("triggered")
    table.check_keys(("trigger", "facts_cut", "rules_cut", "as_of"))
    most = 2**62
    return Triggered(
        table.required("trigger"),
        table.whole("facts_cut", 0, 0, most),
        table.whole("rules_cut", 0, 0, most),
        table.required("as_of"),
    )


def read_change(file: TomlFile) -> StrategyChange:
    """A strategy change.

    Raises:
        InvalidDefinition: Something in it is wrong; `where` names file, line and table.
    """
    file.check_tables(["change", "line", "trigger"], {})
    head = file.table("change")
    head.check_keys(_CHANGE_KEYS)
    change_id = head.identifier("a change")
    trigger = _trigger(file.table("trigger")) if "trigger" in file.data else None
    if trigger is None and "effective" not in head.data:
        head.date("effective")
    lines = [_line(table) for table in file.tables("line")]
    if not lines:
        raise head.wrong(None, "no [[line]]", code="missing_key", hint="say which lines change")
    seen: set[str] = set()
    for line, table in zip(lines, file.tables("line"), strict=True):
        if line.line.indicator in seen:
            raise table.wrong(
                "indicator", f"{line.line.indicator} is there twice", hint="name it once", code="duplicate_indicator"
            )
        seen.add(line.line.indicator)
    return StrategyChange(
        change_id,
        scorecard=head.required("scorecard"),
        lines=lines,
        why=head.required("why"),
        effective=head.date("effective") if "effective" in head.data else None,
        title=head.texts("title") if "title" in head.data else {},
        rest=read_rest(head),
        locked=head.names("locked"),
        business_stage=head.string("business_stage"),
        trigger=trigger,
    )


def _line(table: Table) -> ChangedLine:
    remove = table.data.get("remove", False)
    if not isinstance(remove, bool):
        raise table.wrong("remove", f"remove must be true or false, not {told(remove)}", hint="write remove = true")
    data = {key: value for key, value in table.data.items() if key != "remove"}
    line = read_line(Table(table.file, table.name, table.index, data, single=False), Decimal(0))
    if remove and len(data) > 1:
        raise table.wrong("remove", "a line that goes has nothing else to say", hint="leave the other keys out")
    parts = [part for part in LINE_PARTS if part in data]
    # What is no part of a line is a parameter of its curve.
    if any(key not in (*LINE_PARTS, "indicator") for key in data) or "curve" in data:
        parts.append("curve_params")
    return ChangedLine(line, parts, remove)


def _trigger(table: Table) -> Trigger:
    table.check_keys(_TRIGGER_KEYS)
    on = table.date("on") if "on" in table.data else None
    indicator, below, above = table.string("indicator"), table.number("below"), table.number("above")
    if (on is None) == (indicator is None):
        raise table.wrong(
            None,
            "a trigger is a date or a condition on an indicator",
            code="missing_key",
            hint='write on = 2026-07-01, or indicator = "…" with below or above',
        )
    if indicator is not None and (below is None) == (above is None):
        raise table.wrong(
            "indicator", "either below or above is needed", code="missing_key", hint='write below = "0.1"'
        )
    if on is not None and len(table.data) > 1:
        raise table.wrong("on", "a date needs nothing else", hint="leave the other keys out")
    level = cast(Level, table.one_of("level", LEVELS, "company"))
    subject = table.string("subject")
    if (level == "company") != (subject is None):
        raise table.wrong("subject", "a person or a team has a subject, the company none", hint='write subject = "…"')
    return Trigger(
        on=on,
        indicator=indicator,
        below=below,
        above=above,
        periods=table.whole("periods", 1, 1, 100),
        period=cast(TriggerPeriod, table.one_of("period", get_args(TriggerPeriod), "quarter")),
        level=level,
        subject=subject,
        params=table.params(),
    )
