"""Files of rules: scorecards, the organisation's settings and weights, as TOML that people write."""

from __future__ import annotations

import os
import zoneinfo
from decimal import Decimal
from pathlib import Path
from typing import cast, get_args

from kpicore.canonical import decimal_text
from kpicore.definitions.cards.card_checks import EMPTY_POLICIES, FALLBACKS, PERIOD_KINDS, check_card
from kpicore.definitions.cards.card_tables import Table, TomlFile, read_toml
from kpicore.definitions.cards.curves import CURVE_PARAMETERS
from kpicore.definitions.cards.outcome_files import read_coefficient, read_gate, read_modifier
from kpicore.definitions.cards.scorecards import (
    EmptyPolicy,
    Line,
    MidPeriod,
    Organisation,
    Restatement,
    ScheduleStep,
    Scorecard,
    TargetLine,
    TwoPersons,
)
from kpicore.definitions.cards.weights import RESTS, Rest, Weights
from kpicore.definitions.indicators import EMPTY_STATES, LEVELS, Level
from kpicore.errors import InvalidDefinition, InvalidInput
from kpicore.naming import did_you_mean

__all__ = ["load_card_file", "load_scorecard", "load_weights", "read_card", "read_card_file", "read_weights"]

_TABLES = ("scorecard", "line", "target", "schedule", "empty", "modifier", "gate", "bands", "coefficient")
_CARD_KEYS = ("id", "title", "role", "level", "business_stage", "period", "effective", "mid_period", "cap")
_LINE_KEYS = ("indicator", "weight", "target", "curve", "floor", "cap", *CURVE_PARAMETERS, "params", "credit", "why")
_TARGET_KEYS = ("level", "subject", "indicator", "period", "value")
_STEP_KEYS = ("until", "weights", "rest", "locked", "why")
#: Nobody is a newcomer for longer, in months.
_LONGEST_TENURE = 1200

_LATER_TABLES = {
    "pilot": "pilots ([pilot]) are",
}
_LATER_CARD_KEYS = {
    "pilot": "pilots (pilot) are",
}
_LATER_LINE_KEYS = {
    "empty": "a policy for empty states of a single line (empty) is",
    "by": "lines by break-down (by) are",
}


def load_card_file(path: str | Path) -> Scorecard | Organisation:
    """Read one rule file.

    Raises:
        InvalidDefinition: Something in it is wrong; `where` names file, line and table.
        Refused: It asks for something that is not built yet.
    """
    return read_card_file(read_toml(Path(path)))


def load_scorecard(path: str | os.PathLike[str]) -> Scorecard:
    """Read a file that holds a scorecard and nothing else."""
    card = load_card_file(Path(path))
    if not isinstance(card, Scorecard):
        raise InvalidInput("this is no scorecard", code="usage", where=str(path), hint="begin with [scorecard]")
    return card


def read_card(content: str, name: str = "scorecard") -> Scorecard | Organisation:
    """Read the text of a rule file; `name` is what errors call it."""
    return read_card_file(TomlFile(content, name))


def load_weights(path: str | Path) -> Weights:
    """Read a file of weights: `[weights]` with quoted indicator ids, and what becomes of lines that it does not name."""
    return _weights(read_toml(Path(path)))


def read_weights(content: str, name: str = "weights") -> Weights:
    """Read the text of a file of weights."""
    return _weights(TomlFile(content, name))


def _weights(file: TomlFile) -> Weights:
    file.check_tables(["weights"], {})
    table = file.table("weights")
    if not table.data:
        raise InvalidDefinition(
            "no [weights]", where=file.name, code="missing_key", hint='write [weights] and "sales.win_rate" = "40"'
        )
    for name, value in table.data.items():
        if isinstance(value, dict):
            raise table.wrong(name, f"{name} must be a number", hint='quote indicator ids: "sales.win_rate" = "40"')
    # Ids of indicators have a dot: these two words are no indicators.
    named = {name: table.exact(name, value) for name, value in table.data.items() if name not in ("rest", "locked")}
    return Weights(named, read_rest(table), table.names("locked"))


def read_rest(table: Table) -> Rest | None:
    """What a table says of lines that it does not name; None: nothing."""
    return cast(Rest, table.one_of("rest", RESTS)) if "rest" in table.data else None


def read_card_file(file: TomlFile) -> Scorecard | Organisation:
    """Read a parsed rule file: a scorecard, or the organisation's settings."""
    if "organisation" in file.data:
        if "scorecard" in file.data:
            raise InvalidDefinition(
                "holds an organisation and a scorecard", where=file.name, hint="write one of them in a file"
            )
        return _organisation(file)
    if "scorecard" not in file.data and file.data:
        hint = did_you_mean(next(iter(file.data)), ["scorecard", "organisation"])
    else:
        hint = None
    if "scorecard" not in file.data:
        raise InvalidDefinition(
            "holds neither [scorecard] nor [organisation]",
            where=file.name,
            code="missing_key",
            hint=hint or "begin with [scorecard]",
        )
    return _scorecard(file)


def _organisation(file: TomlFile) -> Organisation:
    file.check_tables(["organisation"], {})
    table = file.table("organisation")
    table.check_keys(["timezone", "fiscal_year_start", "base_currency", "restatement", "approvals"])
    zone = table.string("timezone", "UTC") or "UTC"
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        hint = did_you_mean(zone, zoneinfo.available_timezones()) or "write an IANA name such as Asia/Taipei"
        raise table.wrong("timezone", f"no time zone {zone!r}", hint=hint) from None
    currency = table.string("base_currency")
    if currency is not None and not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise table.wrong(
            "base_currency", f"{currency!r} is not a currency", hint="write three capital letters such as TWD"
        )
    restatement = table.string("restatement", "corrective")
    if restatement not in get_args(Restatement):
        raise table.wrong("restatement", f"{restatement!r} is not a policy", hint="write corrective or forwarding")
    return Organisation(
        zone,
        table.whole("fiscal_year_start", 1, 1, 12),
        currency,
        cast("Restatement", restatement),
        tuple(cast("TwoPersons", what) for what in table.some_of("approvals", get_args(TwoPersons))),
    )


