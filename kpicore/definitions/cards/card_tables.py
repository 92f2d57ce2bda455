"""Tables of TOML files, read key by key: every key is known or refused, with file, line and table named."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from kpicore.canonical import decimal_text
from kpicore.errors import InvalidDefinition, InvalidInput, Refused
from kpicore.naming import LANGUAGES, check_name, did_you_mean

#: Numbers of cards have at most so many digits before and after the point.
MOST_DIGITS, MOST_PLACES = 16, 12

#: No file that a person writes is longer.
MOST_BYTES = 4 * 1024 * 1024

_DIGITS = "write digits with a point: 0.6, not 60 %"
_HEADER = re.compile(r"\s*(\[{1,2})\s*([A-Za-z0-9_.-]+)\s*\]{1,2}")


def not_built(what: str, where: str | None) -> Refused:
    """The refusal of something that has a name and is not built yet."""
    return Refused(
        f"{what} not built yet",
        code="not_built",
        where=where,
        hint="leave it out; it is refused rather than ignored",
    )


def read_text(path: Path) -> str:
    """The text of a rule file; InvalidDefinition says why it cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InvalidDefinition(
                f"the file is longer than {MOST_BYTES} bytes",
                where=str(path),
                code="too_long",
                hint="put the rules into several files",
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidDefinition(
            f"cannot be read: {error.strerror}",
            where=str(path),
            code="unreadable",
            hint="check that the path exists and may be read",
        ) from None
    except UnicodeDecodeError as error:
        raise InvalidDefinition(
            f"byte {error.start} is not UTF-8", where=str(path), code="unreadable", hint="save the file as UTF-8"
        ) from None


def read_toml(path: Path) -> TomlFile:
    """Read a TOML file; InvalidDefinition says where it cannot be read."""
    return TomlFile(read_text(path), str(path))


class TomlFile:
    """A parsed TOML text that still knows in which line each table and key stands.

    Args:
        content: The text.
        name: What errors call it, usually the path.
    """

    def __init__(self, content: str, name: str) -> None:
        self.name = name
        try:
            self.data: dict[str, Any] = tomllib.loads(content, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            raise InvalidDefinition(
                f"is not TOML: {error}", where=name, code="not_toml", hint="mend the file at that line"
            ) from None
        except (RecursionError, ValueError, InvalidOperation) as error:
            raise InvalidDefinition(
                f"is not TOML: {error}", where=name, code="not_toml", hint="mend the file at that line"
            ) from None
        self._lines = content.splitlines()
        self._headers: dict[tuple[str, int], int] = {}
        counts: dict[str, int] = {}
        for number, line in enumerate(self._lines):
            if header := _HEADER.match(line):
                table = header[2]
                self._headers[table, counts.get(table, 0)] = number
                counts[table] = counts.get(table, 0) + 1

    def line(self, table: str, index: int, key: str | None) -> int | None:
        """Number of the line, from 1, of a table's header or of a key in it."""
        start = self._headers.get((table, index))
        if start is None:
            return None
        if key is not None:
            wanted = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""")
            for number in range(start + 1, len(self._lines)):
                if _HEADER.match(self._lines[number]):
                    break
                if wanted.match(self._lines[number]):
                    return number + 1
        return start + 1

    def check_tables(self, known: Iterable[str], later: Mapping[str, str]) -> None:
        """Refuse tables that are not known, and by name those that are not built yet."""
        known = list(known)
        for name in self.data:
            if name in later:
                raise not_built(later[name], self._place(name))
            if name not in known:
                raise InvalidDefinition(
                    f"unknown table or key {name!r}",
                    where=self._place(name),
                    code="unknown_key",
                    hint=did_you_mean(name, known) or f"known: {', '.join(known)}",
                )

    def _place(self, table: str) -> str:
        line = self.line(table, 0, None)
        return f"{self.name}:{line}" if line else self.name

    def table(self, name: str) -> Table:
        """One `[name]` table, empty where it is not there."""
        value = self.data.get(name, {})
        if not isinstance(value, dict):
            raise InvalidDefinition(f"{name} must be a table", where=self._place(name), hint=f"write [{name}]")
        return Table(self, name, 0, value, single=True)

    def tables(self, name: str) -> list[Table]:
        """All `[[name]]` tables in order."""
        value = self.data.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise InvalidDefinition(
                f"{name} must be a list of tables", where=self._place(name), hint=f"write [[{name}]] once for each"
            )
        return [Table(self, name, index, item, single=False) for index, item in enumerate(value)]


class Table:
    """One table of a file; its readers refuse what is not of their kind."""

    def __init__(self, file: TomlFile, name: str, index: int, data: dict[str, Any], *, single: bool) -> None:
        self.file, self.name, self.index, self.data, self.single = file, name, index, data, single

    def where(self, key: str | None = None) -> str:
        """File, line and table for an error."""
        line = self.file.line(self.name, self.index, key)
        title = f"[{self.name}]" if self.single else f"[[{self.name}]] {self.index + 1}"
        return f"{self.file.name}:{line} {title}" if line else f"{self.file.name} {title}"

    def wrong(self, key: str | None, message: str, *, hint: str, code: str | None = None) -> InvalidDefinition:
        """The error of a key of this table, to be raised."""
        return InvalidDefinition(message, where=self.where(key), hint=hint, code=code)

    def here(self, key: str, error: InvalidInput) -> InvalidDefinition:
        """What was found wrong with the value of a key, as the error of the key."""
        return InvalidDefinition(error.message, where=self.where(key), hint=error.hint, code=error.code)

    def check_keys(self, known: Iterable[str], later: Mapping[str, str] | None = None) -> None:
        """Refuse keys that are not known, and by name those that are not built yet."""
        known = list(known)
        for key in self.data:
            if later and key in later:
                raise not_built(later[key], self.where(key))
            if key not in known:
                hint = did_you_mean(key, known) or f"known: {', '.join(known)}"
                raise self.wrong(key, f"unknown key {key!r}", hint=hint, code="unknown_key")

    def string(self, key: str, default: str | None = None) -> str | None:
        """A non-empty text without line ends at its edges."""
        if key not in self.data:
            return default
        value = self.data[key]
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, f"{key} must be a text, not {told(value)}", hint=f'write {key} = "…"')
        return value

    def required(self, key: str) -> str:
        """A text that must be there."""
        value = self.string(key)
        if value is None:
            raise self.wrong(None, f"{key} is missing", hint=f'write {key} = "…"', code="missing_key")
        return value

    def identifier(self, what: str) -> str:
        """`id`, which names what the table is."""
        found = self.required("id")
        try:
            return check_name(found, what)
        except InvalidDefinition as error:
            raise self.here("id", error) from None

    def one_of(self, key: str, options: Iterable[str], default: str | None = None) -> str:
        """One of a few words."""
        options = list(options)
        value = self.string(key, default)
        if value is None:
            raise self.wrong(None, f"{key} is missing", hint=f"one of: {', '.join(options)}", code="missing_key")
        if value not in options:
            hint = did_you_mean(value, options) or f"one of: {', '.join(options)}"
            raise self.wrong(key, f"{key} cannot be {value!r}", hint=hint)
        return value

    def some_of(self, key: str, options: Iterable[str]) -> tuple[str, ...]:
        """A list of some of a few words, in the order of `options`; empty where it is not there."""
        options = list(options)
        value = self.data.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, f"{key} must be a list, not {told(value)}", hint=f'write {key} = ["{options[0]}"]')
        for item in value:
            if item not in options:
                hint = did_you_mean(str(item), options) or f"some of: {', '.join(options)}"
                raise self.wrong(key, f"{key} cannot hold {item!r}", hint=hint)
        return tuple(option for option in options if option in value)

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of texts that must be there; one text is a list of one."""
        value = self.data.get(key)
        if value is None:
            raise self.wrong(None, f"{key} is missing", hint=f'write {key} = ["…"]', code="missing_key")
        listed = [value] if isinstance(value, str) else value
        if (
            not isinstance(listed, list)
            or not listed
            or not all(isinstance(one, str) and one.strip() for one in listed)
        ):
            raise self.wrong(key, f"{key} must be a list of texts, not {told(value)}", hint=f'write {key} = ["…"]')
        return tuple(listed)

    def number(self, key: str) -> Decimal | None:
        """An exact number, quoted or not; None where it is not there."""
        if key not in self.data:
            return None
        return self.exact(key, self.data[key])

    def exact(self, key: str, value: Any) -> Decimal:
        """A number that the file holds under `key`, as an exact decimal."""
        if isinstance(value, dict):
            # An id that is not quoted is read as tables within each other.
            hint = 'quote indicator ids: "sales.win_rate" = "40"'
            raise self.wrong(key, f"{key} must be a number, not a table", hint=hint)
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            raise self.wrong(key, f"{key} must be a number, not {told(value)}", hint=_DIGITS)
        try:
            number = Decimal(value.strip() if isinstance(value, str) else value)
        except InvalidOperation:
            raise self.wrong(key, f"{key} must be a number, not {value!r}", hint=_DIGITS) from None
        if not number.is_finite():
            raise self.wrong(key, f"{key} must be a finite number, not {told(value)}", hint=_DIGITS)
        if number and number.adjusted() >= MOST_DIGITS:
            raise self.wrong(
                key, f"{key} has more than {MOST_DIGITS} digits before the point", hint="write a smaller one"
            )
        if places(number) > MOST_PLACES:
            raise self.wrong(key, f"{key} has more than {MOST_PLACES} places after the point", hint="round it")
        return Decimal(decimal_text(number))

    def date(self, key: str) -> str:
        """A local date that must be there, in ISO form."""
        value = self.data.get(key)
        if value is None:
            raise self.wrong(None, f"{key} is missing", hint=f"write {key} = 2026-01-01", code="missing_key")
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value.isoformat()
        try:
            if isinstance(value, str) and len(value) == 10:
                return dt.date.fromisoformat(value).isoformat()
        except ValueError:
            pass
        raise self.wrong(key, f"{key} must be a date, not {value!s}", hint=f"write {key} = 2026-01-01")

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            message = f"{key} must be a whole number from {low} to {high}, not {told(value)}"
            raise self.wrong(key, message, hint=f"write {key} = {max(low, min(default, high))}, without quotes")
        return value

    def pairs(self, key: str) -> tuple[tuple[Decimal, Decimal], ...]:
        """A list of pairs of numbers; empty where it is not there."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, list) and len(item) == 2 for item in value):
            hint = f'write {key} = [["100", "1"], ["120", "1.5"]]'
            raise self.wrong(key, f"{key} must be a list of pairs of numbers", hint=hint)
        return tuple((self.exact(key, one), self.exact(key, other)) for one, other in value)

    def params(self, key: str = "params") -> dict[str, str | list[str]]:
        """Parameters of an indicator by name; empty where they are not there."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, f"{key} must be a table", hint=f'write {key} = {{horizon = "30d"}}')
        return {name: self._param(key, name, given) for name, given in value.items()}

    def _param(self, key: str, name: str, given: Any) -> str | list[str]:
        if isinstance(given, list) and all(isinstance(item, str) for item in given):
            return given
        if isinstance(given, str):
            return given
        if isinstance(given, int | Decimal) and not isinstance(given, bool):
            return decimal_text(self.exact(key, given))
        raise self.wrong(
            key, f"the parameter {name} cannot be {told(given)}", hint="write a text, a number or a list of texts"
        )

    def names(self, key: str) -> list[str]:
        """A list of texts; empty where it is not there."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.wrong(key, f"{key} must be a list of texts, not {told(value)}", hint=f'write {key} = ["…"]')
        return value

    def volume(self) -> Decimal | None:
        """What is planned below a rate, at least 0; None where it is not there."""
        volume = self.number("volume")
        if volume is not None and volume < 0:
            raise self.wrong("volume", f"volume is negative: {volume:f}", hint="0 is the least")
        return volume

    def texts(self, key: str) -> dict[str, str]:
        """A text in our languages: one string, or {en = …, zh-Hant = …}."""
        value = self.data.get(key)
        if value is None:
            raise self.wrong(
                None, f"{key} is missing", hint=f'write {key} = {{en = "…", zh-Hant = "…"}}', code="missing_key"
            )
        if isinstance(value, str) and value.strip():
            return dict.fromkeys(LANGUAGES, value)
        if not isinstance(value, dict) or not value or not all(isinstance(v, str) and v for v in value.values()):
            hint = f'write {key} = {{en = "…", zh-Hant = "…"}}'
            raise self.wrong(key, f"{key} must be a text or a text for each language", hint=hint)
        for language in value:
            if language not in LANGUAGES:
                hint = did_you_mean(language, LANGUAGES) or f"known: {', '.join(LANGUAGES)}"
                raise self.wrong(key, f"unknown language {language!r}", hint=hint, code="unknown_key")
        return dict(value)


def told(value: Any) -> str:
    """A value of a TOML file as an error tells it: numbers as they are written, texts in quotes."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(told, value))}]"
    return "a table" if isinstance(value, dict) else repr(value)


def places(number: Decimal) -> int:
    """How many digits after the point a number needs."""
    exponent = number.as_tuple().exponent
    # A number with a huge exponent is never written out.
    if not isinstance(exponent, int) or exponent < -100:
        return 100
    return len(decimal_text(number).partition(".")[2])
