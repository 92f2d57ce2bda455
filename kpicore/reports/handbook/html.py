"""Pages of the handbook as HTML that needs nothing else: no script, no font, no picture from elsewhere.

Written so that an XML parser reads it too. The style sheet is the one of all pages.
"""

from __future__ import annotations

from html import escape

from markupsafe import Markup

from kpicore.reports.handbook.pages import Block, Bullets, Code, Heading, Inline, Line, Link, Page, Paragraph, Table
from kpicore.reports.pages import render
from kpicore.reports.words import clean

ENDING = ".html"


def html(page: Page) -> str:
    """The page as an HTML document.

    Args:
        page: The page; its links go to files of the same folder that end in `.html`.
    """
    return render(
        "handbook.html.j2",
        language=page.language,
        title=" ".join(page.title.split()),
        home=Markup(_inline(page.home)) if page.home else None,  # noqa: S704 - escaped where it is made
        body=Markup("\n".join(_block(block) for block in page.blocks)),  # noqa: S704 - likewise
    )


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{_text(block.text)}</h{block.level}>"
    if isinstance(block, Paragraph):
        return f"<p>{_line(block.line)}</p>"
    if isinstance(block, Bullets):
        return "<ul>\n" + "\n".join(f"<li>{_line(line)}</li>" for line in block.lines) + "\n</ul>"
    return _table(block)


def _table(table: Table) -> str:
    caption = f"<caption>{_text(table.caption)}</caption>\n" if table.caption else ""
    cells = "".join(f'<th scope="col">{_text(name)}</th>' for name in table.head)
    head = f"<thead>\n<tr>{cells}</tr>\n</thead>\n" if any(table.head) else ""
    rows = "\n".join(f"<tr>{_cells(row)}</tr>" for row in table.rows)
    return f"<table>\n{caption}{head}<tbody>\n{rows}\n</tbody>\n</table>"


def _cells(row: tuple[Line, ...]) -> str:
    first, *rest = row
    return f'<th scope="row">{_line(first)}</th>' + "".join(f"<td>{_line(cell)}</td>" for cell in rest)


def _line(line: Line) -> str:
    return "".join(map(_inline, line))


def _inline(part: Inline) -> str:
    if isinstance(part, Link):
        return f'<a href="{_text(part.page)}{ENDING}">{_text(part.text)}</a>'
    if isinstance(part, Code):
        return f"<code>{_text(part.text)}</code>"
    return _text(part)


def _text(text: str) -> str:
    return escape(clean(" ".join(text.split())))
