"""What is known about one plugin: where it comes from, what it provides, and what is wrong with it."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any, Literal

from attrs import define, field, frozen

from kpicore.definitions.book import name_of
from kpicore.errors import KpicoreError, Refused
from kpicore.hooks.discovery import Candidate
from kpicore.hooks.specs import Component, Definition

Status = Literal["loaded", "broken", "blocked"]


@frozen
class PluginError:
    """Why a plugin is broken.

    Args:
        kind: Type of the exception, or `plugin` for a rule of the host.
        message: What is wrong.
        where: `file:line` in the plugin, where it is known.
        hint: What to do next.
    """

    kind: str
    message: str
    where: str | None = None
    hint: str | None = None

    @classmethod
    def of(cls, error: BaseException, module: str, file: str | None) -> PluginError:
        """From an exception; `module` and `file` say which frames of the traceback are the plugin's."""
        if isinstance(error, SyntaxError) and error.filename:
            return cls("SyntaxError", error.msg, f"{error.filename}:{error.lineno}")
        where = _place(error, module, file)
        if isinstance(error, KpicoreError):
            said = f"{error.where}: {error.message}" if error.where else error.message
            return cls(type(error).__name__, said, where, error.hint)
        return cls(type(error).__name__, str(error) or type(error).__name__, where)

    def __str__(self) -> str:
        said = self.message if self.kind == "plugin" else f"{self.kind}: {self.message}"
        said = f"{said} at {self.where}" if self.where else said
        return f"{said} ({self.hint})" if self.hint else said

    def to_dict(self) -> dict[str, Any]:
        """All four parts by name."""
        return {"kind": self.kind, "message": self.message, "where": self.where, "hint": self.hint}


def _place(error: BaseException, module: str, file: str | None) -> str | None:
    """`file:line` of the innermost frame that belongs to the plugin."""
    package = module.partition(".")[0]
    place = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        name, source = frame.f_globals.get("__name__", ""), frame.f_code.co_filename
        if source == file or name.partition(".")[0] == package:
            place = f"{source}:{line}"
    return place


class PluginFault(Exception):  # noqa: N818 - it carries a fault to the host and is never raised to a user
    """A rule of the host that a plugin does not keep."""

    def __init__(self, message: str, hint: str | None = None, where: str | None = None) -> None:
        super().__init__(message)
        self.error = PluginError("plugin", message, where, hint)


@define
class PluginInfo:
    """A plugin of one host.

    Args:
        candidate: Where it comes from.
        status: `loaded`, `broken` (nothing of it counts) or `blocked` (never imported).
        file: File of the plugin's module.
        hooks: Names of the hooks that it implements, sorted.
        definitions: What it defines, in its own order; empty unless loaded.
        components: What code it brings; empty unless loaded.
        requires: What it says that it needs: `sales>=1.2`.
        error: Why it is broken.
        warnings: What looks wrong but changes nothing.
    """

    candidate: Candidate
    status: Status = "loaded"
    file: str | None = None
    hooks: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    components: tuple[Component, ...] = ()
    requires: tuple[str, ...] = ()
    error: PluginError | None = None
    warnings: list[str] = field(factory=list)

    @property
    def name(self) -> str:
        """Name of the plugin, which prefixes everything that it defines."""
        return self.candidate.name

    @property
    def distribution(self) -> str | None:
        """Name of the installed distribution; None for a file."""
        return self.candidate.distribution

    @property
    def version(self) -> str | None:
        """Version of the installed distribution; None for a file."""
        return self.candidate.version

    def describe(self) -> str:
        """How messages name it: `plugin sales (kpicore-sales 0.1.0)`."""
        if self.distribution:
            return f"plugin {self.name} ({self.distribution} {self.version})"
        return (
            f"plugin {self.name} ({Path(self.candidate.file).name})" if self.candidate.file else f"plugin {self.name}"
        )

    def require(self) -> PluginInfo:
        """The plugin itself, if it is loaded.

        Raises:
            Refused: It is broken or blocked.
        """
        if self.status == "loaded":
            return self
        reason = f"broken: {self.error}" if self.error else self.status
        raise Refused(
            f"{self.describe()} is {reason}",
            code=f"{self.status}_plugin",
            where=self.name,
            hint="kpicore plugins list shows which plugins there are",
        )

    def fail(self, error: PluginError) -> None:
        """Mark it as broken: nothing of it counts from now on."""
        self.status, self.error = "broken", error
        self.definitions, self.components = (), ()

    def to_dict(self) -> dict[str, Any]:
        """The document of `plugins list`."""
        return {
            "name": self.name,
            "status": self.status,
            "distribution": self.distribution,
            "version": self.version,
            "entry_point": self.candidate.target,
            "file": self.file,
            "hooks": list(self.hooks),
            "definitions": [name_of(definition) for definition in self.definitions],
            "components": [component.name for component in self.components],
            "requires": list(self.requires),
            "error": self.error.to_dict() if self.error else None,
            "warnings": list(self.warnings),
        }
