"""One digest: in other processes, zones, locales and hash seeds, with other threads, however the facts came in."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

import kpicore
from kpicore import Kpi
from kpicore.demo import tour
from tests.golden.conftest import DATA

#: Reports are written before anything is replayed, from the ledger alone.
ELSEWHERE = """
import json, sys, kpicore
with kpicore.open(sys.argv[1], threads=int(sys.argv[2])) as kpi:
    report = kpi.report(sys.argv[-1], subject=sys.argv[3])
    report.write_file('page.html'), report.write_file('book.xlsx', form='xlsx')
    print(json.dumps([kpi.replay(evaluation).to_document() for evaluation in sys.argv[4:]]))
"""
CIRCUMSTANCES = [
    {"TZ": "Asia/Taipei", "LC_ALL": "C", "PYTHONHASHSEED": "1", "threads": "1"},
    {"TZ": "America/New_York", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2", "threads": "2"},
    {"TZ": "Pacific/Chatham", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "3", "threads": "2", "PYTHONOPTIMIZE": "1"},
]


@pytest.fixture(scope="module")
def digests(crm: Kpi) -> dict[str, str]:
    """The digest of each quarter as this process computes it."""
    return {quarter: crm.evaluate(tour.CARD, quarter).digest for quarter in tour.QUARTERS}


@pytest.fixture(scope="module")
def sealed(crm_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A ledger whose four quarters were sealed before the weights changed, for the past and for the future."""
    import shutil

    folder: Path = tmp_path_factory.mktemp("sealed") / "crm"
    shutil.copytree(crm_folder, folder)
    with kpicore.open(folder / "kpi.db") as kpi:
        ids = [kpi.seal(kpi.evaluate(tour.CARD, quarter), by="hr").id for quarter in tour.QUARTERS]
        for effective in ("2017-01-01", "2018-01-01"):
            kpi.apply(kpi.plan(folder / "new_strategy"), by="hr", reason="a new strategy", effective=effective)
        assert kpi.evaluate(tour.CARD, tour.QUARTERS[0]).id not in ids
    return folder / "kpi.db", ids


@pytest.fixture(scope="module")
def written(sealed: tuple[Path, list[str]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The page and the workbook of a person, as this process writes them."""
    ledger, ids = sealed
    folder = tmp_path_factory.mktemp("written")
    with kpicore.open(ledger) as kpi:
        report = kpi.report(ids[-1], subject=tour.OTHER)
        report.write_file(folder / "page.html")
        report.write_file(folder / "book.xlsx", form="xlsx")
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("circumstances", CIRCUMSTANCES, ids=lambda c: c["TZ"])
def test_replays_and_reports_are_identical_in_another_process(
    sealed: tuple[Path, list[str]],
    digests: dict[str, str],
    written: dict[str, bytes],
    tmp_path: Path,
    circumstances: dict[str, str],
) -> None:
    ledger, ids = sealed
    environ = {name: value for name, value in os.environ.items() if name not in ("LANG", "LC_ALL")}
    environ |= {name: value for name, value in circumstances.items() if name != "threads"}
    command = [sys.executable, "-c", ELSEWHERE, str(ledger), circumstances["threads"], tour.OTHER, *ids]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True, timeout=120)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == written
    found = json.loads(done.stdout)
    assert [one["differences"] for one in found] == [[]] * len(ids)
    assert [one["identical"] for one in found] == [True] * len(ids)
    assert [one["replayed_digest"] for one in found] == list(digests.values())


def test_split_and_shuffled_files_give_the_same_digests(
    crm_folder: Path, tmp_path: Path, digests: dict[str, str]
) -> None:
    with (DATA / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    random.Random(7).shuffle(rows)
    parts = [rows[start::5] for start in range(5)]
    files = []
    for number, part in enumerate(parts):
        path = tmp_path / f"part-{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *part])
        files.append(path)
    with kpicore.open(tmp_path / "kpi.db", threads=1) as kpi:
        kpi.apply(kpi.plan(crm_folder / "scorecards"), by="hr", reason="growth first")
        kpi.import_files([*files[3:], *files[:3]], crm_folder / "data" / "maps" / "deals.toml")
        kpi.import_files(crm_folder / "data" / "sales_teams.csv", crm_folder / "data" / "maps" / "people.toml")
        assert {quarter: kpi.evaluate(tour.CARD, quarter).digest for quarter in tour.QUARTERS} == digests
