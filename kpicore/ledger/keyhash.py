"""64 bits for every identity: equal identities have equal numbers; different ones nearly always differ.

What is built on these numbers must stay right when two of them meet by chance or by intent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: Longer keys use the weights over again.
_WEIGHTS = 1024
_ODD = 0x9E3779B97F4A7C15
_MASK = 2**64 - 1


def _powers() -> Any:
    values = [1]
    for _ in range(_WEIGHTS - 1):
        values.append(values[-1] * _ODD & _MASK)
    return np.array(values, dtype=np.uint64)


_POWERS = _powers()


def identity_hashes(source: str, columns: Sequence[Any]) -> Any:
    """A number for each row of a stored batch.

    Args:
        source: Who sent the batch.
        columns: Its key columns (ChunkedArrays without nulls).

    Returns:
        numpy, uint64.
    """
    first = int.from_bytes(hashlib.sha256(source.encode()).digest()[:8], "big")
    result = np.full(len(columns[0]), first, dtype=np.uint64)
    for column in columns:
        texts = pc.cast(column, pa.string()) if not pa.types.is_string(column.type) else column
        parts = [_text_hashes(chunk) for chunk in texts.chunks]
        result = _mixed(result * np.uint64(_ODD) + np.concatenate([np.zeros(0, np.uint64), *parts]))
    return result


def _text_hashes(array: Any) -> Any:
    """The bytes of each text as the digits of a number, and its length."""
    if not len(array):
        return np.zeros(0, dtype=np.uint64)
    _, offsets, data = array.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int32)[array.offset : array.offset + len(array) + 1].astype(np.int64)
    lengths = np.diff(bounds)
    if data is None or not lengths.any():
        return np.zeros(len(array), dtype=np.uint64)
    octets = np.frombuffer(data, dtype=np.uint8)[bounds[0] : bounds[-1]]
    starts = bounds[:-1] - bounds[0]
    weights = _POWERS[(np.arange(len(octets)) - np.repeat(starts, lengths)) % _WEIGHTS]
    running = np.zeros(len(octets) + 1, dtype=np.uint64)
    # Sums wrap around: a difference of two of them is still the sum between.
    np.cumsum((octets.astype(np.uint64) + np.uint64(1)) * weights, out=running[1:])
    return running[starts + lengths] - running[starts] + lengths.astype(np.uint64)


def _mixed(values: Any) -> Any:
    """Spread every bit over all others (the finaliser of MurmurHash3)."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        values = (values ^ values >> np.uint64(33)) * np.uint64(factor)
    return values ^ values >> np.uint64(33)
