"""An evaluate document as an Arrow table and as a page."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

#: Columns of a line that hold numbers.
NUMBERS = ("weight", "target", "numerator", "denominator", "value", "attainment", "points")
#: A page shows so many subjects.
SHOWN_SUBJECTS = 60


def evaluation_table(document: Mapping[str, Any]) -> pa.Table:
    """One row a subject and line: subject, total, band, coefficient, and every part of the line; numbers are decimals."""
    import pyarrow as pa

    rows = [(subject, line) for subject in document["subjects"] for line in subject["lines"]]
    return pa.table(
        {
            "subject": pa.array([subject["subject"] for subject, _ in rows], pa.string()),
            "total": _decimals([subject["total"] for subject, _ in rows]),
            "band": pa.array([subject["band"] for subject, _ in rows], pa.string()),
            "coefficient": _decimals([subject["coefficient"] for subject, _ in rows]),
            "indicator": pa.array([line["indicator"] for _, line in rows], pa.string()),
            **{name: _decimals([line[name] for _, line in rows]) for name in NUMBERS},
            "state": pa.array([line["state"] for _, line in rows], pa.string()),
            "flags": pa.array([line["flags"] for _, line in rows], pa.list_(pa.string())),
            "bound": pa.array([line["bound"] for _, line in rows], pa.string()),
        }
    )


def evaluation_html(document: Mapping[str, Any]) -> str:
    """A table of subjects with total, band, and the points of every line."""
    subjects = document["subjects"]
    indicators = dict.fromkeys(line["indicator"] for subject in subjects for line in subject["lines"])
    lines = [
        [
            "company" if subject["subject"] is None else subject["subject"],
            subject["total"],
            subject["band"],
            *_points(subject["lines"], indicators),
        ]
        for subject in subjects[:SHOWN_SUBJECTS]
    ]
    head = _row("th", ["subject", "total", "band", *indicators])
    body = "".join(_row("td", line) for line in lines)
    hidden = len(subjects) - len(lines)
    more = f"<p>… {hidden} more</p>" if hidden else ""
    title = html.escape(document["evaluation"])
    return f"<table><caption>{title}</caption><thead>{head}</thead><tbody>{body}</tbody></table>{more}"


def _points(lines: Sequence[Mapping[str, Any]], indicators: Iterable[str]) -> Iterator[str | None]:
    """Points of a subject's lines, or their states; nothing where a line is not on their card."""
    found = {line["indicator"]: line["state"] if line["points"] is None else line["points"] for line in lines}
    return (found.get(indicator) for indicator in indicators)


def _row(tag: str, cells: Sequence[Any]) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape('' if c is None else str(c))}</{tag}>" for c in cells) + "</tr>"


def _decimals(texts: Sequence[str | None]) -> pa.Array:
    """Decimals of one scale: that of the longest; 128 bits, or 256 where they are longer."""
    import pyarrow as pa

    numbers = [None if text is None else Decimal(text) for text in texts]
    scale = max((len(text.partition(".")[2]) for text in texts if text is not None), default=0)
    whole = max((len(text.lstrip("-").partition(".")[0]) for text in texts if text is not None), default=1)
    kind = pa.decimal128(38, scale) if whole + scale <= 38 else pa.decimal256(76, scale)
    return pa.array(numbers, kind)
