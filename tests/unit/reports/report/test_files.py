"""Files of reports: names that no file system minds, told apart; a file is whole or not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.reports.report.files import file_name, write_whole


@given(names=st.lists(st.text(max_size=80), min_size=1, max_size=8, unique=True))
def test_names_are_safe_and_told_apart(names: list[str]) -> None:
    files = [file_name("card.2017-Q1.f1.r1", name, names, "html") for name in names]
    assert len({file.casefold() for file in files}) == len(names)
    assert all(re.fullmatch(r"card\.2017-Q1\.f1\.r1\.[\w-]+\.html", file) for file in files)
    assert all(len(file.encode()) < 255 for file in files)


def test_a_name_is_kept_where_it_can_be() -> None:
    names = ["Anna Snelling", "王小明", "../../etc/passwd", "ann", "Ann", "…"]
    files = [file_name("e", name, names, "xlsx") for name in names]
    assert files[:3] == ["e.anna-snelling.xlsx", "e.王小明.xlsx", "e.etc-passwd.xlsx"]
    assert re.fullmatch(r"e\.ann-[0-9a-f]{8}\.xlsx", files[3])
    assert re.fullmatch(r"e\.[0-9a-f]{8}\.xlsx", files[5])
    assert file_name("e", None, names, "html") == "e.html"


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(b"old")
    write_whole(file, b"new")
    assert file.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_a_link_is_replaced_and_what_it_leads_to_is_left(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"other")
    (tmp_path / "a.html").symlink_to(tmp_path / "other")
    write_whole(tmp_path / "a.html", b"new")
    assert (tmp_path / "other").read_bytes() == b"other"
    assert (tmp_path / "a.html").read_bytes() == b"new"


def test_what_cannot_be_written_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder") as failed:
        write_whole(tmp_path / "folder", b"new")
    assert failed.value.filename == str(tmp_path / "folder")
    with pytest.raises(OSError, match="nowhere"):
        write_whole(tmp_path / "nowhere" / "a.html", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
