"""Pages of the handbook as Markdown (CommonMark with tables)."""

from __future__ import annotations

import re

from kpicore.reports.handbook.pages import Block, Bullets, Code, Heading, Inline, Line, Link, Page, Paragraph, Table
from kpicore.reports.words import clean

ENDING = ".md"


def markdown(page: Page) -> str:
    """The page as a Markdown document.

    Args:
        page: The page; its links go to files of the same folder that end in `.md`.
    """
    parts = [f"# {_escaped(page.title)}"]
    if page.home:
        parts.append(_inline(page.home))
    parts.extend(_block(block) for block in page.blocks)
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_escaped(block.text)}"
    if isinstance(block, Paragraph):
        return _line(block.line)
    if isinstance(block, Bullets):
        return "\n".join(f"- {_line(line)}" for line in block.lines)
    return _table(block)


def _table(table: Table) -> str:
    rows = [_row([_escaped(cell) for cell in table.head]), _row(["---"] * len(table.head))]
    rows += [_row([_line(cell) for cell in row]) for row in table.rows]
    caption = f"{_escaped(table.caption)}\n\n" if table.caption else ""
    return caption + "\n".join(rows)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _line(line: Line) -> str:
    return "".join(map(_inline, line))


def _inline(part: Inline) -> str:
    if isinstance(part, Link):
        return f"[{_escaped(part.text)}]({part.page}{ENDING})"
    if isinstance(part, Code):
        return f"`{part.text}`"
    return _escaped(part)


def _escaped(text: str) -> str:
    """Text that is read as it is written, on one line."""
    plain = re.sub(r"([\\`*_\[\]<>|&~])", r"\\\1", clean(" ".join(text.split())))
    return re.sub(r"^(\d*)([#+.)-])(?=\s|$)", r"\1\\\2", plain)
