"""Finding plugins without importing them: installed ones, the local file, and a folder that is being written."""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import re
import sys
import tomllib
import types
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from kpicore.errors import InvalidInput, NotFound

GROUP = "kpicore"
LOCAL = "local"
LOCAL_FILE = "kpifile.py"


@frozen
class Candidate:
    """A plugin that was found and not yet imported.

    Args:
        name: Name of the plugin: the entry point's name, or `local`.
        target: What the entry point names: `module` or `module:object`; the path of a local file.
        load: Imports it and returns the module (or object) whose functions are hooks.
        distribution: Name of the installed distribution; None for files.
        version: Version of that distribution.
        file: Path of the file, where it is known before the import.
        given: Whether the caller handed it over: then a list of what is allowed does not concern it.
    """

    name: str
    target: str
    load: Callable[[], Any] = field(eq=False, repr=False)
    distribution: str | None = None
    version: str | None = None
    file: str | None = None
    given: bool = False

    @property
    def module(self) -> str:
        """Name of the module that is imported."""
        return self.target.partition(":")[0]


def normalised(distribution: str) -> str:
    """The name of a distribution as installers compare it: `Kpicore_Sales` is `kpicore-sales`."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def installed() -> list[Candidate]:
    """Every entry point of the group `kpicore`, sorted by name; nothing is imported."""
    found = []
    for point in importlib.metadata.entry_points(group=GROUP):
        distribution = point.dist
        found.append(
            Candidate(
                point.name,
                point.value,
                point.load,
                distribution.name if distribution else None,
                distribution.version if distribution else None,
            )
        )
    return sorted(found, key=lambda c: (c.name, c.distribution or "", c.target))


def local_file(path: Path) -> Candidate | None:
    """The local plugin: `path` itself, or `kpifile.py` in the folder `path`; None where there is none."""
    file = path / LOCAL_FILE if path.is_dir() else path
    if not file.is_file():
        return None
    return Candidate(LOCAL, str(file), partial(_execute, file), file=str(file))


def handed_over(module: types.ModuleType) -> Candidate:
    """A plugin module that the caller imported: named as the entry point that is installed for it, else as itself."""
    for candidate in installed():
        if candidate.target == module.__name__:
            return evolve(candidate, load=lambda: module, given=True)
    name = module.__name__.rpartition(".")[2]
    return Candidate(name, module.__name__, lambda: module, file=getattr(module, "__file__", None), given=True)


def in_path(path: Path) -> list[Candidate]:
    """Plugins that are not installed: a Python file, or a folder with a pyproject.toml that declares them.

    Raises:
        NotFound: Nothing is at that path.
        InvalidInput: Nothing there declares a plugin.
    """
    if not path.exists():
        raise NotFound(f"there is no file or folder {path}", where=str(path), hint="give the path of a plugin")
    if path.is_file():
        if path.suffix != ".py":
            raise InvalidInput(f"{path.name} is not a Python file", where=str(path), hint="give a .py file or a folder")
        name = LOCAL if path.name == LOCAL_FILE else path.stem
        return [Candidate(name, str(path), partial(_execute, path), file=str(path), given=True)]
    project = path / "pyproject.toml"
    if project.is_file():
        return _declared(project)
    local = local_file(path)
    if local is None:
        raise InvalidInput(
            "the folder holds no plugin",
            where=str(path),
            hint=f"it needs {LOCAL_FILE}, or a pyproject.toml with [project.entry-points.{GROUP}]",
        )
    return [evolve(local, given=True)]


def _declared(project: Path) -> list[Candidate]:
    """The entry points that a pyproject.toml declares, imported from its folder."""
    try:
        document = tomllib.loads(project.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"not a TOML file: {error}", where=str(project), hint="mend the file") from error
    about = document.get("project", {})
    points = about.get("entry-points", {}).get(GROUP, {})
    if not points:
        raise InvalidInput(
            "no plugin is declared",
            where=str(project),
            hint=f'add [project.entry-points.{GROUP}] with a line such as sales = "sales"',
        )
    roots = [str(project.parent / "src"), str(project.parent)]
    return [
        Candidate(
            name, target, partial(_import_from, roots, target), about.get("name"), about.get("version"), given=True
        )
        for name, target in sorted(points.items())
    ]


def _import_from(roots: list[str], target: str) -> Any:
    """What `module:object` names, with `roots` first on the import path while it is imported."""
    sys.path[:0] = roots
    importlib.invalidate_caches()
    try:
        return importlib.metadata.EntryPoint("plugin", target, GROUP).load()
    finally:
        for root in roots:
            sys.path.remove(root)


def _execute(file: Path) -> types.ModuleType:
    """Run a file as a module of its own, always from its source: no byte code is written beside it."""
    module = types.ModuleType(f"kpicore_file_{hashlib.sha256(str(file).encode()).hexdigest()[:12]}")
    module.__file__ = str(file)
    sys.modules[module.__name__] = module  # classes look their module up while they are made
    try:
        exec(compile(file.read_bytes(), str(file), "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - trusted code
    except BaseException:
        del sys.modules[module.__name__]
        raise
    return module
