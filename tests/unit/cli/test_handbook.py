"""`handbook`: pages as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Call


@pytest.mark.parametrize("form", ["md", "html"])
def test_pages_are_written(kpicore: Call, form: str) -> None:
    found = kpicore("handbook", "--plugin", "sales", "--format", form, "--output", "book", "--json").json
    written = {path.name for path in Path("book").iterdir()}
    assert written == {f"{name}.{form}" for name in [*found["indicators"], *found["roles"], "index"]}
    assert found["index"] == str(Path("book") / f"index.{form}")


def test_pages_speak_the_language_of_the_call(kpicore: Call) -> None:
    said = kpicore("handbook", "--plugin", "sales", "--lang", "zh-Hant").out
    assert "項指標" in said
    assert "贏單率" in Path("handbook/sales.win_rate.md").read_text("utf-8")


def test_what_cannot_be_written_is_said(kpicore: Call) -> None:
    Path("taken").write_text("")
    assert kpicore("handbook", "--output", "taken").code == 2
    assert kpicore("handbook", "--output", "taken/book", "--plugin", "sales").code == 2
    found = kpicore("handbook", "--plugin", "sale")
    assert (found.code, "Traceback" in found.err) == (2, False)
