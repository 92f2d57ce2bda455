"""Pictures of reports for the docs: `python -m tests.browser.screenshots docs/images`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import kpicore
from kpicore.demo import tour
from kpicore.reports.report.report import Report
from tests.browser.conftest import FLAGS, chromium

#: Name, language, whether of one person, width and height of the window, colour scheme.
PICTURES = (
    ("report-team", "en", False, 960, 880, "light"),
    ("report-person", "en", True, 960, 1130, "light"),
    ("report-person-zh-Hant", "zh-Hant", True, 960, 1080, "light"),
    ("report-person-narrow-dark", "zh-Hant", True, 360, 760, "dark"),
)
#: The page whose explanation of a difference has a picture of its own.
CHANGED = "report-person"


def main(folder: Path) -> None:
    """Write every picture into the folder."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        report = demo(Path(place))
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        for name, language, alone, width, height, scheme in PICTURES:
            file = Path(place) / f"{name}.html"
            file.write_text((report.person(tour.OTHER) if alone else report).to_html(language), "utf-8")
            size = {"width": width, "height": height}
            page = browser.new_page(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(file.as_uri())
            page.screenshot(path=folder / f"{name}.png")
            if name == CHANGED:
                page.locator("section", has=page.locator(".steps")).nth(1).screenshot(path=folder / "report-change.png")
        browser.close()


def demo(folder: Path) -> Report:
    """The tour's last quarter, with the new strategy in force from its first day."""
    tour.unpack(folder / "tour")
    with kpicore.open(folder / "tour" / "kpi.db") as kpi:
        for file, map_ in tour.IMPORTS:
            kpi.import_files(folder / "tour" / "data" / file, folder / "tour" / "data" / map_)
        kpi.apply(kpi.plan(folder / "tour" / "scorecards"), by="hr", reason="growth first")
        change = kpi.plan(folder / "tour" / "new_strategy")
        kpi.apply(change, by="hr", reason="win what we touch", effective="2017-10-01")
        sealed = kpi.seal(kpi.evaluate(tour.CARD, tour.QUARTERS[-1]), by="hr")
        return kpi.report(sealed.id)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
