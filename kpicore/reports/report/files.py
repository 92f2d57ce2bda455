"""Files of reports: names that any file system takes, and writing that leaves a whole file or none."""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

Form = Literal["html", "xlsx"]
FORMS: tuple[Form, ...] = ("html", "xlsx")
#: Longest name of a person within a file's name, and how much of a digest tells two apart.
_LONGEST, _DIGITS = 48, 8


def file_name(evaluation: str, subject: str | None, everyone: Iterable[str], form: Form) -> str:
    """The name of a report's file: the evaluation, then who it is about.

    What is no letter or digit becomes a dash. Where that says the same of two people, or nothing, a part of the name's
    digest tells them apart.

    Args:
        evaluation: Its id.
        subject: Whom the report is about; None: everyone.
        everyone: All who are scored, so that names are told apart.
        form: `html` or `xlsx`.
    """
    if subject is None:
        return f"{evaluation}.{form}"
    own = _plain(subject)
    same = sum(_plain(name) == own for name in everyone)
    digest = hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    parts = [part for part in (own, digest if same > 1 or not own else "") if part]
    return f"{evaluation}.{'-'.join(parts)}.{form}"


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", "-", folded).strip("-")[:_LONGEST]


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file so that its old content or all of the new one is there, whatever happens.

    Raises:
        OSError: It cannot be written; it names the file that was wanted.
    """
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
        part.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            part.unlink()
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise
    return path
