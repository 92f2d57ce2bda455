"""Every indicator of the table is there under its title, and `plugins show` says everything about it in both languages."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from kpicore.cli.run import run

WANTED = list(csv.DictReader((Path(__file__).parents[1] / "data" / "indicators.csv").read_text("utf-8").splitlines()))
LANGUAGES = ("en", "zh-Hant")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the command shows of every indicator, by id."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("nothing"))
        patch.setenv("KPICORE_LEDGER", "kpi.db")
        with contextlib.redirect_stdout(io.StringIO()) as out:
            assert run(["plugins", "show", "--json"]) == 0
    return {one["id"]: one for one in json.loads(out.getvalue())["indicators"]}


def test_the_table_has_them_all() -> None:
    assert len({row["id"] for row in WANTED}) == 78


@pytest.mark.parametrize("wanted", WANTED, ids=lambda row: row["id"])
def test_an_indicator_of_the_table_is_there(wanted: dict[str, str], shown: dict[str, dict[str, Any]]) -> None:
    found = shown[wanted["id"]]
    assert {**{name: found[name] for name in wanted}, "title": found["title"]["zh-Hant"]} == wanted
    assert found["plugin"] == wanted["id"].partition(".")[0]


def test_every_field_is_filled_in_both_languages(shown: dict[str, dict[str, Any]]) -> None:
    for one in shown.values():
        for name in ("title", "definition", "formula", "data_source"):
            assert all(one[name][language].strip() for language in LANGUAGES), (one["id"], name)
        assert one["roles"], one["id"]
        assert all(one["roles"]), one["id"]
        assert len(one["digest"]) == 64, one["id"]
        assert "error" not in one, one["id"]
        for name, parameter in one["parameters"].items():
            assert all(parameter["title"][language].strip() for language in LANGUAGES), (one["id"], name)
            assert parameter["kind"], (one["id"], name)
            assert parameter["default"], (one["id"], name)
