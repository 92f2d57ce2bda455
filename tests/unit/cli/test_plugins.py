"""`plugins` and `doctor`: what is there, what it says, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Call

GOOD = """
from kpicore import Example, Indicator, count, hookimpl

deals = Indicator(
    "local.deals", title={"en": "Deals", "zh-Hant": "成交數"}, perspective="performance", roles=["sales"],
    data_source="CRM", measure=count("deal_won"), examples=[Example("two", {"deal_won": 2}, "2")],
)

@hookimpl
def provide_definitions():
    return [deals]
"""


def test_list_names_every_plugin_with_its_state(kpicore: Call) -> None:
    Path("kpifile.py").write_text(GOOD)
    document = kpicore("plugins", "list", "--json").json
    states = {plugin["name"]: plugin["status"] for plugin in document["plugins"]}
    assert states.items() >= {
        ("local", "loaded"),
        ("sales", "loaded"),
    }
    assert "kpicore-sales" in kpicore("plugins", "list").out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("import nothing_of_that_name", "No module named 'nothing_of_that_name'"),
        (GOOD.replace("def provide_definitions", "def provide_definition"), "did you mean provide_definitions?"),
        (GOOD.replace("local.deals", "sales.deals"), "it may define only local.*"),
        ("def provide(:", "SyntaxError"),
    ],
)
def test_a_broken_plugin_is_named_and_stops_nothing_else(kpicore: Call, content: str, said: str) -> None:
    Path("kpifile.py").write_text(content)
    found = kpicore("plugins", "list")
    assert found.code == 0
    assert said in found.out
    assert "kpifile.py" in found.out
    checked = kpicore("plugins", "check", "local")
    assert checked.code == 1
    assert "✗ local" in checked.out
    assert kpicore("init", "--ledger", "kpi.db").code == 0
    assert kpicore("doctor", "--ledger", "kpi.db").code == 1


def test_a_strict_run_refuses_a_broken_plugin(kpicore: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("kpifile.py").write_text("import nothing_of_that_name")
    monkeypatch.setenv("KPICORE_STRICT", "1")
    found = kpicore("plugins", "list", "--json")
    assert (found.code, found.json["error"]["code"]) == (2, "broken_plugin")
    assert kpicore("--help").code == 0


def test_show_tells_what_an_indicator_means(kpicore: Call) -> None:
    [shown] = kpicore("plugins", "show", "sales.win_rate", "--json").json["indicators"]
    parts = {"id", "plugin", "title", "definition", "perspective", "indicator_type", "roles", "unit", "better"}
    assert set(shown) >= parts | {"formula", "data_source", "parameters", "digest"}
    page = kpicore("plugins", "show", "sales.win_rate", "--lang", "zh-Hant").out
    assert "贏單率" in page
    assert "成交數 ÷" in page


@pytest.mark.parametrize("name", ["", "sales", "deal_won", "net_order", "ratio", "sales.lead_to_deal_rate"])
def test_every_kind_of_definition_has_a_page(kpicore: Call, name: str) -> None:
    found = kpicore("plugins", "show", *([name] if name else []))
    assert found.code == 0
    assert name in found.out


def test_an_unknown_name_comes_with_the_nearest(kpicore: Call) -> None:
    found = kpicore("plugins", "show", "sales.win_rat")
    assert found.code == 2
    assert "did you mean sales.win_rate?" in found.err
    assert kpicore("plugins", "check", "sale").code == 2


def test_check_runs_the_examples(kpicore: Call) -> None:
    Path("kpifile.py").write_text(GOOD)
    good = kpicore("plugins", "check", "kpifile.py", "--json")
    assert good.code == 0
    assert [plugin["plugin"] for plugin in good.json["plugins"]] == ["local"]
    assert "1 of 1 examples hold" in kpicore("plugins", "check", "local").out
    Path("kpifile.py").write_text(GOOD.replace('"2")]', '"3")]'))
    bad = kpicore("plugins", "check", "local")
    assert bad.code == 1
    assert "3 (ok) ≠ 2 (ok)" in bad.out


def test_a_plugin_adds_commands(kpicore: Call) -> None:
    Path("kpifile.py").write_text(
        "import click\n"
        "from kpicore import hookimpl\n"
        "@hookimpl\n"
        "def register_commands(cli):\n"
        "    @cli.command('hello')\n"
        "    def hello():\n"
        "        'Says hello.'\n"
        "        click.echo('hello')\n"
    )
    assert kpicore("hello").out == "hello\n"
    assert "Says hello." in kpicore("--help").out


def test_doctor_names_what_is_wrong_and_what_to_do(kpicore: Call) -> None:
    document = kpicore("doctor", "--json").json
    assert document["ok"]
    assert {check["what"] for check in document["checks"]} >= {"python", "pyarrow", "duckdb", "sqlite", "ledger"}
    Path("no.db").write_text("this is not a database, and long enough to be looked at " * 20)
    found = kpicore("doctor", "--ledger", "no.db")
    assert found.code == 1
    assert "not a ledger" in found.out
    Path("kpicore.toml").write_text("thread = 1")
    assert "did you mean threads?" in kpicore("doctor").out
