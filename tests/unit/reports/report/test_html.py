"""Pages of reports: well-formed, whole without anything else, in an order that a screen reader can follow; names stay text."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore.naming import LANGUAGES
from kpicore.reports.report.report import Report
from kpicore.reports.words import clean
from tests.unit.reports.conftest import FORMULA, SCRIPT
from tests.unit.reports.pages import parsed, texts

ALLOWED = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "header",
        "footer",
        "nav",
        "section",
        "article",
        "figure",
    ),
    *("h1", "h2", "h3", "h4", "h5", "p", "a", "ul", "ol", "li", "dl", "dt", "dd", "div", "span", "strong", "code"),
    *("table", "thead", "tbody", "tr", "th", "td", "figcaption"),
    *("svg", "defs", "pattern", "path", "rect", "line", "circle", "text"),
}


@pytest.fixture(params=[(language, alone) for language in LANGUAGES for alone in (True, False)], ids=str)
def page(request: pytest.FixtureRequest, found: Report) -> ET.Element:
    language, alone = request.param
    return parsed((found.person("Ann") if alone else found).to_html(language))


def test_a_page_is_whole_by_itself(page: ET.Element) -> None:
    assert {element.tag for element in page.iter()} <= ALLOWED
    assert not [e for e in page.iter() if {"src", "srcset", "style", "onclick", "onload"} & set(e.attrib)]
    assert all(e.get("href", "").startswith("#") for e in page.iter("a"))
    style = "".join(e.text or "" for e in page.iter("style"))
    assert not re.search(r"https?:|@import|@font-face|url\((?!#p\d\))", style)
    policy = next(e.get("content") for e in page.iter("meta") if e.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_headings_follow_each_other(page: ET.Element) -> None:
    levels = [int(e.tag[1]) for e in page.iter() if re.fullmatch("h[1-6]", e.tag)]
    assert levels.count(1) == 1 == levels[0]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert all(texts(e) for e in page.iter() if re.fullmatch("h[1-6]", e.tag))


def test_links_lead_to_what_is_there_once(page: ET.Element) -> None:
    ids = [e.get("id") for e in page.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    wanted = {e.get("href", "")[1:] for e in page.iter("a")} | {
        name for e in page.iter() for name in (e.get("aria-labelledby") or "").split()
    }
    assert wanted <= set(ids)


def test_tables_say_what_their_rows_and_columns_are(page: ET.Element) -> None:
    for table in page.iter("table"):
        head = table.findall("thead/tr/th")
        assert head
        assert all(e.get("scope") == "col" and "".join(texts(e)) for e in head)
        for row in table.findall("tbody/tr"):
            assert len(row) == len(head)
            assert [e.get("scope") for e in row.findall("th")] == ["row"]


def test_drawings_are_described_or_stand_beside_their_numbers(page: ET.Element) -> None:
    for drawing in page.iter("svg"):
        described = drawing.get("role") == "img" and drawing.get("aria-label")
        assert described or drawing.get("aria-hidden") == "true"


def test_what_scrolls_can_be_reached_and_has_a_name(page: ET.Element) -> None:
    regions = [e for e in page.iter("div") if e.get("class") == "scroll"]
    assert regions
    assert all(e.get("tabindex") == "0" and e.get("role") == "region" and e.get("aria-label") for e in regions)
    names = [e.get("aria-label") for e in regions]
    assert len(names) == len(set(names))


def test_hostile_names_are_text(found: Report) -> None:
    for name in (SCRIPT, FORMULA):
        tree = parsed(found.person(name).to_html())
        assert texts(tree.find(".//h1")) == [name]
        assert list(tree.iter("script")) == []


_ANY = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)


@settings(max_examples=25)
@given(name=_ANY, why=_ANY)
def test_whatever_a_name_or_reason_is_the_page_is_well_formed_and_says_it(found: Report, name: str, why: str) -> None:
    ann = found.person("Ann")
    [row] = ann.document["subjects"]
    lines = [{**line, "why": why, "flags": [why]} for line in row["lines"]]
    card = {**ann.document["rule"], "by": name, "reason": why}
    document = {**ann.document, "rule": card, "subjects": [{**row, "subject": name, "lines": lines}]}
    for language in LANGUAGES:
        tree = parsed(evolve(ann, document=document, only=name).to_html(language))
        assert {element.tag for element in tree.iter()} <= ALLOWED
        said = " ".join(" ".join(texts(tree)).split())
        shown = " ".join(clean(re.sub(r"[\t\n\r]+", " ", name)).split())
        assert shown in said
