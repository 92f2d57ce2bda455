"""Plugins are found without being imported: installed, local, and in a folder that is being written."""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path

import pytest

from kpicore.errors import InvalidInput, NotFound
from kpicore.hooks import discovery
from kpicore.hooks.host import PluginHost
from tests.unit.hooks.conftest import Install

SOURCE = """
from acme_written_helper import roles
from kpicore import Indicator, count, hookimpl

@hookimpl
def provide_definitions():
    return [Indicator("tea.deals", title="Deals", measure=count("deal_won"), perspective="performance", roles=roles,
                      data_source="CRM")]
"""
PROJECT = """
[project]
name = "acme-written"
version = "0.3"
[project.entry-points.kpicore]
tea = "acme_written"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    (project / "src").mkdir(parents=True)
    (project / "pyproject.toml").write_text(PROJECT)
    (project / "src" / "acme_written.py").write_text(SOURCE)
    (project / "src" / "acme_written_helper.py").write_text("roles = ['sales']\n")
    return project


def test_installed_plugins_are_found_and_not_imported(install: Install) -> None:
    install("tea", "raise SystemExit", version="4.2")
    found = {candidate.name: candidate for candidate in discovery.installed()}["tea"]
    assert (found.distribution, found.version, found.target, found.module) == (
        "acme-tea",
        "4.2",
        "acme_tea",
        "acme_tea",
    )
    assert "acme_tea" not in sys.modules


def test_names_of_distributions_are_compared_as_installers_do() -> None:
    assert discovery.normalised("Acme__Tea.Shop") == "acme-tea-shop"


def test_a_folder_with_a_project_is_a_plugin_before_it_is_installed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    path = list(sys.path)
    host = PluginHost(allow=["tea"], path=folder)
    plugin = host.plugin("tea")
    assert plugin.status == "loaded", plugin.error
    assert (plugin.distribution, plugin.version) == ("acme-written", "0.3")
    assert host.written == {"tea"}
    assert sys.path == path


def test_a_plugin_that_is_written_takes_the_place_of_the_installed_one(install: Install, tmp_path: Path) -> None:
    install("tea", "raise SystemExit")
    written = tmp_path / "tea.py"
    written.write_text("")
    assert [
        (plugin.status, plugin.file)
        for plugin in PluginHost(allow=["tea"], path=written).plugins
        if plugin.name == "tea"
    ] == [("loaded", str(written))]


def test_a_kpifile_by_its_path_is_the_local_plugin(tmp_path: Path) -> None:
    (tmp_path / "kpifile.py").write_text("")
    assert [c.name for c in discovery.in_path(tmp_path / "kpifile.py")] == ["local"]
    assert [c.name for c in discovery.in_path(tmp_path)] == ["local"]


def test_a_path_that_holds_no_plugin_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no file or folder"):
        discovery.in_path(tmp_path / "nothing")
    with pytest.raises(InvalidInput, match=r"it needs kpifile.py, or a pyproject.toml with"):
        discovery.in_path(tmp_path)
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(InvalidInput, match=r"notes.txt is not a Python file"):
        discovery.in_path(tmp_path / "notes.txt")


def test_a_project_without_plugin_or_with_bad_toml_is_refused(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text("[project]\nname = 'x'\n")
    with pytest.raises(InvalidInput, match="no plugin is declared") as raised:
        discovery.in_path(tmp_path)
    assert "[project.entry-points.kpicore]" in str(raised.value.hint)
    project.write_text("[project\n")
    with pytest.raises(InvalidInput, match="not a TOML file"):
        discovery.in_path(tmp_path)


class TestModules:
    """Plugin modules that the caller imported."""

    def test_one_is_named_as_itself_and_loads_whatever_is_allowed(self) -> None:
        module = types.ModuleType("shop.tea")
        plugin = PluginHost(allow=[], modules=[module]).plugin("tea")
        assert (plugin.status, plugin.distribution) == ("loaded", None)

    def test_an_installed_one_keeps_its_name_and_provenance(self, install: Install) -> None:
        install("tea", "", version="4")
        module = importlib.import_module("acme_tea")
        plugins = [plugin for plugin in PluginHost(allow=[], modules=[module]).plugins if plugin.name == "tea"]
        assert [(plugin.status, plugin.version) for plugin in plugins] == [("loaded", "4")]

    def test_one_can_be_blocked(self) -> None:
        module = types.ModuleType("tea")
        assert PluginHost(block=["tea"], modules=[module]).plugin("tea").status == "blocked"
