"""Where a ledger is and how it is opened: argument, then environment, then kpicore.toml."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from attrs import field, frozen

from kpicore.errors import InvalidInput, NotFound
from kpicore.naming import did_you_mean

CONFIG_FILE = "kpicore.toml"
_KNOWN = ("ledger", "schema", "plugins", "block", "threads", "memory_limit", "cache")
_PREFIX = "KPICORE_"
_UNITS = ("B", "KB", "MB", "GB", "TB")
_SIZE = re.compile(r"([1-9][0-9]{0,6}) ?([KMGT]?B)", re.IGNORECASE)


@frozen
class Settings:
    """What it takes to open a ledger; nothing in here reaches a computation.

    Args:
        ledger: Path of a SQLite file, or a `postgresql://` address; None where none is named.
        schema: Schema of a PostgreSQL ledger.
        allow: Names of the plugins that may load; None: all that are installed.
        modules: Plugin modules that are handed over by the caller.
        block: Names of plugins that must not load.
        threads: Threads of the engine; None: one a core.
        memory_limit: Memory of the engine, such as `2GB`; None: the engine's default.
        cache: Whether tables are kept beside the ledger to be read faster; a number: so many bytes of them at most.
        config: The file that was read, if one was.
    """

    ledger: str | None
    schema: str | None = None
    allow: tuple[str, ...] | None = None
    modules: tuple[ModuleType, ...] = ()
    block: tuple[str, ...] = ()
    threads: int | None = None
    memory_limit: str | None = None
    cache: bool | int = True
    config: Path | None = field(default=None, eq=False)

    @property
    def location(self) -> str:
        """The ledger.

        Raises:
            InvalidInput: None is named.
        """
        if self.ledger is None:
            raise InvalidInput(
                "no ledger is named",
                code="ledger_unnamed",
                hint=f'give --ledger PATH, set {_PREFIX}LEDGER, or write ledger = "kpi.db" into {CONFIG_FILE}',
            )
        return self.ledger

    @property
    def folder(self) -> Path | None:
        """The folder that may hold a `kpifile.py`: the ledger's, or the current one; None for a server."""
        if self.ledger is None:
            return Path()
        return None if "://" in self.ledger else Path(self.ledger).absolute().parent


def resolve(
    location: str | os.PathLike[str] | None = None,
    *,
    schema: str | None = None,
    plugins: Sequence[str | ModuleType] | None = None,
    threads: int | None = None,
    memory_limit: str | None = None,
    cache: bool | str | None = None,
    config: str | os.PathLike[str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """The settings that hold: an argument wins over the environment, and that over the file.

    The file is `config`, or `kpicore.toml` in the ledger's folder, or, where no ledger is named, in the current one.

    Raises:
        InvalidInput: A setting is none.
        NotFound: There is no file `config`.
    """
    given = os.environ if environ is None else environ
    named = os.fspath(location) if location is not None else given.get(_PREFIX + "LEDGER") or None
    file = _config_file(config, named)
    found: dict[str, Any] = _read(file) if file else {}
    if named is None and "ledger" in found:
        named = _beside(file, str(found["ledger"]))
    found.update(_environment(given))
    allow, modules = _plugins(plugins, found.get("plugins"))
    chosen = threads if threads is not None else found.get("threads")
    return Settings(
        named,
        schema if schema is not None else found.get("schema"),
        allow,
        modules,
        tuple(found.get("block", ())),
        None if chosen is None else _threads(chosen),
        memory_limit if memory_limit is not None else found.get("memory_limit"),
        _cache(cache if cache is not None else found.get("cache", True)),
        file,
    )


def _config_file(config: str | os.PathLike[str] | None, named: str | None) -> Path | None:
    if config is not None:
        file = Path(config)
        if not file.is_file():
            raise NotFound(f"there is no file {file}", where=str(file), hint="config= names a kpicore.toml")
        return file
    if named is None:
        folder = Path()
    elif "://" in named:
        return None
    else:
        folder = Path(named).parent
    file = folder / CONFIG_FILE
    return file if file.is_file() else None


def _read(file: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"not a TOML file: {error}", where=str(file), hint="mend the file") from None
    except OSError as error:
        raise InvalidInput(
            f"cannot be read: {error.strerror}", where=str(file), hint="check who owns it and whether it may be read"
        ) from None
    for name, value in document.items():
        if name not in _KNOWN:
            raise InvalidInput(
                f"there is no setting {name}",
                where=str(file),
                hint=did_you_mean(name, _KNOWN) or f"there are {', '.join(_KNOWN)}",
            )
        listed = name in ("plugins", "block")
        right = type(value) is int if name == "threads" else isinstance(value, list if listed else str)
        if not right or (listed and not all(isinstance(item, str) for item in value)):
            form = "a list of names" if listed else "a whole number" if name == "threads" else "a text"
            raise InvalidInput(f"{name} is {value!r}", where=str(file), hint=f"{name} is {form}")
    return document


def _beside(file: Path | None, ledger: str) -> str:
    """A path in the file is relative to the file."""
    return ledger if "://" in ledger or file is None else str(file.parent / ledger)


def _environment(given: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in _KNOWN[1:]:
        value = given.get(_PREFIX + name.upper())
        if value:
            found[name] = [item.strip() for item in value.split(",")] if name in ("plugins", "block") else value
    return found


def _plugins(
    argument: Sequence[str | ModuleType] | None, found: Sequence[str] | None
) -> tuple[tuple[str, ...] | None, tuple[ModuleType, ...]]:
    if argument is None:
        return (None if found is None else tuple(found)), ()
    if isinstance(argument, str) or not all(isinstance(item, str | ModuleType) for item in argument):
        raise InvalidInput(
            f"plugins is {argument!r}", code="bad_setting", hint='plugins= is a list: ["sales"], or of plugin modules'
        )
    names = tuple(item for item in argument if isinstance(item, str))
    return names, tuple(item for item in argument if isinstance(item, ModuleType))


def _threads(value: Any) -> int:
    try:
        threads = int(value)
    except ValueError:
        threads = 0
    if threads < 1:
        raise InvalidInput(f"threads is {value!r}", code="bad_setting", hint="a whole number from 1")
    return threads


def _cache(value: Any) -> bool | int:
    if value in (True, "on"):
        return True
    if value in (False, "off"):
        return False
    size = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if size is None:
        raise InvalidInput(f"cache is {value!r}", code="bad_setting", hint="on, off, or the most it may take: 4GB")
    return int(int(size[1]) * 1000 ** _UNITS.index(size[2].upper()))
