"""Reading import maps: what they say, and the error for each thing that they cannot say."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore.errors import InvalidInput, NotFound, Refused
from kpicore.sources import load_map
from kpicore.sources.maps import ColumnSpec, KeyPart
from tests.unit.sources.desk import DEALS, Desk

FACT = '[[fact]]\ntype = "deal_won"\nkey = "id"\n'


def test_the_contract_s_map_reads_as_it_is_written(desk: Desk) -> None:
    read = load_map(desk.write("crm.toml", DEALS))
    [entry] = read.facts
    assert (read.file.timezone, read.default_source, read.snapshot) == ("UTC", "crm", False)
    assert (entry.type, entry.key, entry.mode) == ("deal_won", (KeyPart("opportunity_id"),), "append")
    assert entry.columns["occurred_at"] == ColumnSpec(column="close_date", format="%Y-%m-%d")
    assert entry.columns["currency"] == ColumnSpec(value="USD")
    assert entry.columns["product_id"].sql == "replace(product, 'GTXPro', 'GTX Pro')"


def test_all_of_file_is_read(desk: Desk) -> None:
    read = load_map(
        desk.write(
            "m.toml",
            '[file]\nformat = "csv"\nencoding = "GB18030"\ndelimiter = ";"\nnull = ["", "?"]\ntimezone = "Asia/Taipei"\n'
            'decimal = ","\nthousands = "."\ncomplete_until = 2026-03-01\nsource = "shop"\n' + FACT,
        )
    )
    assert (read.file.encoding, read.file.delimiter, read.file.null) == ("gb18030", ";", ("", "?"))
    assert (read.file.decimal, read.file.thousands, read.default_source) == (",", ".", "shop")
    assert read.file.complete_until == 1_772_294_400_000_000  # 2026-02-28T16:00Z: midnight in Taipei


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("[fil]\n" + FACT, "top level", "did you mean file?"),
        ("[file]\ndelimeter = ';'\n" + FACT, "[file]", "did you mean delimiter?"),
        ("[file]\ntimezone = 'Asia/Taipeh'\n" + FACT, "[file].timezone", "Asia/Taipei"),
        ("[file]\nencoding = 'utf-9'\n" + FACT, "[file].encoding", "utf-8"),
        ("[file]\nencoding = 'zip'\n" + FACT, "[file].encoding", "unknown encoding"),
        ("[file]\ndelimiter = ';;'\n" + FACT, "[file].delimiter", "one character"),
        ("[file]\nformat = 'cvs'\n" + FACT, "[file].format", "did you mean csv?"),
        ("[file]\nnull = 'x'\n" + FACT, "[file].null", "a list"),
        ("[file]\ndecimal = '5'\n" + FACT, "[file].decimal", "between digits"),
        ("[file]\nthousands = '.'\n" + FACT, "[file].thousands", "same character"),
        ("[file]\ncomplete_until = 2026-03-01\n" + FACT, "[file].complete_until", "no zone"),
        ("[file]\ncomplete_until = 'soon'\n" + FACT, "[file].complete_until", "ISO"),
        ("[file]\ntimezone = 8\n" + FACT, "[file].timezone", "a text is expected"),
        ("", "[[fact]]", "at least one"),
        ("fact = 3", "[[fact]]", "at least one"),
        ("[[fact]]\nkey = 'id'", "[[fact]] 1", "type is missing"),
        ("[[fact]]\ntype = 'deal_won'", "[[fact]] 1 (deal_won).key", "key is missing"),
        ("[[fact]]\ntype = 'deal_won'\nkey = []", "[[fact]] 1 (deal_won).key", "empty list"),
        (FACT + "form = 'select 1'", "[[fact]] 1", "did you mean from?"),
        (FACT + "mode = 'snapshots'", "mode", "did you mean snapshot?"),
        (FACT + "columns = {amount = {colum = 'x'}}", "columns.amount", "did you mean column?"),
        (FACT + "columns = {amount = {column = 'x', value = '1'}}", "columns.amount", "exactly one"),
        (FACT + "columns = {amount = {type = 'decimal'}}", "columns.amount", "exactly one"),
        (FACT + "columns = {amount = {column = 'x', type = 'number'}}", "columns.amount", "unknown type"),
        (FACT + "columns = {amount = 5}", "columns.amount", "does not say what fills"),
        (FACT + "columns = {amount = {value = [1]}}", "columns.amount.value", "cannot fill"),
        ("[lookup.file]\npath = 'x.csv'\n" + FACT, "[lookup.file]", "cannot be the name"),
        ("[lookup.p]\n" + FACT, "[lookup.p]", "path is missing"),
        ("[lookup.p]\npath = '../../etc/passwd'\n" + FACT, "[lookup.p].path", "outside the map's folder"),
        ("[lookup.p]\npath = '/etc/passwd'\n" + FACT, "[lookup.p].path", "outside the map's folder"),
        ("[lookup.p]\npath = 'p.csv'\ntimezone = 'UTC'\n" + FACT, "[lookup.p]", "unknown key"),
        (FACT + FACT + "mode = 'snapshot'", "[[fact]] 2 (deal_won).mode", "one type has one mode"),
        ("[file\n", "m.toml", "not TOML"),
    ],
)
def test_a_map_that_cannot_be_says_which_table_and_key(desk: Desk, text: str, where: str, says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_map(desk.write("m.toml", text))
    assert str(caught.value.where).startswith("m.toml")
    assert where in str(caught.value.where)
    assert says in f"{caught.value.message} {caught.value.hint}"


def test_xlsx_is_refused_by_name(desk: Desk) -> None:
    with pytest.raises(Refused, match="xlsx files are not read yet"):
        load_map(desk.write("m.toml", "[file]\nformat = 'xlsx'\n" + FACT))


def test_constants_are_exact_texts(desk: Desk) -> None:
    read = load_map(
        desk.write(
            "m.toml",
            FACT + "[fact.columns]\na = {value = 0.10}\nb = {value = 7}\nc = {value = true}\nd = {value = 2026-01-02}",
        )
    )
    assert {name: spec.value for name, spec in read.facts[0].columns.items()} == {
        "a": "0.10",
        "b": "7",
        "c": "true",
        "d": "2026-01-02",
    }


def test_only_a_file_of_reasonable_size_is_a_map(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_map(tmp_path / "none.toml")
    with pytest.raises(InvalidInput, match="regular file"):
        load_map(tmp_path)
    with pytest.raises(InvalidInput, match="1 MiB"):
        load_map(desk.write("m.toml", "#" * (1 << 20) + "\n"))
    with pytest.raises(InvalidInput, match="not UTF-8"):
        load_map(desk.write("m.toml", b"\xff"))


def test_an_entry_s_digest_is_of_what_it_does(desk: Desk) -> None:
    def digest(text: str, place: int = 0) -> str:
        read = load_map(desk.write("m.toml", text))
        return read.entry_digest(read.facts[place], {})

    base = digest(FACT)
    assert digest("# a comment\n\n" + FACT + "\n") == base
    assert digest(FACT.replace("deal_won", "deal_lost") + FACT, 1) == base
    assert digest("[file]\nsource = 'x'\n" + FACT) == base
    assert digest(FACT + "where = 'true'") != base
    assert digest("[file]\ndelimiter = ';'\n" + FACT) != base


def test_what_maps_learn_to_say_makes_no_other_file_of_one(tmp_path: Path) -> None:
    """The batch key of a file that was imported long ago: a later release finds it there."""
    path = tmp_path / "deals.toml"
    path.write_text(DEALS, encoding="utf-8")
    found = load_map(path)
    assert found.entry_digest(found.facts[0], {}) == "6b25f9e3f1d169a4256d50ec696706a1de1f09d7b25c200b738449b2f16acf61"
