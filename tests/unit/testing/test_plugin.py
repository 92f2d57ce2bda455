"""The pytest plugin, run as the author of a plugin runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

KPIFILE = """\
from kpicore import Example, Indicator, count, hookimpl

@hookimpl
def provide_definitions():
    return [Indicator("local.deals", title="Deals", measure=count("deal_won"), perspective="performance",
                      roles="sales", data_source="CRM", examples=[
                          Example("two", {"deal_won": 2}, "2"), Example("wrong", {"deal_won": 2}, "5")])]
"""
TESTS = """\
from pathlib import Path

from kpicore.testing import examples_of

test_examples = examples_of("local", Path(__file__).with_name("kpifile.py"))

def test_a_ledger(kpi, tmp_path):
    row = {"deal_id": "D", "occurred_at": "2026-03-05T00:00:00Z", "amount": "7"}
    assert kpi.record("deal_won", [row], source="crm", batch_key="1").rows == 1
    assert kpi.ledger.path.parent == tmp_path
"""


def test_fixture_and_examples_are_found_and_failures_say_what_came_out(tmp_path: Path) -> None:
    (tmp_path / "kpifile.py").write_text(KPIFILE)
    (tmp_path / "test_author.py").write_text(TESTS)
    root = Path(__file__).parents[3]
    command = [sys.executable, "-m", "pytest", "-p", "kpicore.testing.plugin", "-p", "no:cacheprovider", "-v", "-rf"]
    done = subprocess.run(
        [*command, str(tmp_path / "test_author.py")],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(root), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr
    assert "1 failed" in done.stdout
    assert "test_examples[local.deals: two] PASSED" in done.stdout
    assert "local.deals, example 'wrong': expected 5 (ok), measured 2 (ok)" in done.stdout
