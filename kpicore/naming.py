"""Names, near misses, and texts in two languages."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from kpicore.errors import InvalidDefinition

LANGUAGES = ("en", "zh-Hant")

#: A text in both languages: {"en": …, "zh-Hant": …}.
Text = Mapping[str, str]

#: Names of definitions and rules are parts of ids and of names of files.
LONGEST_NAME = 100

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A hint that names the closest known name, or None where nothing is close.

    Names of plugins are looked through too: `win_rate` finds `sales.win_rate`.
    """
    if not isinstance(name, str):
        return None
    names = sorted(set(known))
    lowered = name.lower()
    found = difflib.get_close_matches(lowered, [n.lower() for n in names], n=1, cutoff=0.6)
    if found:
        best = next(n for n in names if n.lower() == found[0])
        return f"did you mean {best}?"
    tails = {n.rpartition(".")[2]: n for n in names}
    found = difflib.get_close_matches(lowered.rpartition(".")[2], list(tails), n=1, cutoff=0.75)
    return f"did you mean {tails[found[0]]}?" if found else None


def check_name(name: str, what: str, *, plugin: bool = False) -> str:
    """Return `name` if it is a lower-case identifier (with `plugin`, `plugin.name`), else refuse it."""
    parts = name.split(".") if isinstance(name, str) else []
    if len(parts) == (2 if plugin else 1) and all(_NAME.fullmatch(part) for part in parts):
        if len(name) > LONGEST_NAME:
            raise InvalidDefinition(
                f"the name of {what} has more than {LONGEST_NAME} characters", where=what, hint="choose a shorter one"
            )
        return name
    form = "plugin.name" if plugin else "name"
    raise InvalidDefinition(
        f"{name!r} is not a name for {what}",
        where=what,
        hint=f"write {form} with lower-case letters, digits and _, beginning with a letter",
    )


def both(en: str, zh_hant: str) -> Text:
    """A text in both languages."""
    return {"en": en, "zh-Hant": zh_hant}


def text(value: str | Text) -> Text:
    """A text in both languages from a mapping, or from one string that serves both."""
    if isinstance(value, str):
        return dict.fromkeys(LANGUAGES, value)
    return dict(value)


def translated(value: Text, language: str) -> str:
    """The text in `language`, or in English where that language is missing."""
    return value.get(language) or value.get("en") or next(iter(value.values()), "")
