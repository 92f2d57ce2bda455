"""The files of the repository, for the tests that read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("kpicore", "plugins", "tests", "docs", "requirements", ".ci")
TEXTS = {".py", ".md", ".toml", ".txt", ".in", ".svg", ".csv", ".css", ".html", ".j2", ""}
FENCE = re.compile(r"^```(?P<language>[\w-]*)[^\n]*\n(?P<body>.*?)^```\s*$", re.MULTILINE | re.DOTALL)


def texts(*suffixes: str) -> Iterator[Path]:
    """Every text file of the repository, or those with one of the suffixes, in order."""
    found = [path for path in ROOT.iterdir() if path.is_file() and not path.name.startswith(".")]
    for folder in FOLDERS:
        found.extend(path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    for path in sorted(found):
        if path.suffix in (suffixes or TEXTS) and not any(part.endswith(".egg-info") for part in path.parts):
            yield path


def name(path: Path) -> str:
    """The path as people write it, from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def fences(page: str, language: str) -> list[str]:
    """The code blocks of one language on a Markdown page, in order."""
    return [match["body"] for match in FENCE.finditer(page) if match["language"] == language]


def headings(page: str) -> list[tuple[int, str]]:
    """Level and text of every heading of a Markdown page, in order; code blocks have none."""
    return [
        (len(marks), words.strip())
        for marks, words in re.findall(r"^(#{1,6}) +(.+)$", FENCE.sub("", page), flags=re.MULTILINE)
    ]
