"""Pages in the Chromium that is installed here, and what axe finds on them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

import kpicore
from kpicore.demo import tour
from kpicore.reports.report.report import Report

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
#: Nothing but the page: no sandbox to set up, and nothing that asks the network.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
#: Who is shown: at a cap, below target, and without a value on a line.
SHOWN = (tour.SUBJECT, "Violet Mclelland", "Carl Lin")
MISSING = (
    "the tests of pages need Chromium or Chrome: make test installs Debian's where it may; "
    "else apt-get install chromium, or name one with KPICORE_CHROMIUM=/path/to/chrome"
)


def chromium() -> str:
    """The path of a Chromium or Chrome; the tests fail without one."""
    given = os.environ.get("KPICORE_CHROMIUM")
    found = [path for name in ([given] if given else NAMES) if (path := shutil.which(name))]
    found += [] if given else [place for place in PLACES if Path(place).exists()]
    if not found:
        pytest.fail(MISSING)
    return found[0]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a page of HTML. What it asks for beside itself, and what the browser complains of, makes the test fail."""
    said: list[str] = []
    opened = []

    def open_page(html: str, *, width: int = 1000, scheme: str = "light", media: str = "screen") -> Page:
        file = tmp_path / f"page{len(opened)}.html"
        file.write_text(html, "utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.emulate_media(media=media)  # type: ignore[arg-type]
        page.on(
            "request", lambda request: said.append(f"asks for {request.url}") if request.url != file.as_uri() else None
        )
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(file.as_uri())
        opened.append(context)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert said == []


@pytest.fixture(scope="session")
def violations() -> Callable[[Page], list[str]]:
    """What axe finds on a page, every rule of it."""
    axe = Axe()

    def look(page: Page) -> list[str]:
        found: list[dict[str, Any]] = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        return [f"{one['id']}: {one['help']}: {node['html'][:160]}" for one in found for node in one["nodes"]]

    return look


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A few of the tour's agents in the fourth quarter, sealed: axe takes its time over long pages."""
    folder = tmp_path_factory.mktemp("demo")
    tour.unpack(folder)
    with kpicore.open(folder / "kpi.db") as kpi:
        for file, map_ in tour.IMPORTS:
            kpi.import_files(folder / "data" / file, folder / "data" / map_)
        kpi.apply(kpi.plan(folder / "scorecards"), by="hr", reason="growth first")
        sealed = kpi.seal(kpi.evaluate(tour.CARD, tour.QUARTERS[-1]), by="hr")
        whole = kpi.report(sealed.id)
    subjects = [one for one in whole.document["subjects"] if one["subject"] in SHOWN]
    return evolve(whole, document={**whole.document, "subjects": subjects})
