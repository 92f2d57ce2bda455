"""Broken inputs made from whole ones: every case is named by a number and is the same on every machine."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

#: Pieces that readers stumble over, put into texts.
TOKENS = [
    *(
        '"',
        "'",
        '"""',
        "'''",
        ",",
        ";",
        "=",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "::",
        "\\",
        "\\u0000",
        "..",
        "$param",
        "${env}",
    ),
    *("\n", "\r", "\r\n", "\t", "\0", "\x1a", "\ufeff", "\u202e", "\u200b", "#" * 400, "(" * 400, "[" * 400, "9" * 400),
    *("[[fact]]", "[fact.columns]", "[scorecard]", "[[line]]", "[bands]", "[[gate]]", "null", "NULL", "true", "=1+1"),
    *(
        "-0",
        "NaN",
        "inf",
        "1e400",
        "9999999999999999999",
        "0.0000000001",
        "1.234,5",
        "１２３",
        "100%",
        "𝟘",
        "ﷺ",
        "鄭成功",
    ),
    *(
        "2026-02-29",
        "2026-W53",
        "0000-00-00",
        "9999-12-31T23:59:60Z",
        '"node":',
        '"kind":',
        'x";DROP--TABLE',
        "/etc/passwd",
    ),
    *("select", "from", "file", "where", "group by", "order by", "union", "cast", "random()", "now()", "read_csv('x')"),
]

Mutation = Callable[[random.Random, bytearray, Sequence[bytes]], None]


def mutated(seeds: Sequence[bytes], target: str, case: int, *, text: bool) -> bytes:
    """One broken input.

    Args:
        seeds: Whole inputs of one kind.
        target, case: The name of the case.
        text: Whether the inputs are texts: then pieces of texts are put in.
    """
    chance = random.Random(f"{target}-{case}")
    data = bytearray(chance.choice(seeds))
    ways = _BOTH + (_TEXT if text else _BINARY)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        chance.choice(ways)(chance, data, seeds)
    return bytes(data)


def _span(chance: random.Random, data: bytearray) -> tuple[int, int]:
    begin = chance.randrange(len(data) + 1)
    return begin, min(len(data), begin + chance.choice((1, 1, 2, 4, 8, 16, 64, 1024)))


def _flip(chance: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(chance: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _remove(chance: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    begin, end = _span(chance, data)
    del data[begin:end]


def _repeat(chance: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    begin, end = _span(chance, data)
    data[begin:begin] = data[begin:end] * chance.choice((1, 2, 100))


def _swap(chance: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    begin, end = _span(chance, data)
    piece = data[begin:end]
    del data[begin:end]
    place = chance.randrange(len(data) + 1)
    data[place:place] = piece


def _graft(chance: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    other = chance.choice(seeds)
    begin, end = _span(chance, bytearray(other))
    place, last = _span(chance, data)
    data[place:last] = other[begin:end]


def _noise(chance: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    begin, end = _span(chance, data)
    data[begin:end] = chance.randbytes(end - begin)


def _number(chance: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    """A length or an offset that is far from true."""
    width = chance.choice((1, 2, 4, 8))
    value = chance.choice((0, 1, 2**7, 2**15, 2**31 - 1, 2**31, 2**32 - 1, 2**62, 2**63 - 1, 2**64 - 1))
    begin = chance.randrange(len(data) + 1)
    data[begin : begin + width] = (value % (1 << 8 * width)).to_bytes(width, "little")


def _token(chance: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    begin, end = _span(chance, data)
    piece = chance.choice(TOKENS).encode(chance.choice(("utf-8", "utf-8", "utf-8", "utf-16-le", "gb18030")), "replace")
    data[begin : chance.choice((begin, end))] = piece


def _line(chance: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    """A line taken out, doubled, or put elsewhere."""
    lines = bytes(data).splitlines(keepends=True)
    if lines:
        line = lines.pop(chance.randrange(len(lines)))
        for _ in range(chance.choice((0, 1, 2, 2))):
            lines.insert(chance.randrange(len(lines) + 1), line)
        data[:] = b"".join(lines)


_BOTH: tuple[Mutation, ...] = (_flip, _cut, _remove, _repeat, _swap, _graft, _noise)
_BINARY: tuple[Mutation, ...] = (_flip, _flip, _number, _number)
_TEXT: tuple[Mutation, ...] = (_token, _token, _token, _line, _line)
