"""The smallest whole plugin: an empty folder, one module, a few lines of pyproject; it installs and measures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

MODULE = '''"""Sales indicators: how much was won, and how often."""
from kpicore import Example, Indicator, count, hookimpl, total

revenue_won = Indicator(
    "sales.revenue_won", title={"en": "Revenue won", "zh-Hant": "成交金額"}, perspective="performance",
    roles=["sales"], unit="money", better="higher", data_source="CRM",
    measure=total("deal_won", "amount"),
)
win_rate = Indicator(
    "sales.win_rate", title={"en": "Win rate", "zh-Hant": "贏單率"}, perspective="performance",
    roles=["sales"], unit="percent", better="higher", data_source="CRM",
    measure=count("deal_won") / (count("deal_won") + count("deal_lost")),
    examples=[Example("one of four is won", {"deal_won": 1, "deal_lost": 3}, "0.25")],
)

@hookimpl
def provide_definitions():
    return [revenue_won, win_rate]
'''

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "sales"
version = "1.0"
[project.entry-points.kpicore]
sales = "sales"
"""

MEASURE = """
import json, os, sys
os.environ["KPICORE_BLOCK"] = "kpicore-sales"
import kpicore
deal = {"occurred_at": "2026-03-05T09:00:00Z", "owner_id": "Ann"}
with kpicore.open(sys.argv[1]) as kpi:
    kpi.record("deal_won", [{**deal, "deal_id": "D-1", "amount": "1200.50"}], source="crm", batch_key="1")
    kpi.record("deal_lost", [{**deal, "deal_id": f"L-{n}"} for n in range(3)], source="crm", batch_key="2")
    found = [kpi.measure(name, "2026-03").to_document() for name in ("sales.revenue_won", "sales.win_rate")]
    print(json.dumps({"values": [row["value"] for document in found for row in document["rows"]],
                      "from": kpi.catalog.host.plugin("sales").distribution}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "sales.py").write_text(MODULE, encoding="utf-8")
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    target = tmp_path_factory.mktemp("target")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    done = subprocess.run(
        [*command, "--disable-pip-version-check", "--target", str(target), str(folder)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return target


def run(code: str, installed: Path, *arguments: str) -> str:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = [{str(installed)!r}, {str(root)!r}]\n{code}", *arguments],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_installs_and_measures(installed: Path, tmp_path: Path) -> None:
    answer = json.loads(run(MEASURE, installed, str(tmp_path / "kpi.db")))
    assert answer == {"values": ["1200.5", "0.25"], "from": "sales"}


def test_its_example_runs(installed: Path) -> None:
    code = (
        "from kpicore.testing import check_plugins\n"
        "report = check_plugins('sales', block=['kpicore-sales'])\n"
        "print(report.passed, [str(result) for result in report.plugins[0].examples])"
    )
    assert run(code, installed).strip() == ("True [\"sales.win_rate, example 'one of four is won': 0.25 (ok)\"]")