def _scorecard(file: TomlFile) -> Scorecard:
    file.check_tables(_TABLES, _LATER_TABLES)
    head = file.table("scorecard")
    head.check_keys(_CARD_KEYS, _LATER_CARD_KEYS)
    card_id = head.identifier("a scorecard")
    level = cast(Level, head.one_of("level", LEVELS, "person"))
    lines = file.tables("line")
    targets = file.tables("target")
    steps, modifiers, gates = (file.tables(name) for name in ("schedule", "modifier", "gate"))
    empty, fallback = _empty(file.table("empty"))
    card = Scorecard(
        id=card_id,
        title=head.texts("title"),
        role=head.required("role"),
        period=head.one_of("period", PERIOD_KINDS),
        effective=head.date("effective"),
        lines=[read_line(table) for table in lines],
        level=level,
        business_stage=head.string("business_stage"),
        targets=[_target(table, level) for table in targets],
        empty=empty,
        fallback=fallback,
        bands=_bands(file.table("bands")),
        gates=[read_gate(table) for table in gates],
        modifiers=[read_modifier(table) for table in modifiers],
        cap=head.number("cap"),
        coefficient=read_coefficient(file),
        mid_period=cast(MidPeriod, head.one_of("mid_period", get_args(MidPeriod), "split")),
        schedule=[_step(table) for table in steps],
    )
    places = {
        (table.name, n): table.where()
        for tables in (lines, targets, steps, modifiers, gates)
        for n, table in enumerate(tables)
    }
    check_card(card, file.name, places)
    return card


def read_line(table: Table, otherwise: Decimal | None = None) -> Line:
    """One `[[line]]`; `otherwise` is its weight where it says none."""
    table.check_keys(_LINE_KEYS, _LATER_LINE_KEYS)
    indicator = table.required("indicator")
    weight = table.number("weight")
    weight = otherwise if weight is None else weight
    if weight is None:
        raise table.wrong(
            None, "weight is missing", hint='write weight = "40"; 0 is shown and not scored', code="missing_key"
        )
    floor = table.number("floor")
    return Line(
        indicator=indicator,
        weight=weight,
        target=table.number("target"),
        curve=table.string("curve"),
        floor=Decimal(0) if floor is None else floor,
        cap=table.number("cap"),
        params=table.params(),
        credit=table.string("credit"),
        curve_params=_curve_params(table),
        why=table.string("why"),
    )


def _step(table: Table) -> ScheduleStep:
    table.check_keys(_STEP_KEYS)
    if "until" not in table.data:
        raise table.wrong(
            None, "until is missing", hint="write until = 3, months since the person was hired", code="missing_key"
        )
    weights = table.data.get("weights")
    if not isinstance(weights, dict) or not weights:
        raise table.wrong(
            "weights",
            "weights must be a table",
            hint='write weights = {"team.training_completion_rate" = "30"}, with quoted indicator ids',
            code="missing_key",
        )
    named = {name: table.exact("weights", weight) for name, weight in weights.items()}
    return ScheduleStep(
        until=table.whole("until", 0, 1, _LONGEST_TENURE),
        weights=Weights(named, read_rest(table), table.names("locked")),
        why=table.string("why"),
    )


def _curve_params(table: Table) -> dict[str, str | list[str]]:
    """Settings of the line's curve; which of them it has is for the curve to say."""
    found: dict[str, str | list[str]] = {}
    for key in (key for key in CURVE_PARAMETERS if key in table.data):
        kind = CURVE_PARAMETERS[key]
        if kind == "steps":
            rows = table.pairs(key)
            found[key] = [f"{decimal_text(start)}: {decimal_text(what)}" for start, what in rows]
        elif kind == "choice":
            found[key] = table.required(key)
        else:
            found[key] = decimal_text(table.exact(key, table.data[key]))
    return found


def _target(table: Table, level: Level) -> TargetLine:
    table.check_keys(_TARGET_KEYS)
    value = table.number("value")
    if value is None:
        raise table.wrong(None, "value is missing", hint='write value = "60000"', code="missing_key")
    return TargetLine(
        indicator=table.required("indicator"),
        value=value,
        level=cast(Level, table.one_of("level", LEVELS, level)),
        subject=table.string("subject"),
        period=table.string("period"),
    )


def _empty(table: Table) -> tuple[dict[str, EmptyPolicy], dict[str, EmptyPolicy]]:
    """What empty states do, and of those that take the last value what they do where there is none."""
    table.check_keys(EMPTY_STATES)
    empty: dict[str, EmptyPolicy] = {}
    fallback: dict[str, EmptyPolicy] = {}
    for state, given in table.data.items():
        if isinstance(given, list):
            if len(given) != 2 or given[0] != "last" or given[1] not in FALLBACKS:
                hint = f'write {state} = ["last", "keep"]: the last value, and what is done where there is none'
                raise table.wrong(state, f"{state} cannot be {given!r}", hint=hint)
            empty[state], fallback[state] = "last", given[1]
        else:
            empty[state] = cast("EmptyPolicy", table.one_of(state, EMPTY_POLICIES))
    return empty, fallback


def _bands(table: Table) -> dict[str, Decimal]:
    return {name: table.exact(name, value) for name, value in table.data.items()}
