"""Values of parameters: what a caller gives, checked against what a definition declares."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from kpicore.canonical import decimal_text
from kpicore.definitions.parameters import Parameter, Parameters
from kpicore.errors import InvalidInput
from kpicore.naming import did_you_mean
from kpicore.periods import duration_us

#: A duration as microseconds, an integer, a decimal, a choice or text, names as a tuple.
Value: TypeAlias = "int | Decimal | str | tuple[str, ...]"


def chosen(declared: Parameters, given: Mapping[str, Any], where: str) -> dict[str, str | tuple[str, ...]]:
    """Every declared parameter with the value that counts, as text: the given one or the default.

    Args:
        declared: Parameters by name.
        given: Values that differ from the defaults, as people or files write them.
        where: Whose parameters they are, for errors.

    Raises:
        InvalidInput: If a name is not declared, or a value is not of its kind.
    """
    for name in given:
        if name not in declared:
            raise InvalidInput(
                f"no parameter {name!r}",
                code="unknown_parameter",
                where=where,
                hint=did_you_mean(name, declared) or f"it has {', '.join(sorted(declared)) or 'none'}",
            )
    return {name: checked(spec, given.get(name, spec.default), f"{where}, {name}") for name, spec in declared.items()}


def checked(parameter: Parameter, given: Any, where: str) -> str | tuple[str, ...]:
    """One value in its written form: decimals without trailing zeros, names and steps as a tuple.

    Raises:
        InvalidInput: If it is not of the parameter's kind.
    """
    if parameter.kind == "names":
        items = tuple(str(item) for item in given) if isinstance(given, list | tuple) else tuple(str(given).split(","))
        if not items:
            raise _not_a(parameter, given, where)
        return items
    if parameter.kind == "steps":
        return _steps(parameter, given, where)
    written = str(given)
    if parameter.kind == "duration":
        duration_us(written)
    elif parameter.kind == "choice" and written not in parameter.choices:
        raise InvalidInput(
            f"{written!r} is none of {', '.join(parameter.choices)}",
            code="bad_parameter",
            where=where,
            hint=did_you_mean(written, parameter.choices) or f"one of: {', '.join(parameter.choices)}",
        )
    elif parameter.kind in ("integer", "decimal"):
        return _number(parameter, given, where)
    return written


def steps_of(written: str | tuple[str, ...]) -> tuple[tuple[Decimal, Decimal], ...]:
    """A value of the kind `steps` as pairs of numbers, from what `chosen` gave."""
    pairs = (item.split(": ") for item in written)
    return tuple((Decimal(start), Decimal(what)) for start, what in pairs)


def bound(declared: Parameters, texts: Mapping[str, str | tuple[str, ...]]) -> dict[str, Value]:
    """Values as SQL binds them: durations in microseconds, numbers as numbers.

    Args:
        declared: Parameters by name.
        texts: What `chosen` gave.
    """
    return {name: _bound(spec, texts[name]) for name, spec in declared.items()}


def _bound(parameter: Parameter, written: str | tuple[str, ...]) -> Value:
    if isinstance(written, tuple):
        return written
    if parameter.kind == "duration":
        return duration_us(written)
    if parameter.kind == "integer":
        return int(written)
    return Decimal(written) if parameter.kind == "decimal" else written


def _steps(parameter: Parameter, given: Any, where: str) -> tuple[str, ...]:
    """Rows of a table as texts `from: what`; given as such texts, as one text with commas, or as pairs."""
    if not isinstance(given, list | tuple | str):
        raise _not_a(parameter, given, where)
    rows = []
    for item in given.split(",") if isinstance(given, str) else given:
        pair = item.split(":") if isinstance(item, str) else item
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise _not_a(parameter, given, where)
        rows.append(
            ": ".join(_number(parameter, part.strip() if isinstance(part, str) else part, where) for part in pair)
        )
    return tuple(rows)


def _number(parameter: Parameter, given: Any, where: str) -> str:
    if isinstance(given, float | bool):
        raise _not_a(parameter, given, where)
    try:
        number = Decimal(str(given))
        written = decimal_text(number)
    except (InvalidOperation, ValueError):
        raise _not_a(parameter, given, where) from None
    if len(written) > 39 or (parameter.kind == "integer" and ("." in written or abs(number) >= 2**63)):
        raise _not_a(parameter, given, where)
    return written


def _not_a(parameter: Parameter, given: Any, where: str) -> InvalidInput:
    return InvalidInput(
        f"{given!r} is not a value of the kind {parameter.kind}",
        code="bad_parameter",
        where=where,
        hint="write numbers as text, without exponent" if isinstance(given, float) else None,
    )
