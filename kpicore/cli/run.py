"""One run of the command line: what is printed where, and with which code the process ends."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from itertools import pairwise

import click

from kpicore.cli import INTERRUPTED
from kpicore.cli.output import print_json
from kpicore.cli.state import State
from kpicore.errors import KpicoreError
from kpicore.naming import LANGUAGES

#: The exit code of a process whose reader has left, as shells count it.
BROKEN_PIPE = 141
#: A fault of the product itself, never of its user.
INTERNAL = 70


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code.

    Codes are 0 done, 1 the answer is no, 2 usage or input, 3 incomplete, 4 replay differs; 130 after Ctrl-C and 141
    after a closed pipe, as shells do it.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    _speak_utf8()
    try:
        code = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has left; the interpreter must not complain about it at exit either.
        _drop_stdout()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        with contextlib.suppress(BrokenPipeError):
            click.echo("interrupted", err=True)
        return INTERRUPTED
    return code


def _run(given: list[str]) -> int:
    from kpicore.cli.root import cli

    as_json, language = "--json" in given, _language(given)
    try:
        # Not cli.main: it would turn a closed pipe into exit code 1, which means that the answer is no.
        with cli.make_context("kpicore", given) as context:
            cli.invoke(context)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        return _fail(_usage(error), as_json, language)
    except KpicoreError as error:
        return _fail(error, as_json, language)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        return _fail(_system(error), as_json, language)
    except Exception:  # noqa: BLE001 - the last resort, and it says so
        return _internal(as_json, language)
    return 0


def _language(given: Sequence[str]) -> str:
    """The language that the call asks for, known before the call is: what cannot be parsed is told in it, too."""
    following = dict(pairwise(given)).get("--lang")
    asked = following or next((text.partition("=")[2] for text in given if text.startswith("--lang=")), None)
    return State(lang=asked if asked in LANGUAGES else None).language


def _fail(error: KpicoreError, as_json: bool, language: str) -> int:
    if as_json:
        print_json({"error": error.to_dict()})
    else:
        from kpicore.reports.errors import error_lines

        click.echo("\n".join(error_lines(error, language)), err=True)
    return error.exit_code


def _usage(error: click.ClickException) -> KpicoreError:
    where = hint = None
    if isinstance(error, click.UsageError) and error.ctx is not None:
        where = error.ctx.command_path
        hint = f"{where} --help"
    return KpicoreError(error.format_message(), code="usage", where=where, hint=hint)


def _system(error: OSError) -> KpicoreError:
    return KpicoreError(
        error.strerror or str(error),
        code="system",
        where=str(error.filename) if error.filename is not None else None,
        hint="check that the path exists and may be read or written",
    )


def _internal(as_json: bool, language: str) -> int:
    kind, value, _ = sys.exc_info()
    message = f"{kind.__name__ if kind else 'Exception'}: {value}"
    if as_json:
        print_json({"error": KpicoreError(message, code="internal", hint="please report it").to_dict()})
    click.echo(traceback.format_exc(), err=True)
    said = "This is a fault of kpicore itself. Please report it with the lines above."
    click.echo("這是 kpicore 本身的錯誤，請連同以上各行回報。" if language == "zh-Hant" else said, err=True)
    return INTERNAL


def _speak_utf8() -> None:
    """Whatever the locale says: texts here are in two languages, and JSON is UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _drop_stdout() -> None:
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
