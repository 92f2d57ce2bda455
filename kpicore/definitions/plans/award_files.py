"""Files of awards: `[award]` in TOML, with bases from a CSV file where there are many."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, cast, get_args

from attrs import frozen

from kpicore.definitions.cards.card_checks import PERIOD_KINDS
from kpicore.definitions.cards.card_tables import Table, TomlFile, told
from kpicore.definitions.cards.outcome_files import coefficient_of, read_coefficient
from kpicore.definitions.plans.award_checks import MONEY_PLACES, MOST_LENGTH, check_award
from kpicore.definitions.plans.awards import (
    AWARD_KINDS,
    Award,
    Base,
    Bonus,
    BonusCaps,
    BonusGate,
    CompanyFactor,
    Eligibility,
    GatePolicy,
    Innovation,
    Prize,
    Rounding,
    RoundingMode,
    Star,
    Ties,
)
from kpicore.definitions.plans.csv_tables import read_csv

__all__ = ["UsedAward", "read_award"]

_HEAD = ("id", "kind", "title", "scorecards", "period", "effective", "why")
_KEYS = {
    "bonus": ("currency", "bases", "prorate"),
    "star": ("indicator", "least_sample"),
    "innovation": ("indicator", "at_least"),
    "eligibility": ("at_least", "length"),
}
_TABLES = {
    "bonus": ("base", "coefficient", "company", "gate", "caps", "rounding"),
    "star": ("prize", "rounding"),
    "innovation": ("prize", "rounding"),
    "eligibility": (),
}
_COLUMNS = ("subject", "role", "amount")


@frozen
class UsedAward:
    """A plugin's award that is put in force from a date.

    Args:
        name: Its id.
        effective: From when it counts.
        scorecards: By which scorecards, where the plugin leaves it open or names others; empty: as the plugin says.
        prize: The money, of a star or an innovation award; None: as the plugin says.
    """

    name: str
    effective: str
    scorecards: tuple[str, ...] = ()
    prize: Prize | None = None

    @property
    def id(self) -> str:
        """Name of the award."""
        return self.name


def read_award(file: TomlFile) -> Award | UsedAward:
    """The award of a file.

    Raises:
        InvalidDefinition: Something in it is wrong; `where` names file, line and table.
    """
    head = file.table("award")
    if "use" in head.data:
        file.check_tables(["award", "prize", "rounding"], {})
        head.check_keys(["use", "effective", "scorecards"])
        cards = head.strings("scorecards") if "scorecards" in head.data else ()
        return UsedAward(head.required("use"), head.date("effective"), cards, _prize(file))
    kind = head.one_of("kind", AWARD_KINDS)
    file.check_tables(["award", *_TABLES[kind]], {})
    head.check_keys([*_HEAD, *_KEYS[kind]])
    common: dict[str, Any] = {
        "id": head.required("id"),
        "title": head.texts("title"),
        "scorecards": head.strings("scorecards"),
        "effective": head.date("effective"),
        "why": head.string("why"),
    }
    default = {"star": "month", "innovation": "quarter", "eligibility": "quarter"}.get(kind)
    common["period"] = head.one_of("period", PERIOD_KINDS, default)
    made = _MAKERS[kind](file, head, common)
    check_award(made, file.name)
    return made


def _bonus(file: TomlFile, head: Table, common: dict[str, Any]) -> Award:
    prorate = head.data.get("prorate", True)
    if not isinstance(prorate, bool):
        raise head.wrong("prorate", f"prorate must be true or false, not {told(prorate)}", hint="write prorate = false")
    return Bonus(
        **common,
        currency=head.required("currency"),
        bases=[*(_base(table) for table in file.tables("base")), *_listed(file, head)],
        coefficient=read_coefficient(file),
        company=_company(file),
        gates=[_gate(table) for table in file.tables("gate")],
        caps=_caps(file.table("caps")),
        prorate=prorate,
        rounding=_rounding(file.table("rounding")),
    )


def _star(file: TomlFile, head: Table, common: dict[str, Any]) -> Award:
    least = head.number("least_sample")
    return Star(**common, indicator=head.required("indicator"), least_sample=least, prize=_prize(file))


def _innovation(file: TomlFile, head: Table, common: dict[str, Any]) -> Award:
    bound = head.number("at_least")
    least = Decimal(1) if bound is None else bound
    return Innovation(**common, indicator=head.required("indicator"), at_least=least, prize=_prize(file))


def _eligibility(_file: TomlFile, head: Table, common: dict[str, Any]) -> Award:
    bound = head.number("at_least")
    return Eligibility(
        **common, at_least=Decimal(110) if bound is None else bound, length=head.whole("length", 2, 1, MOST_LENGTH)
    )


_MAKERS = {"bonus": _bonus, "star": _star, "innovation": _innovation, "eligibility": _eligibility}


def _needed(table: Table, key: str) -> Decimal:
    value = table.number(key)
    if value is None:
        raise table.wrong(None, f"{key} is missing", hint=f'write {key} = "…"', code="missing_key")
    return value


def _base(table: Table) -> Base:
    table.check_keys(_COLUMNS)
    return Base(_needed(table, "amount"), table.string("subject"), table.string("role"))


def _listed(file: TomlFile, head: Table) -> Iterator[Base]:
    """The bases of the CSV file beside, with the columns subject, role and amount."""
    name = head.string("bases")
    if name is not None:
        folder = Path(file.name).resolve().parent
        if Path(name).is_absolute() or not (folder / name).resolve().is_relative_to(folder):
            message = f"{name!r} is outside the folder of the award"
            raise head.wrong("bases", message, hint="put the file beside the award")
        yield from map(_base, read_csv(Path(file.name).parent / name, "base", _COLUMNS, ("amount",)))


def _company(file: TomlFile) -> CompanyFactor | None:
    table = file.table("company")
    if "company" not in file.data:
        return None
    table.check_keys(("scorecard", "kind", "steps", "value", "periods"))
    scorecard = table.string("scorecard")
    periods = table.data.get("periods", {})
    if not isinstance(periods, dict):
        raise table.wrong("periods", "periods must be a table", hint='write periods = {"2026-Q1" = "1.1"}')
    return CompanyFactor(
        scorecard,
        None if scorecard is None else coefficient_of(table),
        table.number("value"),
        {name: table.exact("periods", value) for name, value in periods.items()},
    )


def _gate(table: Table) -> BonusGate:
    table.check_keys(("indicator", "below", "above", "factor", "empty", "why"))
    factor = table.number("factor")
    return BonusGate(
        table.string("indicator"),
        table.number("below"),
        table.number("above"),
        Decimal(0) if factor is None else factor,
        cast("GatePolicy", table.one_of("empty", get_args(GatePolicy), "pass")),
        table.string("why"),
    )


def _caps(table: Table) -> BonusCaps:
    table.check_keys(("indicators", "total", "coefficient", "payout"))
    indicators = table.data.get("indicators", {})
    if not isinstance(indicators, dict):
        raise table.wrong(
            "indicators", "indicators must be a table", hint='write indicators = {"sales.win_rate" = "1.2"}'
        )
    for name, value in indicators.items():
        if isinstance(value, dict):
            hint = 'quote indicator ids: "sales.win_rate" = "1.2"'
            raise table.wrong("indicators", f"{name} must be a number", hint=hint)
    limits = {name: table.exact("indicators", value) for name, value in indicators.items()}
    return BonusCaps(limits, *(table.number(name) for name in ("total", "coefficient", "payout")))


def _prize(file: TomlFile) -> Prize | None:
    table = file.table("prize")
    if not table.data:
        if "rounding" in file.data:
            raise file.table("rounding").wrong(None, "there is no money to round", hint="write [prize]")
        return None
    table.check_keys(("amount", "currency", "ties"))
    ties = cast("Ties", table.one_of("ties", get_args(Ties), "share"))
    return Prize(_needed(table, "amount"), table.required("currency"), ties, _rounding(file.table("rounding")))


def _rounding(table: Table) -> Rounding:
    table.check_keys(("places", "mode"))
    mode = table.one_of("mode", get_args(RoundingMode), "half_even")
    return Rounding(table.whole("places", 0, 0, MONEY_PLACES), cast("RoundingMode", mode))
