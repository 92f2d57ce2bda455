"""What a page of the handbook is made of, whatever format it is written in."""

from __future__ import annotations

from typing import TypeAlias

from attrs import frozen


@frozen
class Link:
    """A way to another page.

    Args:
        text: What is read.
        page: Name of the page, without the ending of its file.
    """

    text: str
    page: str


@frozen
class Code:
    """A name as it is typed."""

    text: str


Inline: TypeAlias = str | Link | Code
Line: TypeAlias = tuple[Inline, ...]


@frozen
class Heading:
    """A heading.

    Args:
        text: What is read.
        level: 2 or 3; the title of the page is 1.
    """

    text: str
    level: int = 2


@frozen
class Paragraph:
    """A paragraph."""

    line: Line


@frozen
class Bullets:
    """A list without order."""

    lines: tuple[Line, ...]


@frozen
class Table:
    """A table; each row's first cell names the row.

    Args:
        head: Headings of the columns.
        rows: Cells, as many a row as there are headings.
        caption: What the table shows; empty: the heading above says it.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    caption: str = ""


Block: TypeAlias = Heading | Paragraph | Bullets | Table


@frozen
class Page:
    """A page.

    Args:
        name: Name of its file, without the ending.
        title: Its title.
        language: `en` or `zh-Hant`.
        blocks: What stands on it.
        home: The way back to the index; none on the index.
    """

    name: str
    title: str
    language: str
    blocks: tuple[Block, ...]
    home: Link | None = None
