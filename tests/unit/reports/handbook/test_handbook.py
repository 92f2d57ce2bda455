"""The handbook: every indicator has its page in both languages, its HTML is well-formed, and its links lead somewhere."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from kpicore.definitions.algebra.choices import settings
from kpicore.definitions.algebra.words import formula
from kpicore.errors import NotFound
from kpicore.hooks.catalog import Catalog
from kpicore.hooks.host import PluginHost
from kpicore.naming import LANGUAGES
from kpicore.reports.handbook.handbook import INDEX, handbook
from kpicore.reports.handbook.html import html
from kpicore.reports.handbook.markdown import markdown
from kpicore.reports.handbook.pages import Bullets, Code, Heading, Link, Page, Paragraph, Table
from kpicore.reports.handbook.words import say

Pages = dict[str, Page]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(PluginHost())


@pytest.fixture(scope="module", params=LANGUAGES)
def pages(request: pytest.FixtureRequest, catalog: Catalog) -> Pages:
    return {page.name: page for page in handbook(catalog, request.param)}


def _parsed(page: Page) -> ET.Element:
    return ET.fromstring(html(page).partition("\n")[2])


def _texts(page: Page) -> Iterator[str]:
    for block in page.blocks:
        if isinstance(block, Heading):
            yield block.text
        elif isinstance(block, Paragraph):
            yield from (part if isinstance(part, str) else part.text for part in block.line)


def test_every_indicator_has_a_whole_page(catalog: Catalog, pages: Pages) -> None:
    assert set(pages) == {INDEX, *catalog.definitions.indicators, *catalog.definitions.roles}
    for name, indicator in catalog.definitions.indicators.items():
        page = pages[name]
        said = list(_texts(page))
        wanted = ("meaning", "formula", "example", "given", "result", "moves", "source", "parameters", "at_a_glance")
        assert [part for part in wanted if say(part, page.language) not in said] == [], name
        assert page.title == indicator.title[page.language]
        assert " ".join(formula(catalog.definitions, indicator, page.language).split()) in said


def test_a_page_tells_the_formula_of_every_option(catalog: Catalog, pages: Pages) -> None:
    for name, indicator in catalog.definitions.indicators.items():
        page = pages[name]
        made = page.blocks[page.blocks.index(Heading(say("formula", page.language))) + 2]
        told = [row[1][0] for row in made.rows] if isinstance(made, Table) else []
        others = [formula(catalog.definitions, indicator, page.language, one) for one in settings(indicator)]
        assert told == others, name
        assert not any("`" in one or "$" in one for one in others), name
        assert len({*others, formula(catalog.definitions, indicator, page.language)}) == len(others) + 1, name


def test_html_is_well_formed_and_needs_nothing_else(pages: Pages) -> None:
    for page in pages.values():
        tree = _parsed(page)
        assert tree.get("lang") == page.language
        assert len(tree.findall(".//h1")) == 1
        used = {element.tag for element in tree.iter()}
        assert not used & {"script", "link", "img", "iframe", "object"}
        assert not re.search(r"https?:|url\(|@import|src=", html(page))
        levels = [int(e.tag[1]) for e in tree.iter() if re.fullmatch("h[1-6]", e.tag)]
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_links_lead_to_pages(pages: Pages) -> None:
    for page in pages.values():
        ways = [element.get("href", "") for element in _parsed(page).iter("a")]
        assert {way.removesuffix(".html") for way in ways} <= set(pages)
        marked = re.findall(r"(?<!\\)\]\(([^)]*)\)", markdown(page))
        assert [way.removesuffix(".md") for way in marked] == [way.removesuffix(".html") for way in ways]
    found = {element.get("href", "").removesuffix(".html") for element in _parsed(pages[INDEX]).iter("a")}
    assert found == set(pages) - {INDEX}


def test_rows_of_tables_are_as_wide_as_their_heads(pages: Pages) -> None:
    tables = [block for page in pages.values() for block in page.blocks if isinstance(block, Table)]
    assert all(len(row) == len(table.head) for table in tables for row in table.rows)


def test_the_same_definitions_give_the_same_bytes() -> None:
    one, other = (handbook(Catalog(PluginHost()), "en", "sales") for _ in range(2))
    assert [html(page) for page in one] == [html(page) for page in other]
    assert [markdown(page) for page in one] == [markdown(page) for page in other]


def test_a_worked_example_shows_facts_and_result(catalog: Catalog) -> None:
    [page] = [page for page in handbook(catalog, "en", "sales") if page.name == "sales.win_rate"]
    shown = markdown(page)
    given = shown.index("### Given")
    assert given < shown.index("deal\\_lost): 3 rows") < shown.index("### Result") < shown.index("25.00 %")
    assert "no denominator: there is nothing to divide by" in shown


def test_a_role_has_its_duties_areas_and_templates(catalog: Catalog) -> None:
    pages = {page.name: markdown(page) for page in handbook(catalog, "zh-Hant")}
    shown = pages["ecommerce.operations"]
    assert (
        shown.index("店鋪流量提升")
        < shown.index("轉化率優化")
        < shown.index("客戶復購激活")
        < shown.index("計分卡範本")
    )
    assert "(ecommerce.store_uv_growth_rate.md)" in shown
    # Scored by it is also the role whose areas name it.
    assert "市場行銷、銷售" in pages["marketing.campaign_roi"]


def test_one_plugin_has_its_own_pages_and_no_way_out_of_them(catalog: Catalog) -> None:
    pages = {page.name: page for page in handbook(catalog, "en", "sales")}
    assert {name.partition(".")[0] for name in pages} == {INDEX, "sales"}
    ways = {e.get("href", "").removesuffix(".html") for page in pages.values() for e in _parsed(page).iter("a")}
    assert ways <= set(pages)


def test_an_unknown_plugin_is_refused(catalog: Catalog) -> None:
    with pytest.raises(NotFound):
        handbook(catalog, "en", "sale")


def test_what_a_definition_says_is_text_and_nothing_else() -> None:
    sharp = "<b>&amp; | [a](b) `c` *d*"
    blocks = (
        Heading(sharp),
        Paragraph((sharp, Code("a<b"), Link(sharp, "x.y"))),
        Bullets(((sharp,),)),
        Table((sharp, "n"), (((sharp,), (Code("n"),)),), sharp),
    )
    page = Page("x.y", sharp, "en", blocks)
    tree = _parsed(page)
    assert [e.text for e in tree.iter() if e.tag in ("h1", "h2", "li", "caption")] == [sharp, sharp, sharp, sharp]
    rows = [line for line in markdown(page).splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3}


@pytest.mark.parametrize(("text", "written"), [("# a", "\\# a"), ("- a", "\\- a"), ("1. a", "1\\. a"), ("1.5", "1.5")])
def test_text_does_not_begin_a_list_or_heading(text: str, written: str) -> None:
    assert markdown(Page("x.y", "t", "en", (Paragraph((text,)),))).endswith(f"\n{written}\n")


def test_an_indicator_that_is_replaced_has_a_way_to_its_page(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("own")
    (folder / "kpifile.py").write_text(
        "from kpicore import Indicator, count, hookimpl\n"
        "a = dict(title='t', perspective='risk', roles='sales', data_source='CRM')\n"
        "@hookimpl\n"
        "def provide_definitions():\n"
        "    return [Indicator('local.wins', measure=count('deal_won'), replaces='sales.win_rate', **a),\n"
        "            Indicator('local.odd', measure=count('deal_one'), **a)]\n"
    )
    catalog = Catalog(PluginHost(local=folder))
    pages = {page.name: page for page in handbook(catalog, "en")}
    assert "sales.win_rate.html" in html(pages["local.wins"])
    assert "does not hold together" in markdown(pages["local.odd"])
