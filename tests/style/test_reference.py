"""The reference is complete: every command and option, every hook with its signature, every error code."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

import click
import pytest

from kpicore.cli.root import cli
from kpicore.hooks import specs
from kpicore.hooks.inspection import HOOKS
from kpicore.kpi import Kpi
from tests.style.repository import ROOT, fences, headings

REFERENCE = ROOT / "docs" / "reference"


def _commands(group: click.Group, path: str = "") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        whole = f"{path}{name}"
        if isinstance(command, click.Group):
            found.update(_commands(command, f"{whole} "))
        else:
            found[whole] = command
    return found


ALL = _commands(cli)
#: Commands that have their names already and are refused.
LATER = {name for name, command in ALL.items() if (command.help or "").endswith("Not available yet.")}
COMMANDS = {name: command for name, command in ALL.items() if name not in LATER}


def _section(command: str) -> str:
    page = (REFERENCE / "cli.md").read_text("utf-8")
    parts = re.split(r"^## ", page, flags=re.MULTILINE)
    return next((part for part in parts if f"`{command}`" in part.splitlines()[0]), "")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_described_with_all_its_options(command: str) -> None:
    section = _section(command)
    assert section, f"docs/reference/cli.md has no section with `{command}` in its heading"
    page = (REFERENCE / "cli.md").read_text("utf-8")
    for parameter in COMMANDS[command].params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            longest = max(parameter.opts, key=len)
            everywhere = page.split("\n## ")[0]
            assert longest in section or longest in everywhere, f"{command} {longest}"


def test_commands_that_are_not_built_yet_are_listed_as_such() -> None:
    page = (REFERENCE / "cli.md").read_text("utf-8")
    assert set(re.findall(r"`([a-z ]+)`", page.split("## Not built yet\n")[1])) == LATER


def test_no_command_is_described_that_is_not_there() -> None:
    page = (REFERENCE / "cli.md").read_text("utf-8")
    named = {name for level, text in headings(page) if level == 2 for name in re.findall(r"`([^`]+)`", text)}
    assert named - set(COMMANDS) == set()


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_is_described_with_its_signature(hook: str) -> None:
    signature = str(inspect.signature(getattr(specs, hook))).replace("'", "")
    shown = fences((REFERENCE / "hooks.md").read_text("utf-8"), "python")
    assert f"def {hook}{signature}: ...\n" in shown


def test_every_method_is_listed_with_its_arguments() -> None:
    page = (REFERENCE / "python.md").read_text("utf-8")
    for name, method in inspect.getmembers(Kpi, inspect.isfunction):
        if not name.startswith("_") and name not in {"close", "world", "fact_type"}:
            signature = inspect.signature(method)
            plain = [part.replace(annotation=part.empty) for part in list(signature.parameters.values())[1:]]
            shown = str(signature.replace(parameters=plain, return_annotation=signature.empty)).replace("'", '"')
            assert f"| `{name}{shown}` |" in page


def _codes() -> set[str]:
    """Every code in the source: given to an error, a default of a parameter `code`, a class's `default_code`."""
    found: list[ast.expr | None] = []
    for path in (ROOT / "kpicore").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "code":
                found.append(node.value)
            elif isinstance(node, ast.arguments):
                named = [*node.posonlyargs, *node.args]
                defaults = [*zip(named[len(named) - len(node.defaults) :], node.defaults, strict=True)]
                defaults += zip(node.kwonlyargs, node.kw_defaults, strict=True)
                found.extend(default for argument, default in defaults if argument.arg == "code")
            elif isinstance(node, ast.Assign | ast.AnnAssign) and "default_code" in ast.unparse(node).split(" = ")[0]:
                found.append(node.value)
    return {code for value in found if value for code in _texts(value)}


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may give: of a choice both, of a text with gaps none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def test_every_error_code_is_listed_and_no_other() -> None:
    page = (REFERENCE / "errors.md").read_text("utf-8")
    listed = re.findall(r"^\| `([a-z_.]+)` \|", page, flags=re.MULTILINE)
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == _codes()
