"""The files of the table cache: resolved rows of one fact type, uncompressed Arrow that is read by mapping it into memory.

They may be deleted at any time, and are written whole or not at all: first the rows under a name of their own, then, in
the place of the one before, the manifest that names them. What cannot be read or written is as if it were not there.

A file is believed with its digest. Within one run of the system, a file that nothing touched since it was written or
last digested (same inode, size, times of its content and of its entry) is believed without digesting it again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from attrs import frozen

from kpicore.errors import LedgerUnavailable
from kpicore.ledger.files import TIMEOUT
from kpicore.ledger.locks import exclusive

_FORM = 1
#: Bytes that writing leaves free on the disk: the ledger needs them more.
LEFT_FREE = 256 * 1024 * 1024
_LOOK_EVERY = 64 * 1024 * 1024
_BLOCK = 8 * 1024 * 1024
#: Seconds that two ticks are less apart than.
_TICK = 0.012


@frozen
class Kept:
    """What a file holds.

    Args:
        batches: How many batches are covered: those up to the cut at which the rows were resolved.
        proof: Digest of what these are.
        table: The rows, mapped.
        path: The file.
        seen: What the file looked like when it was found to be right.
        manifest: The file that names it, and what that looked like.
    """

    batches: int
    proof: str
    table: pa.Table
    path: Path
    seen: tuple[Any, ...]
    manifest: tuple[Path, int]

    @property
    def current(self) -> bool:
        """Whether the file is still as it was, and the one that the manifest names."""
        return looks(self.path) == self.seen and _inode(self.manifest[0]) == self.manifest[1]


class TableFiles:
    """The files of a ledger's table cache.

    Args:
        folder: Where they are; made when it is needed.
        limit: Most bytes of all files together; what was used least lately gives way.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder, self._limit = folder, limit

    @contextmanager
    def writing(self, name: str) -> Iterator[bool]:
        """Alone among all processes that may write these files; whether they can be written at all."""
        with contextlib.ExitStack() as held:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                held.enter_context(exclusive(self._folder / f"{name}.lock", TIMEOUT))
            except (OSError, LedgerUnavailable):
                yield False
                return
            yield True

    def write(self, name: str, batches: int, proof: str, schema: pa.Schema, rows: Iterable[pa.RecordBatch]) -> bool:
        """Write the rows of a fact type; whether that was possible.

        Args:
            name: Under which they are kept.
            batches, proof: As of `Kept`.
            schema: Of the rows.
            rows: The rows in order.
        """
        path = self._folder / f"{name}-{secrets.token_hex(8)}.arrow"
        draft = path.with_suffix(".draft")
        try:
            with path.open("xb") as file:
                sink = _Sink(file, self._limit)
                with pa.ipc.new_file(pa.PythonFile(sink, mode="w"), schema) as writer:
                    for batch in rows:
                        writer.write_batch(batch)
            # Times of files are those of the system's clock ticks: what touches the file after this has another time.
            time.sleep(_TICK)
            manifest = {
                "form": _FORM,
                "batches": batches,
                "proof": proof,
                "file": path.name,
                "size": sink.size,
                "digest": sink.digest.hexdigest(),
                "seen": looks(path),
            }
            draft.write_text(json.dumps(manifest), encoding="utf-8")
            draft.replace(self._folder / f"{name}.json")
        except OSError:
            _remove(path, draft)
            return False
        except BaseException:
            _remove(path, draft)
            raise
        self._sweep(name, path)
        return True

    def read(self, name: str, schema: pa.Schema) -> Kept | None:
        """What is kept of a fact type; None where a file is missing or not what was written."""
        manifest_path = self._folder / f"{name}.json"
        try:
            manifest = json.loads(manifest_path.read_bytes())
            path = self._folder / Path(manifest["file"]).name
            seen = looks(path)
            if manifest["form"] != _FORM or seen is None or path.stat().st_size != manifest["size"]:
                return None
            if list(seen) != manifest["seen"] or not seen[0]:
                if _digest(path) != manifest["digest"]:
                    return None
                self._tell(manifest_path, {**manifest, "seen": seen})
            with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
                table = reader.read_all()
            named = manifest_path, _inode(manifest_path)
            kept = Kept(int(manifest["batches"]), str(manifest["proof"]), table, path, seen, named)
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
            return None
        with contextlib.suppress(OSError):
            os.utime(manifest_path)
        return kept if table.schema == schema else None

    @staticmethod
    def _tell(manifest_path: Path, manifest: dict[str, Any]) -> None:
        """Spare the next process the digest, where that can be written."""
        draft = manifest_path.with_name(f"{manifest_path.stem}-{secrets.token_hex(8)}.draft")
        try:
            draft.write_text(json.dumps(manifest), encoding="utf-8")
            draft.replace(manifest_path)
        except OSError:
            _remove(draft)

    def _sweep(self, name: str, current: Path) -> None:
        """Delete what earlier writes of a fact type left, then what was used least lately until the limit is kept."""
        with contextlib.suppress(OSError):
            for file in self._folder.glob(f"{name}-*"):
                if file != current:
                    _remove(file)
            manifests = sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
            for manifest in manifests:
                if sum(file.stat().st_size for file in self._folder.glob("*.arrow")) <= self._limit:
                    return
                if manifest.stem != name:
                    _remove(manifest, *self._folder.glob(f"{manifest.stem}-*"))


class _Sink:
    """A file that is digested while it is written, and that ends before it takes too much of the disk."""

    closed = False

    def __init__(self, file: Any, limit: int) -> None:
        self._file, self._limit = file, limit
        self.digest, self.size, self._looked = hashlib.sha256(), 0, -_LOOK_EVERY

    def write(self, data: bytes) -> int:
        if self.size - self._looked >= _LOOK_EVERY:
            self._looked = self.size
            if shutil.disk_usage(self._file.name).free < LEFT_FREE + _LOOK_EVERY:
                raise OSError("the disk is nearly full")
        if self.size + len(data) > self._limit:
            raise OSError("more than the cache may take")
        self.digest.update(data)
        self._file.write(data)
        self.size += len(data)
        return len(data)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        """The file is closed by who opened it."""


def looks(path: Path) -> tuple[Any, ...] | None:
    """What tells that nothing touched a file while the system runs; the first part is empty where that is not known."""
    try:
        found = path.stat()
    except OSError:
        return None
    return _boot(), found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0


@cache
def _boot() -> str:
    """This run of the system: after a crash, what was written may not be what is there."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _remove(*files: Path) -> None:
    for file in files:
        with contextlib.suppress(OSError):
            file.unlink()
