"""What `--help` says, in both languages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click
import pytest

from kpicore.cli.group import LazyGroup
from kpicore.cli.root import cli
from kpicore.cli.run import run
from kpicore.reports.translations.helps import HELPS
from kpicore.reports.words import width


def said(command: click.Command) -> Iterator[str]:
    """Every paragraph that help shows of a command and of those below it."""
    yield from inspect.cleandoc(command.help or "").split("\n\n")
    yield from (option.help for option in command.params if isinstance(option, click.Option) and option.help)
    if isinstance(command, LazyGroup):
        context = click.Context(command)
        for name, (_, line) in command._lazy.items():
            yield line
            found = command.get_command(context, name)
            assert found is not None
            yield from said(found)


def test_every_paragraph_is_translated_and_nothing_else() -> None:
    written = {" ".join(re.sub(r"  \[.*\]$", "", paragraph).split()) for paragraph in said(cli)}
    assert written - set(HELPS) == set()
    assert set(HELPS) - written <= {"Show this message and exit."}


@pytest.mark.parametrize("command", [[], ["plan"], ["dispute"], ["report"], ["verify"], ["proposal", "approve"]])
def test_help_in_chinese_has_no_english_and_fits_the_terminal(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--lang", "zh-Hant", "--help"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("用法：kpicore")
    assert max(map(width, out.splitlines())) <= 110
    assert not re.search(r"(?m)^(Usage|Options|Commands)|required|default:", out)
    for paragraph in HELPS:
        assert paragraph not in out


def test_help_is_english_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "--help"]) == 0
    assert capsys.readouterr().out.startswith("Usage: kpicore")
