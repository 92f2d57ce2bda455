"""What the pages show as code is code that runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kpicore.definitions.cards.card_files import read_card
from kpicore.definitions.cards.card_tables import TomlFile
from kpicore.definitions.plans.award_files import read_award
from kpicore.sources.map_files import load_map
from tests.style.repository import ROOT, fences

HOWTO = "docs/howto/write-a-plugin.md"


def _fences(page: str, language: str) -> list[str]:
    return fences((ROOT / page).read_text("utf-8"), language)


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """The plugin of the how-to, written down as the page says."""
    (tmp_path / "kpicore_closing").mkdir()
    (tmp_path / "pyproject.toml").write_text(_fences(HOWTO, "toml")[0], "utf-8")
    (tmp_path / "kpicore_closing" / "__init__.py").write_text(_fences(HOWTO, "python")[0], "utf-8")
    return tmp_path


def test_the_plugin_of_the_how_to_holds_together_and_its_example_comes_out(plugin: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kpicore.cli", "plugins", "check", str(plugin)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "closing" in done.stdout


@pytest.mark.parametrize("readme", ["README.md", "README.zh-Hant.md"])
def test_the_readme_shows_the_same_plugin(readme: str) -> None:
    assert _fences(readme, "python") == _fences(HOWTO, "python")[:1]


def test_the_how_to_s_other_definitions_can_be_made() -> None:
    for block in _fences(HOWTO, "python")[1:]:
        # The laws ask for a plugin that is installed.
        exec(compile(block.replace('laws_of("closing")', 'laws_of("sales")'), HOWTO, "exec"), {})


def test_the_maps_of_the_reference_are_maps(tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text("StockCode,name\n", "utf-8")
    for number, block in enumerate(_fences("docs/reference/import-maps.md", "toml")):
        file = tmp_path / f"map{number}.toml"
        file.write_text(block, "utf-8")
        assert load_map(file).facts


def test_the_awards_of_the_reference_are_awards() -> None:
    for number, block in enumerate(_fences("docs/reference/awards.md", "toml")):
        award = read_award(TomlFile(block, f"award {number}"))
        assert award.id


def test_the_cards_of_the_reference_are_cards() -> None:
    for block in _fences("docs/reference/scorecards.md", "toml"):
        assert read_card(block)
