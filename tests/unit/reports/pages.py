"""Pages as an XML parser reads them."""

from __future__ import annotations

from collections.abc import Sequence
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
