"""READMEs, change log and docs: links lead somewhere, languages agree, commands are the ones that run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kpicore
from tests.style.repository import FENCE, ROOT, fences, headings, name, texts

PAGES = [path for path in texts(".md") if not name(path).startswith("tests/")]
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
PAGE_NAME = re.compile(r"`([\w/.-]+\.md)`")


def _slug(heading: str) -> str:
    plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", plain).strip())


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for match in LINK.finditer(FENCE.sub("", page.read_text("utf-8"))):
        target, _, anchor = match["target"].partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        there = (page.parent / target).resolve() if target else page
        if not there.exists() or (
            anchor and anchor not in [_slug(text) for _, text in headings(there.read_text("utf-8"))]
        ):
            broken.append(match["target"])
    assert broken == []


def test_every_page_of_the_docs_is_reachable_from_its_index() -> None:
    """A page that nothing links to is a page that nobody reads."""
    docs = ROOT / "docs"
    seen: set[Path] = set()
    todo = [docs / "index.md", docs / "zh-Hant" / "index.md"]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md" or not page.is_relative_to(docs):
            continue
        seen.add(page)
        for match in LINK.finditer(page.read_text("utf-8")):
            target = match["target"].partition("#")[0]
            if target and "://" not in target:
                todo.append((page.parent / target).resolve())
    assert {name(page) for page in docs.rglob("*.md")} - {name(page) for page in seen} == set()


def test_pages_that_are_named_exist() -> None:
    """Words of another project, or of a plan, do not slip in by their file names."""
    known = {path.name for path in texts(".md")} | {"Makefile"}
    named = {
        (name(path), match)
        for path in texts(".py", ".md", ".toml")
        for match in PAGE_NAME.findall(path.read_text("utf-8"))
    }
    assert {(where, what) for where, what in named if what.rpartition("/")[2] not in known} == set()


@pytest.mark.parametrize(
    ("english", "chinese"),
    [("README.md", "README.zh-Hant.md")]
    + [(f"docs/{name(page)[len('docs/zh-Hant/') :]}", name(page)) for page in PAGES if "docs/zh-Hant/" in name(page)],
)
def test_both_languages_have_the_same_shape(english: str, chinese: str) -> None:
    one, two = (ROOT / english).read_text("utf-8"), (ROOT / chinese).read_text("utf-8")
    assert [level for level, _ in headings(one)] == [level for level, _ in headings(two)]
    for language in ("console", "python", "toml"):
        assert len(fences(one, language)) == len(fences(two, language)), language
    assert fences(one, "bash") == fences(two, "bash")


def test_readme_and_continuous_integration_run_the_same() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    commands = [
        line.split("#")[0].strip() for line in fences((ROOT / "README.md").read_text("utf-8"), "bash")[0].splitlines()
    ]
    assert commands == ["make demo", "make test"]
    assert commands[-1] in script.splitlines()
    for command in commands:
        assert re.search(rf"^{command.split()[1]}:", makefile, re.MULTILINE)


def test_the_change_log_has_this_version() -> None:
    sections = [text for level, text in headings((ROOT / "CHANGELOG.md").read_text("utf-8")) if level == 2]
    assert any(section.split()[0] == kpicore.__version__ for section in sections)
