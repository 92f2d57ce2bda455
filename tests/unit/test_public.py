"""The public names, and what importing them costs."""

from __future__ import annotations

import ast
import inspect
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import kpicore

HEAVY = {
    "pyarrow",
    "duckdb",
    "sqlglot",
    "numpy",
    "pandas",
    "eventsourcing",
    "rich",
    "cattrs",
    "hypothesis",
    "jinja2",
    "xlsxwriter",
}


def loaded_after(code: str) -> set[str]:
    """Which top-level modules a fresh interpreter holds after it ran `code`."""
    program = f"{code}\nimport json, sys; print(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_kpicore_loads_nothing_heavy() -> None:
    assert not HEAVY & loaded_after("import kpicore")


def test_listing_plugins_loads_nothing_heavy() -> None:
    code = "from kpicore.hooks.host import PluginHost; [plugin.to_dict() for plugin in PluginHost().plugins]"
    assert not HEAVY & loaded_after(code)


def test_what_a_plugin_imports_loads_nothing_heavy() -> None:
    # Overrides and calibrations are for whoever has opened a ledger, and no plugin imports them.
    ledgers = ("kpicore.kpi", "kpicore.opening", "kpicore.governance")
    names = [name for name in kpicore.__all__ if not kpicore._HOME[name].startswith(ledgers)]
    assert {"Indicator", "count", "hookimpl"} <= set(names)
    assert not HEAVY & loaded_after(f"from kpicore import {', '.join(names)}")


def test_importing_kpicore_is_quick() -> None:
    def fastest(code: str) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            times.append(time.perf_counter() - start)
        return min(times)

    assert fastest("import kpicore") < 3 * fastest("pass")


@pytest.mark.parametrize("name", kpicore.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(kpicore, name) is not None
    assert name in dir(kpicore)


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(kpicore.__file__).read_text(encoding="utf-8"))
    guard = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.asname: statement.module
        for statement in guard.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }
    assert seen == kpicore._HOME


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'kpicore' has no attribute 'Kpl'"):
        _ = kpicore.Kpl  # type: ignore[attr-defined]


def functions() -> list[tuple[str, object]]:
    """The public functions, and the methods of an open ledger."""
    exported = [(name, getattr(kpicore, name)) for name in kpicore.__all__]
    methods = [(f"Kpi.{name}", own) for name, own in inspect.getmembers(kpicore.Kpi) if not name.startswith("_")]
    return [(name, own) for name, own in (*exported, *methods) if inspect.isfunction(own)]


@pytest.mark.parametrize(("name", "function"), functions(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_argument_is_told(name: str, function: object) -> None:
    assert callable(function)
    told = re.findall(r"^ {4}([\w, ]+): ", (inspect.getdoc(function) or "").partition("Args:")[2], re.MULTILINE)
    names = {one for group in told for one in group.split(", ")}
    assert set(inspect.signature(function).parameters) - {"self"} <= names, name
