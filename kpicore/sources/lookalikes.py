"""Texts that people take for the same, and that are not: they are kept apart, and told.

Two forms of one letter (NFC and NFD), letters of full width, and characters that nobody sees. Letters of other scripts
that only look like one another, and simplified beside traditional characters, are different letters and not told.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

#: So many different texts of a column are looked at, and so many findings are told.
MOST_TEXTS, MOST_TOLD = 50_000, 100


@frozen
class Alike:
    """Texts of one column that look the same.

    Args:
        fact_type, column: Where they are.
        texts: Two or more, in the order of their code points; or one that has characters which nobody sees.
    """

    fact_type: str
    column: str
    texts: tuple[str, ...]


def lookalikes(tables: Iterable[tuple[str, pa.Table]]) -> tuple[Alike, ...]:
    """What looks alike in the texts of facts.

    Args:
        tables: Names of fact types, and their rows.
    """
    found: dict[Alike, None] = {}
    for fact_type, table in tables:
        for column, kind in zip(table.column_names, table.schema.types, strict=True):
            if pa.types.is_string(kind):
                found.update((Alike(fact_type, column, texts), None) for texts in _groups(table[column]))
    return tuple(found)[:MOST_TOLD]


def _groups(column: pa.ChunkedArray) -> Iterable[tuple[str, ...]]:
    """Which texts of a column look alike."""
    known = pc.unique(column).drop_null()
    # What is plain ASCII looks like another text only where that one is not.
    strange = known.filter(pc.invert(pc.string_is_ascii(known)))[:MOST_TEXTS].to_pylist()
    if not strange:
        return
    seen: dict[str, set[str]] = {}
    for text in strange:
        seen.setdefault(_shown(text), set()).add(text)
    plain = pa.array(list(seen), pa.string())
    for shown in plain.filter(pc.is_in(plain, known)).to_pylist():
        seen[shown].add(shown)
    for texts in seen.values():
        if len(texts) > 1 or _invisible(next(iter(texts))):
            yield tuple(sorted(texts))


def _shown(text: str) -> str:
    """A text as it looks: compatible forms are one, spaces are one, and what nobody sees is gone."""
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", visible).split())


def _invisible(text: str) -> bool:
    return any(unicodedata.category(char) == "Cf" for char in text)
