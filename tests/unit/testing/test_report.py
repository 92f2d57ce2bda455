"""`plugins check`: what it looks at, and what it says."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from kpicore.errors import NotFound
from kpicore.testing import check_plugins

SOURCE = """
    from kpicore import Example, Indicator, count, hookimpl, total

    def indicator(name, measure, *examples):
        return Indicator(f"local.{name}", title="x", measure=measure, perspective="performance", roles="sales",
                         data_source="CRM", examples=examples)

    @hookimpl
    def provide_definitions():
        return [
            indicator("right", count("deal_won"), Example("two", {"deal_won": 2}, "2")),
            indicator("wrong", count("deal_won"), Example("three", {"deal_won": 2}, "3")),
            indicator("unsound", total("deal_won", "amout")),
            indicator("bare", count("deal_won")),
        ]
"""


@pytest.fixture
def kpifile(tmp_path: Path) -> Path:
    file = tmp_path / "kpifile.py"
    file.write_text(textwrap.dedent(SOURCE))
    return file


def test_a_file_is_checked_by_its_path(kpifile: Path) -> None:
    report = check_plugins(str(kpifile))
    (plugin,) = report.plugins
    assert not report.passed
    assert [result.passed for result in plugin.examples] == [True, False]
    assert str(plugin.examples[1]) == "local.wrong, example 'three': expected 3 (ok), measured 2 (ok)"
    assert ["amout" in problem["message"] for problem in plugin.problems] == [True]
    assert plugin.warnings == ("local.bare has no examples",)


def test_the_report_is_a_document(kpifile: Path) -> None:
    document = check_plugins(str(kpifile.parent)).to_dict()
    (plugin,) = document["plugins"]
    assert (document["passed"], plugin["plugin"], plugin["status"]) == (False, "local", "loaded")
    assert plugin["examples"][1] == {
        "indicator": "local.wrong",
        "title": {"en": "three", "zh-Hant": "three"},
        "passed": False,
        "expected": {"value": "3", "state": "ok"},
        "measured": {"value": "2", "state": "ok"},
        "error": None,
    }


def test_a_broken_plugin_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "kpifile.py").write_text("1 / 0\n")
    report = check_plugins(str(tmp_path))
    assert not report.passed
    assert report.plugins[0].problems[0]["kind"] == "ZeroDivisionError"


def test_a_name_that_is_no_plugin_is_not_found() -> None:
    with pytest.raises(NotFound, match="there is no plugin salt"):
        check_plugins("salt", allow=[])
