"""A curve of a plugin on the command line: shown, adopted, counted, and kept when the plugin is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Call
from tests.unit.cli.test_scores import CARD, MAP, ROWS

KPIFILE = '''"""Our own curve."""
from kpicore import Curve, Parameter, hookimpl

@hookimpl
def provide_definitions():
    bounds = {"lo0": "0", "lo": "80", "hi": "90", "hi0": "110"}
    return [
        Curve(
            "local.not_too_much",
            {"en": "Not too much", "zh-Hant": "不多不少"},
            "range",
            {name: Parameter("decimal", value) for name, value in bounds.items()},
        )
    ]
'''


@pytest.mark.usefixtures("tmp_path")
def test_a_curve_of_a_plugin_from_show_to_replay(kpicore: Call) -> None:
    card = CARD.replace('target = "100"\ncap = "1.5"', 'curve = "local.not_too_much"')
    for name, content in (("card.toml", card), ("crm.toml", MAP), ("deals.csv", ROWS), ("kpifile.py", KPIFILE)):
        Path(name).write_text(content, "utf-8")
    Path("kpicore.toml").write_text('ledger = "kpi.db"\nthreads = 1\n')
    shown = {curve["name"]: curve for curve in kpicore("plugins", "show", "local", "--json").json["curves"]}
    assert (shown["local.not_too_much"]["plugin"], shown["local.not_too_much"]["form"]) == ("local", "range")
    assert kpicore("import", "deals.csv", "--map", "crm.toml").code == 0
    applied = kpicore("apply", "card.toml", "--by", "hr", "--reason", "first", "--json").json["applied"]
    assert {"kind": "curve", "name": "local.not_too_much"}.items() <= next(
        rule for rule in applied if rule["kind"] == "curve" and "." in rule["name"]
    ).items()
    found = kpicore("evaluate", "rep", "--period", "2026-03", "--json").json
    ann, bo = found["subjects"]
    # 100 lies half-way from 90 down to 110; 50 lies 50/80 of the way up.
    assert (ann["lines"][0]["points"], bo["lines"][0]["points"]) == ("50", "62.5")
    sealed = kpicore("seal", found["evaluation"], "--by", "hr", "--json").json
    Path("kpifile.py").unlink()
    assert kpicore("replay", sealed["evaluation"], "--json").json["identical"] is True
    assert kpicore("evaluate", "rep", "--period", "2026-03", "--json").json["subjects"] == found["subjects"]
