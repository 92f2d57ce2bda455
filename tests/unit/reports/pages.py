"""Pages as an XML parser reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET


def parsed(page: str) -> ET.Element:
    """The page's root."""
    return ET.fromstring(page.partition("\n")[2])


def texts(element: ET.Element | None, skip: Sequence[str] = ("style",)) -> list[str]:
    """Every text under an element, in order, and what drawings say of themselves."""
    if element is None or element.tag in skip:
        return []
    found = [element.get("aria-label", ""), element.text or ""]
    for child in element:
        found += texts(child, skip)
        found.append(child.tail or "")
    return [said for said in (" ".join(part.split(" ")).strip(" \n") for part in found) if said]


def untranslated(page: str, language: str, data: Iterable[str]) -> list[str]:
    """Texts of a page in the other language, but for commands and for data, which are nobody's to translate."""
    own = {"UTC", "kpicore", *data}
    found = []
    for said in texts(parsed(page), skip=("code", "style")):
        rest = said
        for known in sorted(own, key=len, reverse=True):
            rest = rest.replace(known, "")
        if re.search({"en": r"[\u3400-\u9fff]", "zh-Hant": r"[A-Za-z]{2,}"}[language], rest):
            found.append(said)
    return found
