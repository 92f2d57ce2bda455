"""One byte form for every document, so that equal content has an equal digest on every machine.

The form is that of RFC 8785 (JSON Canonicalization Scheme): keys in the order of their UTF-16 code units, the escapes
of ECMAScript, no white space. Floats have no place in it; decimals are strings.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_LARGEST_INTEGER = 2**53 - 1
_SIMPLE = {str, bool, type(None)}


def decimal_text(value: Decimal) -> str:
    """The number without exponent and without trailing zeros: `Decimal("1.50")` → `"1.5"`, minus zero → `"0"`.

    Raises:
        ValueError: If it is not finite.
    """
    if not value.is_finite():
        raise ValueError(f"{value} is not a number that can be written")
    written = format(value, "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written


def canonical_json(value: Any) -> bytes:
    """The canonical form of mappings, lists, tuples, texts, integers, booleans, None and decimals, as UTF-8.

    Raises:
        TypeError: On a float or anything else that JSON has no exact form for.
        ValueError: On an integer beyond ±(2^53 − 1), a decimal that is not finite, or a lone surrogate.
    """
    text = _quickly(value)
    return (_dumped(_plain(value)) if text is None else text).encode("utf-8")


def sha256_hex(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _dumped(value: Any, *, ordered: bool = True) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=not ordered)


def _quickly(value: Any) -> str | None:
    """The form of a large document as the C encoder writes it; None where that could be another one.

    It is the same where all of it is plain JSON with exact integers, and where the order of code points is that of
    UTF-16 code units.
    """
    if not _is_plain(value):
        return None
    text = _dumped(value, ordered=False)
    return text if text.isascii() or max(text) < "\ud800" else None


def _is_plain(value: Any) -> bool:
    """Whether a value is made of dicts with texts as keys, lists, texts, booleans, None and exact integers alone."""
    if type(value) is dict:
        return set(map(type, value)) <= {str} and all(map(_is_plain, value.values()))
    if type(value) is list:
        kinds = set(map(type, value))
        if kinds == {int}:
            return bool(min(value) >= -_LARGEST_INTEGER and max(value) <= _LARGEST_INTEGER)
        return kinds <= _SIMPLE or all(map(_is_plain, value))
    if type(value) is int:
        return -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER
    return type(value) in _SIMPLE


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        if abs(value) > _LARGEST_INTEGER:
            raise ValueError(f"{value} is too large for an exact JSON number: write it as a text")
        return value
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value, key=_order)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical JSON form: {value!r}")


def _order(key: Any) -> bytes:
    if not isinstance(key, str):
        raise TypeError(f"a key of a JSON object is a text, not {key!r}")
    return key.encode("utf-16-be")
