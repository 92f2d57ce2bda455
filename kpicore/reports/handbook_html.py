"""Pages of the handbook as HTML that needs nothing else: no script, no font, no picture from elsewhere.

Written so that an XML parser reads it too. Meaning never hangs on colour; text is near black on white, and dark mode
turns that round; on paper links lose their colour and tables are not cut inside a row.
"""

from __future__ import annotations

from html import escape

from kpicore.reports.handbook_pages import Block, Bullets, Code, Heading, Inline, Line, Link, Page, Paragraph, Table
from kpicore.reports.words import clean

ENDING = ".html"

_STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #ffffff; --line: #767676; --link: #0b4a8f; }
@media (prefers-color-scheme: dark) { :root { --ink: #f2f2f2; --paper: #161616; --line: #8c8c8c; --link: #9cc7ff; } }
body { margin: 0 auto; max-width: 52rem; padding: 1rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.6 system-ui, "Noto Sans TC", "PingFang TC", "Microsoft JhengHei", sans-serif; }
a { color: var(--link); text-decoration: underline; }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1rem; }
caption { text-align: start; font-weight: 600; }
th, td { border: 1px solid var(--line); padding: 0.3rem 0.5rem; text-align: start; vertical-align: top;
  overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; }
@media print {
  :root { color-scheme: light; --ink: #000000; --paper: #ffffff; --line: #000000; --link: #000000; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  nav { display: none; }
  tr { break-inside: avoid; }
  h1, h2, h3 { break-after: avoid; }
}
"""


def html(page: Page) -> str:
    """The page as an HTML document.

    Args:
        page: The page; its links go to files of the same folder that end in `.html`.
    """
    home = f"<nav>{_inline(page.home)}</nav>\n" if page.home else ""
    body = "\n".join(_block(block) for block in page.blocks)
    title = _text(page.title)
    return (
        f'<!DOCTYPE html>\n<html lang="{page.language}">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{home}<main>\n"
        f"<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
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
