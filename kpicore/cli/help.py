"""Help in the language of the call: what click writes of a command passes through here."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from kpicore.cli.state import State

_EXTRA = re.compile(r"(?P<text>.*?)(?:  \[(?P<extra>.*)\])?", re.DOTALL)
#: Never at the beginning of a line.
_CLOSING = "，。；：、）」"


class SpokenContext(click.Context):
    """A context whose help is in the language of the call."""

    def make_formatter(self) -> click.HelpFormatter:
        """What help is written with."""
        state = self.find_object(State)
        if state is None or state.language != "zh-Hant":
            return super().make_formatter()
        return _Chinese(width=self.terminal_width, max_width=self.max_content_width)


class _Chinese(click.HelpFormatter):
    """Help in Traditional Chinese; what plugins say stays as it is."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        args = args.replace("[OPTIONS]", "[選項]").replace("COMMAND [ARGS]", "指令 [參數]")
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        known = {"Options": "選項", "Commands": "指令", "Arguments": "參數"}
        self.write(f"{'':>{self.current_indent}}{known.get(heading, heading)}：\n")

    def write_text(self, text: str) -> None:
        paragraphs = (" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
        room = self.width - self.current_indent
        indent = " " * self.current_indent
        lines = (f"\n{indent}".join(_lines(_told(paragraph), room)) for paragraph in paragraphs)
        self.write("\n\n".join(f"{indent}{one}" for one in lines) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        first = min(max(len(term) for term, _ in rows), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, text in rows:
            lines = _lines(_row(text), self.width - self.current_indent - first)
            below = ("\n" + indent + " " * first).join(lines)
            gap = " " * (first - len(term)) if len(term) <= first - col_spacing else f"\n{indent}{' ' * first}"
            self.write(f"{indent}{term}{gap}{below}".rstrip() + "\n")


def _row(text: str) -> str:
    """The help of an option, and what click adds to it in brackets."""
    found = _EXTRA.fullmatch(text)
    assert found is not None  # noqa: S101 - it matches every text
    extra = found["extra"]
    said = _told(" ".join(found["text"].split()))
    if extra is None:
        return said
    return f"{said}（{extra.replace('required', '必填').replace('default: ', '預設：')}）"


def _told(text: str) -> str:
    from kpicore.reports.translations.helps import HELPS

    return HELPS.get(text, text)


def _lines(text: str, columns: int) -> Iterable[str]:
    """A text in lines of at most so many columns; Chinese breaks anywhere, but not before a closing mark."""
    from kpicore.reports.words import width

    line = ""
    for piece in re.findall(r"[!-~]+ ?|.", text):
        closing = piece[0] in _CLOSING
        if line and not closing and width(line) + width(piece.rstrip()) > columns - 2:
            yield line.rstrip()
            line = ""
        line += piece
    yield line
