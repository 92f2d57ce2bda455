"""English sentences of the source in Traditional Chinese, found by their patterns."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from kpicore.reports.handbook.words import called
from kpicore.reports.translations.findings import FINDINGS, VALUES
from kpicore.reports.translations.hints import HINTS
from kpicore.reports.translations.messages import MESSAGES, SYSTEM, USAGE
from kpicore.reports.translations.parts import CONDITIONS, PARTS, TARGETS, WORDS

_GAP = "{}"


class Gap(str):
    """A value in a sentence; `said` is its own translation where it has one."""

    __slots__ = ()

    @property
    def said(self) -> str:
        """The value in Chinese: a word, or a sentence in the sentence."""
        return VALUES.get(self) or chinese(self) or str(self)


class _Catalogue:
    """English patterns with their translations; those that say most, from their beginning, are tried first."""

    def __init__(self, *catalogues: Mapping[str, str]) -> None:
        every = {english: said for catalogue in catalogues for english, said in catalogue.items()}
        self._fixed = {english: said for english, said in every.items() if _GAP not in english}
        gaps = sorted((english for english in every if _GAP in english), key=_vagueness)
        self._patterns = [(_pattern(english), every[english]) for english in gaps]

    def find(self, english: str) -> str | None:
        """The translation with the values in its gaps, None where there is none."""
        if english in self._fixed:
            return self._fixed[english]
        for pattern, said in self._patterns:
            found = pattern.fullmatch(english)
            if found is not None:
                return said.format(*map(Gap, found.groups()))
        return None


def _vagueness(english: str) -> tuple[int, int]:
    return -english.index(_GAP), -len(english)


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(map(re.escape, english.split(_GAP))), re.DOTALL)


@functools.cache
def _sentences() -> _Catalogue:
    return _Catalogue(MESSAGES, USAGE, SYSTEM, HINTS, FINDINGS)


@functools.cache
def _parts() -> _Catalogue:
    return _Catalogue(PARTS)


@functools.cache
def _conditions() -> _Catalogue:
    return _Catalogue(CONDITIONS)


@functools.cache
def _targets() -> _Catalogue:
    return _Catalogue(TARGETS)


def chinese(english: str) -> str | None:
    """A sentence that kpicore says of errors, hints and findings; None where it has no translation."""
    return _sentences().find(english)


def told(english: str, language: str) -> str:
    """The sentence in `language`, in English where it has no translation."""
    return chinese(english) or english if language == "zh-Hant" else english


def part(what: str, language: str) -> str:
    """The name of a part of a rule (`what` of a difference) in `language`."""
    return _parts().find(what) or what if language == "zh-Hant" else what


def rule_name(name: str, language: str) -> str:
    """The name of a rule in `language`: targets say whose they are and of which period, other names are as they are."""
    if language != "zh-Hant" or name.count(" · ") != 2:
        return name
    return " · ".join(_targets().find(one) or one for one in name.split(" · "))


def part_value(what: str, value: str, language: str) -> str:
    """What a part of a rule says, in `language`: names, numbers and texts of people stay as they are."""
    if language != "zh-Hant":
        return value
    kind = what.partition(" ")[0]
    if kind in ("gate", "modifier", "coefficient", "company"):
        return "，".join(_conditions().find(one) or one for one in value.split(", "))
    if kind in ("role", "business_stage"):
        return called(kind.removeprefix("business_"), value, language)
    if kind == "trigger":
        return _conditions().find(value) or value
    return WORDS.get(what.rpartition(": ")[2] if kind == "schedule" else kind, {}).get(value, value)
