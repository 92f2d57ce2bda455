"""Errors as people read them: what is wrong, where, and what to do next, in their language."""

from __future__ import annotations

from kpicore.errors import InvalidInput, KpicoreError
from kpicore.reports.translations.meanings import MEANINGS
from kpicore.reports.translations.translated import chinese
from kpicore.reports.words import pick

#: Refused rows that are shown; `--json` has more of them.
SHOWN_ROWS = 10


def error_lines(error: KpicoreError, language: str) -> list[str]:
    """The lines of an error: one sentence, refused rows, and a hint.

    In Chinese the first line is always Chinese: the sentence itself where it is translated, else what the error's code
    means, and the sentence with its names and numbers below.
    """
    lines = _english(error) if language != "zh-Hant" else _chinese(error)
    if isinstance(error, InvalidInput) and len(error.rows) > 1:  # the message names the first
        lines.extend(f"  {row!r}" for row in error.rows[:SHOWN_ROWS])
        if len(error.rows) > SHOWN_ROWS:
            lines.append("  …")
    if error.hint:
        lines.append(pick(language, f"Hint: {error.hint}", f"提示：{chinese(error.hint) or error.hint}"))
    return lines


def _english(error: KpicoreError) -> list[str]:
    return [f"Error: {error.where}: {error.message}" if error.where else f"Error: {error.message}"]


def _chinese(error: KpicoreError) -> list[str]:
    said = chinese(error.message)
    lines = [f"錯誤：{said or _meaning(error.code)}"]
    if error.where:
        lines.append(f"  位置：{error.where}")
    if said is None:
        lines.append(f"  詳情：{error.message}")
    return lines


def _meaning(code: str) -> str:
    """What a code means; a plugin's own code as it is."""
    return MEANINGS[code][1] if code in MEANINGS else code
