"""Lint, format, types, import directions, and the rules of the house that no tool knows."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import kpicore
from tests.style.repository import ROOT, name, texts

BIN = Path(sys.executable).parent
TOOLS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "imports": ["lint-imports"],
}
LONGEST_FILE = 400
#: Half-width punctuation beside a Chinese character.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff」）] ?[,;:!?]|[,;:!?] ?[\u4e00-\u9fff「（]|[\u4e00-\u9fff]\(")

# Written with a set of one letter, so that this file does not find itself.
LEFT_UNDONE = re.compile(
    r"\b(T[O]DO|F[I]XME|X[X]X)\b|NotImplemented[E]rror|mark\.(s[k]ip|x[f]ail)|# *type: *i[g]nore *$|# *n[o]qa *$"
)
ELSEWHERE = re.compile(
    r"(?<![\w.{}$-])/(w[o]rk|h[o]me|r[o]ot|U[s]ers|tmp)/\w"
    r"|\.\./s[h]ared|(?<!emit-)index-[u]rl|p[y]pi\.org|python[h]osted|the b[r]ief\b"
)


@pytest.mark.parametrize("tool", TOOLS)
def test_the_tools_find_nothing(tool: str) -> None:
    command, *arguments = TOOLS[tool]
    done = subprocess.run([BIN / command, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_file_is_about_one_idea() -> None:
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in texts(".py")}
    assert {file: lines for file, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = []
    for path in texts(".py"):
        if "tests" in path.parts:  # their names say it
            continue
        tree = ast.parse(path.read_text("utf-8"))
        if tree.body and not ast.get_docstring(tree):
            silent.append(name(path))
    assert silent == []


def test_chinese_texts_have_full_width_punctuation() -> None:
    found = []
    for path in texts(".py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value:
                found += [f"{name(path)}:{node.lineno}: {node.value}"] if HALF_WIDTH.search(node.value) else []
    assert found == []


def test_nothing_is_left_undone() -> None:
    found = [
        f"{name(path)}:{number}: {line.strip()}"
        for path in texts()
        if path.suffix != ".csv"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if LEFT_UNDONE.search(line)
    ]
    assert found == []


def test_the_repository_speaks_of_itself_alone() -> None:
    """No path of one machine, no address that packages are fetched from."""
    found = [
        f"{name(path)}:{number}: {line.strip()[:120]}"
        for path in texts()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if ELSEWHERE.search(line)
    ]
    assert found == []


def test_requirements_are_pinned_by_hash_and_say_no_address() -> None:
    for file in ("run.txt", "dev.txt"):
        page = (ROOT / "requirements" / file).read_text("utf-8")
        entries = re.findall(r"^[A-Za-z0-9](?:[^\n\\]|\\\n)*", page, flags=re.MULTILINE)
        assert entries
        assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
        assert "://" not in page


@pytest.mark.parametrize("public", sorted(kpicore.__all__))
def test_a_public_name_is_documented(public: str) -> None:
    thing = getattr(kpicore, public)
    if inspect.isclass(thing):
        methods = [
            f"{public}.{method}"
            for method, function in inspect.getmembers(thing, inspect.isfunction)
            if not method.startswith("_") and not inspect.getdoc(function)
        ]
        assert thing.__doc__, f"{public} has no docstring"
        assert methods == []
    elif callable(thing):
        assert inspect.getdoc(thing), f"{public} has no docstring"
