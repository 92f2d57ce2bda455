"""Reports as Chromium shows them: axe finds nothing, nothing is fetched, small screens and paper serve as well."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from kpicore.demo.tour import SUBJECT
from kpicore.hooks.catalog import Catalog
from kpicore.hooks.host import PluginHost
from kpicore.naming import LANGUAGES
from kpicore.reports.handbook.handbook import handbook
from kpicore.reports.handbook.html import html
from kpicore.reports.report.report import Report
from tests.browser.eventful import NAMES, eventful

Show = Callable[..., Page]
Look = Callable[[Page], list[str]]


def _page(demo: Report, language: str, alone: bool) -> str:
    return (demo.person(SUBJECT) if alone else demo).to_html(language)


@pytest.mark.parametrize(
    ("language", "alone", "scheme"),
    [("en", True, "light"), ("zh-Hant", True, "dark"), ("zh-Hant", False, "light"), ("en", False, "dark")],
)
def test_axe_finds_nothing(demo: Report, show: Show, violations: Look, language: str, alone: bool, scheme: str) -> None:
    assert violations(show(_page(demo, language, alone), scheme=scheme)) == []


def test_a_telephone_shows_all_of_it_without_scrolling_sideways(demo: Report, show: Show, violations: Look) -> None:
    for alone in (True, False):
        page = show(_page(demo, "zh-Hant", alone), width=320)
        wide, screen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= screen
    assert violations(show(_page(demo, "en", True), width=320)) == []


@pytest.mark.parametrize("alone", [True, False])
def test_names_of_any_length_are_broken(demo: Report, show: Show, alone: bool) -> None:
    page = show(_page(demo, "en", alone).replace(SUBJECT, "n" * 300), width=320)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_everybody_begins_on_a_new_sheet(demo: Report, show: Show) -> None:
    page = show(demo.to_html())
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert sheets > len(demo.subjects)
    page.emulate_media(media="print")
    breaks = page.eval_on_selector_all("article", "all => all.map(one => getComputedStyle(one).breakBefore)")
    assert set(breaks) == {"page"}
    assert page.eval_on_selector("nav", "one => getComputedStyle(one).display") == "none"


def test_one_person_fits_on_a_few_sheets(demo: Report, show: Show) -> None:
    page = show(_page(demo, "zh-Hant", True))
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) <= 4


def test_lines_are_told_apart_without_colour(demo: Report, show: Show) -> None:
    page = show(demo.to_html())
    page.context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"})
    swatches = [swatch.screenshot() for swatch in page.locator(".swatch").all()]
    assert len(swatches) == len(set(swatches)) == len(demo.card.lines)


def test_the_first_key_leads_past_the_contents(demo: Report, show: Show) -> None:
    page = show(demo.to_html())
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert (focused.get_attribute("href"), focused.inner_text()) == ("#report", "Skip to the report")
    box = focused.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert focused.evaluate("one => getComputedStyle(one).outlineStyle") != "none"


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_the_handbook(show: Show, violations: Look, language: str) -> None:
    pages = {page.name: page for page in handbook(Catalog(PluginHost()), language, "sales")}
    for name, scheme in (("index", "light"), ("sales.win_rate", "dark"), ("sales.representative", "light")):
        assert violations(show(html(pages[name]), scheme=scheme)) == []


def test_axe_finds_nothing_where_much_happened(tmp_path: Path, show: Show, violations: Look) -> None:
    found = eventful(tmp_path)
    one = found.person(NAMES[0]).document["subjects"][0]
    assert one["segments"]
    assert one["gates"]
    assert all(one["standing"].values())
    assert violations(show(found.person(NAMES[0]).to_html("zh-Hant"))) == []
    assert violations(show(found.to_html(), scheme="dark")) == []
