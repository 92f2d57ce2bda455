"""Argument before environment before file, and what is said of settings that are none."""

from __future__ import annotations

import types
from pathlib import Path

import pytest

from kpicore.errors import InvalidInput, NotFound
from kpicore.settings import resolve


def test_an_argument_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "kpicore.toml"
    file.write_text('ledger = "file.db"\nthreads = 1\nmemory_limit = "1GB"\nplugins = ["sales"]\n')
    environ = {"KPICORE_LEDGER": "environment.db", "KPICORE_THREADS": "2", "KPICORE_PLUGINS": "sales, team"}

    by_file = resolve(config=file, environ={})
    assert (by_file.ledger, by_file.threads, by_file.memory_limit) == (str(tmp_path / "file.db"), 1, "1GB")
    assert by_file.allow == ("sales",)

    by_environment = resolve(config=file, environ=environ)
    assert (by_environment.ledger, by_environment.threads, by_environment.memory_limit) == ("environment.db", 2, "1GB")
    assert by_environment.allow == ("sales", "team")

    by_argument = resolve("argument.db", threads=4, plugins=[], config=file, environ=environ)
    assert (by_argument.ledger, by_argument.threads, by_argument.allow) == ("argument.db", 4, ())


def test_the_file_is_looked_for_beside_the_ledger(tmp_path: Path) -> None:
    (tmp_path / "kpicore.toml").write_text("threads = 3\n")
    found = resolve(tmp_path / "kpi.db", environ={})
    assert (found.threads, found.folder, found.config) == (3, tmp_path, tmp_path / "kpicore.toml")
    assert resolve("postgresql://host/db", environ={}).folder is None


def test_without_a_ledger_the_current_folder_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    nowhere = resolve(environ={})
    with pytest.raises(InvalidInput, match="no ledger is named") as caught:
        _ = nowhere.location
    assert caught.value.code == "ledger_unnamed"
    (tmp_path / "kpicore.toml").write_text('ledger = "here/kpi.db"')
    assert resolve(environ={}).location == str(Path("here/kpi.db"))


def test_modules_are_taken_beside_names() -> None:
    module = types.ModuleType("mine")
    found = resolve("kpi.db", plugins=["sales", module], environ={})
    assert (found.allow, found.modules) == (("sales",), (module,))
    assert resolve("kpi.db", plugins=[module], environ={}).allow == ()


def test_the_cache_is_on_off_or_of_a_size(tmp_path: Path) -> None:
    (tmp_path / "kpicore.toml").write_text('cache = "2GB"')
    path = tmp_path / "kpi.db"
    assert resolve("kpi.db", environ={}).cache is True
    assert resolve(path, environ={}).cache == 2_000_000_000
    assert resolve(path, environ={"KPICORE_CACHE": "off"}).cache is False
    assert resolve(path, cache="on", environ={"KPICORE_CACHE": "off"}).cache is True
    assert resolve(path, cache="500 mb", environ={}).cache == 500_000_000
    assert resolve(path, cache=False, environ={}).cache is False
    for odd in ("much", "-1GB", "0GB", "4G", "1.5GB"):
        with pytest.raises(InvalidInput) as caught:
            resolve(path, cache=odd, environ={})
        assert caught.value.code == "bad_setting"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("thread = 1", "there is no setting thread"),
        ('threads = "two"', "threads is 'two'"),
        ("threads = 0", "threads is 0"),
        ("threads = true", "threads is True"),
        ('plugins = "sales"', "plugins is 'sales'"),
        ("plugins = [1]", "plugins is"),
        ("ledger = ", "not a TOML file"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "kpicore.toml"
    file.write_text(content)
    with pytest.raises(InvalidInput, match=said):
        resolve("kpi.db", config=file, environ={})


def test_other_wrong_settings() -> None:
    with pytest.raises(NotFound):
        resolve("kpi.db", config="nowhere.toml", environ={})
    with pytest.raises(InvalidInput, match="threads is 'many'"):
        resolve("kpi.db", environ={"KPICORE_THREADS": "many"})
    with pytest.raises(InvalidInput, match="plugins is"):
        resolve("kpi.db", plugins="sales", environ={})
