"""The files of the key index: beside the ledger, written whole or not at all, believed only with their digests.

They may be deleted at any time. What cannot be read or written is as if it were not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen

_FORM = 1

#: Arrays of (hash, place) rows, each sorted by hash; None where a file of them is not what was written.
Segments = Callable[[], "tuple[Any, ...] | None"]


@frozen
class Saved:
    """What the files of one fact type hold.

    Args:
        batches: How many batches are covered.
        proof: Digest of what they are.
        segments: Loads the hashes: they are needed only when batches are new.
        suspects: `kpi_place` and the key columns.
    """

    batches: int
    proof: str
    segments: Segments
    suspects: pa.Table


class KeyFiles:
    """The files of a ledger's key index.

    Args:
        folder: Where they are; None for nowhere.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def write(
        self, name: str, batches: int, proof: str, segments: Sequence[Any], suspects: pa.Table
    ) -> tuple[Any, ...] | None:
        """Write the files of a fact type.

        Returns:
            The segments as they are mapped from the files; None where they could not be written.
        """
        if self._folder is None:
            return None
        stem = f"{name}-{secrets.token_hex(8)}"
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, suspects.schema) as writer:
            writer.write_table(suspects)
        body = sink.getvalue().to_pybytes()
        try:
            self._folder.mkdir(exist_ok=True)
            files, mapped = [], []
            for number, segment in enumerate(segments):
                file = f"{stem}-{number}.keys"
                segment.astype("<u8", copy=False).tofile(self._folder / file)
                files.append({"file": file, "digest": hashlib.sha256(segment).hexdigest()})
                mapped.append(_mapped(self._folder / file))
            (self._folder / f"{stem}.arrow").write_bytes(body)
            manifest = {
                "form": _FORM,
                "batches": batches,
                "proof": proof,
                "segments": files,
                "suspects": {"file": f"{stem}.arrow", "digest": hashlib.sha256(body).hexdigest()},
            }
            draft = self._folder / f"{stem}.draft"
            draft.write_text(json.dumps(manifest), encoding="utf-8")
            draft.replace(self._folder / f"{name}.json")
        except (OSError, ValueError):
            self._sweep(f"{stem}*", keep=None)
            return None
        self._sweep(f"{name}-*", keep=stem)
        return tuple(mapped)

    def read(self, name: str, schema: pa.Schema) -> Saved | None:
        """What the files of a fact type hold.

        Args:
            name: Of the fact type.
            schema: Of the suspects.

        Returns:
            None where a file is missing or not what was written.
        """
        if self._folder is None:
            return None
        try:
            manifest = json.loads((self._folder / f"{name}.json").read_bytes())
            body = (self._folder / Path(manifest["suspects"]["file"]).name).read_bytes()
            if manifest["form"] != _FORM or hashlib.sha256(body).hexdigest() != manifest["suspects"]["digest"]:
                return None
            with pa.ipc.open_file(pa.py_buffer(body)) as reader:
                suspects = reader.read_all()
            files = [(self._folder / Path(entry["file"]).name, str(entry["digest"])) for entry in manifest["segments"]]
            saved = Saved(int(manifest["batches"]), str(manifest["proof"]), partial(_segments, files), suspects)
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
            return None
        return saved if suspects.schema == schema else None

    def _sweep(self, pattern: str, *, keep: str | None) -> None:
        """Delete what earlier writes left."""
        if self._folder is not None:
            for file in self._folder.glob(pattern):
                if keep is None or not file.name.startswith(keep):
                    with contextlib.suppress(OSError):
                        file.unlink()


def _segments(files: Sequence[tuple[Path, str]]) -> tuple[Any, ...] | None:
    found = []
    for path, digest in files:
        try:
            segment = _mapped(path)
        except (OSError, ValueError):
            return None
        if hashlib.sha256(segment).hexdigest() != digest:
            return None
        found.append(segment)
    return tuple(found)


def _mapped(path: Path) -> Any:
    return np.memmap(path, dtype="<u8", mode="r").reshape(2, -1)
