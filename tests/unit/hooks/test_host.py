"""The host: isolation, allow and block before import, names, requirements, strictness."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest

from kpicore.errors import NotFound, Refused
from kpicore.hooks.host import PluginHost
from kpicore.hooks.plugins import PluginInfo
from tests.unit.hooks.conftest import Install


def host(*names: str, **options: object) -> PluginHost:
    return PluginHost(allow=names, **options)  # type: ignore[arg-type]


def broken(name: str, *others: str) -> PluginInfo:
    plugin = host(name, *others).plugin(name)
    assert plugin.status == "broken"
    assert plugin.error is not None
    assert plugin.definitions == ()
    return plugin


def test_a_plugin_is_loaded_with_its_provenance(install: Install) -> None:
    file = install("tea", version="2.1")
    plugin = host("tea").plugin("tea")
    assert plugin.to_dict() == {
        "name": "tea",
        "status": "loaded",
        "distribution": "acme-tea",
        "version": "2.1",
        "entry_point": "acme_tea",
        "file": str(file),
        "hooks": ["provide_definitions"],
        "definitions": ["tea.won"],
        "components": [],
        "requires": [],
        "error": None,
        "warnings": [],
    }
    assert plugin.describe() == "plugin tea (acme-tea 2.1)"


def test_plugins_come_sorted_by_name(install: Install) -> None:
    for name in ("tea", "coffee", "milk"):
        install(name)
    assert [plugin.name for plugin in host("tea", "milk", "coffee").plugins if plugin.status == "loaded"] == [
        "coffee",
        "milk",
        "tea",
    ]


def test_nothing_is_imported_before_it_is_needed(install: Install) -> None:
    install("tea")
    lazy = host("tea")
    assert "acme_tea" not in sys.modules
    assert lazy.plugins
    assert "acme_tea" in sys.modules


@pytest.mark.parametrize("name", ["tea", "acme-tea", "Acme_Tea"])
def test_a_blocked_plugin_is_listed_and_not_imported(install: Install, name: str) -> None:
    install("tea", "raise SystemExit('imported')")
    plugin = PluginHost(allow=["tea"], block=[name]).plugin("tea")
    assert (plugin.status, plugin.error) == ("blocked", None)
    assert "acme_tea" not in sys.modules


@pytest.mark.parametrize("name", ["tea", "acme-tea"])
def test_only_what_is_allowed_is_imported(install: Install, name: str) -> None:
    install("tea")
    install("milk")
    plugins = {plugin.name: plugin.status for plugin in host(name).plugins}
    assert (plugins["tea"], plugins["milk"]) == ("loaded", "blocked")
    assert "acme_milk" not in sys.modules


def test_one_host_does_not_see_what_another_loaded(install: Install) -> None:
    install("tea")
    assert host("tea").plugin("tea").status == "loaded"
    assert host("milk").plugin("tea").status == "blocked"


def test_an_unknown_plugin_is_not_found_with_a_suggestion(install: Install) -> None:
    install("tea")
    with pytest.raises(NotFound, match="there is no plugin tee") as raised:
        host("tea").plugin("tee")
    assert raised.value.hint == "did you mean tea?"


BROKEN = {
    "import error": ("import acme_nothing_there\n", "ModuleNotFoundError", "No module named 'acme_nothing_there'", 1),
    "syntax error": ("x = 1\ndef (:\n", "SyntaxError", "invalid syntax", 2),
    "raises at import": ("\n\n1 / 0\n", "ZeroDivisionError", "division by zero", 3),
    "exits at import": ("import sys\nsys.exit(3)\n", "SystemExit", "3", 2),
    "raises in a hook": (
        "from kpicore import hookimpl\n@hookimpl\ndef provide_definitions():\n    raise ValueError('no luck')\n",
        "ValueError",
        "no luck",
        4,
    ),
    "raises while it yields": (
        "from kpicore import hookimpl\n@hookimpl\ndef provide_components():\n    return iter(lambda: {}['x'], 1)\n",
        "KeyError",
        "'x'",
        4,
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_plugin_that_fails_is_named_with_its_error_and_place(install: Install, case: str) -> None:
    source, kind, message, line = BROKEN[case]
    file = install("tea", source)
    error = broken("tea").error
    assert error is not None
    assert (error.kind, error.message, error.where) == (kind, message, f"{file}:{line}")


def test_a_definition_that_is_refused_says_where_in_the_plugin(install: Install) -> None:
    file = install("tea", "from kpicore.naming import check_name\n\nname = check_name('Tea Time', 'a cup')\n")
    error = broken("tea").error
    assert error is not None
    assert error.where == f"{file}:3"
    assert "'Tea Time' is not a name" in error.message
    assert error.hint is not None


HOOK = "from kpicore import Component, Indicator, count, hookimpl\n"
INDICATOR = (
    "Indicator({!r}, title='x', measure=count('deal_won'), perspective='performance', roles='sales', data_source='CRM')"
)
RULES = {
    "a number": (
        HOOK + "@hookimpl\ndef provide_definitions(): return 3",
        "provide_definitions returned int",
    ),
    "a text": (HOOK + "@hookimpl\ndef provide_definitions(): return 'tea.won'", "provide_definitions returned str"),
    "nothing": (HOOK + "@hookimpl\ndef provide_definitions(): pass", "provide_definitions returned nothing"),
    "a list of texts": (
        HOOK + "@hookimpl\ndef provide_definitions(): return ['tea.won']",
        "provide_definitions returned str 'tea.won' as its item 0",
    ),
    "a component that is none": (
        HOOK + "@hookimpl\ndef provide_components(): return [open]",
        "provide_components returned builtin_function_or_method <built-in function open> as its item 0",
    ),
    "a misspelt hook": (HOOK + "@hookimpl\ndef provide_definition(): return []", "there is no hook provide_definition"),
    "unknown arguments": (
        HOOK + "@hookimpl\ndef provide_definitions(ledger): return []",
        "Argument(s) {'ledger'} are declared in the hookimpl but can not be found in the hookspec",
    ),
    "another plugin's name": (
        HOOK + f"@hookimpl\ndef provide_definitions(): return [{INDICATOR.format('sales.won')}]",
        "plugin tea (acme-tea 1.0) defines sales.won",
    ),
    "no prefix": (
        HOOK + f"@hookimpl\ndef provide_definitions(): return [{INDICATOR.format('won')}]",
        "plugin tea (acme-tea 1.0) defines won",
    ),
    "a component without prefix": (
        HOOK + "@hookimpl\ndef provide_components(): return [Component('engine', 'spark', dict)]",
        "plugin tea (acme-tea 1.0) defines spark",
    ),
    "a name twice": (
        HOOK + f"x = {INDICATOR.format('tea.won')}\n@hookimpl\ndef provide_definitions(): return [x, x]",
        "plugin tea (acme-tea 1.0) defines tea.won twice",
    ),
    "requires as text": ("requires = 'sales'\n", "requires is str"),
}


@pytest.mark.parametrize("case", RULES)
def test_a_plugin_that_breaks_a_rule_is_broken_and_says_what_to_do(install: Install, case: str) -> None:
    source, message = RULES[case]
    install("tea", source)
    error = broken("tea").error
    assert error is not None
    assert (error.kind, error.message) == ("plugin", message)
    assert error.hint


def test_a_misspelt_hook_is_suggested_with_its_place(install: Install) -> None:
    file = install("tea", HOOK + "\n@hookimpl\ndef provide_definitons():\n    return []\n")
    error = broken("tea").error
    assert error is not None
    assert error.hint == "did you mean provide_definitions?"
    assert error.where == f"{file}:3"


def test_a_name_that_is_no_name_is_broken(install: Install) -> None:
    install("Tea-Time", "", module="acme_tea")
    assert "'Tea-Time' is not a name for a plugin" in str(broken("Tea-Time").error)


def test_the_name_local_is_kept_for_the_file(install: Install) -> None:
    install("local")
    assert str(broken("local").error) == "the name local belongs to kpifile.py (rename the entry point)"


def test_a_function_that_looks_like_a_hook_is_warned_about(install: Install) -> None:
    file = install("tea", "def provide_definitions(): return []\ndef register_command(cli): pass\ndef other(): pass\n")
    plugin = host("tea").plugin("tea")
    assert plugin.status == "loaded"
    assert plugin.warnings == [
        f"provide_definitions at {file}:1 is not called: mark it with @hookimpl",
        f"register_command at {file}:2 is no hook: did you mean register_commands?",
        "implements no hook; provide_definitions, provide_components, register_commands are there",
    ]


def test_a_broken_plugin_stops_no_other(install: Install) -> None:
    install("coffee", "1 / 0")
    install("milk", HOOK + "@hookimpl\ndef provide_definition(): return []")
    install("tea")
    plugins = {plugin.name: plugin for plugin in host("coffee", "milk", "tea").plugins}
    assert [plugins[name].status for name in ("coffee", "milk", "tea")] == ["broken", "broken", "loaded"]
    assert len(plugins["tea"].definitions) == 1


def test_two_distributions_with_one_name_are_both_broken_until_one_is_blocked(install: Install) -> None:
    install("tea")
    install("tea", module="acme_other", distribution="other-tea", version="3")
    plugins = [plugin for plugin in host("tea").plugins if plugin.name == "tea"]
    assert [plugin.status for plugin in plugins] == ["broken", "broken"]
    assert "more than one distribution provides a plugin tea" in str(plugins[0].error)
    assert {"acme_tea", "acme_other"}.isdisjoint(sys.modules)
    kept = PluginHost(allow=["tea"], block=["other-tea"])
    assert [p.version for p in kept.plugins if p.name == "tea" and p.status == "loaded"] == ["1.0"]


def test_strict_makes_a_broken_plugin_an_error(install: Install) -> None:
    install("tea", "1 / 0")
    install("milk")
    with pytest.raises(Refused, match=r"plugin tea \(acme-tea 1.0\) is broken: ZeroDivisionError") as raised:
        _ = host("tea", "milk", strict=True).plugins
    assert raised.value.code == "broken_plugin"
    assert host("milk", strict=True).plugin("milk").status == "loaded"


def test_the_environment_can_ask_for_strictness(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("tea", "1 / 0")
    monkeypatch.setenv("KPICORE_STRICT", "1")
    with pytest.raises(Refused):
        _ = host("tea").plugins
    assert host("tea", strict=False).plugin("tea").status == "broken"


class TestTheLocalFile:
    def test_it_is_the_plugin_local(self, tmp_path: Path) -> None:
        file = tmp_path / "kpifile.py"
        file.write_text(HOOK + f"@hookimpl\ndef provide_definitions(): return [{INDICATOR.format('local.won')}]")
        plugin = host("local", local=tmp_path).plugin("local")
        assert (plugin.status, plugin.file, plugin.version) == ("loaded", str(file), None)
        assert plugin.describe() == "plugin local (kpifile.py)"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["kpifile.py"]

    def test_it_may_define_only_local_names(self, tmp_path: Path) -> None:
        (tmp_path / "kpifile.py").write_text(
            HOOK + f"@hookimpl\ndef provide_definitions(): return [{INDICATOR.format('sales.won')}]"
        )
        assert "it may define only local.*: write local.won" in str(host("local", local=tmp_path).plugin("local").error)

    def test_its_error_has_a_line(self, tmp_path: Path) -> None:
        (tmp_path / "kpifile.py").write_text("x = 1\ny = x / 0\n")
        error = host("local", local=tmp_path).plugin("local").error
        assert error is not None
        assert error.where == f"{tmp_path / 'kpifile.py'}:2"

    def test_it_can_be_blocked_and_may_be_missing(self, tmp_path: Path) -> None:
        assert all(plugin.name != "local" for plugin in host("local", local=tmp_path).plugins)
        (tmp_path / "kpifile.py").write_text("raise SystemExit")
        assert PluginHost(block=["local"], allow=["local"], local=tmp_path).plugin("local").status == "blocked"

    def test_a_changed_file_is_read_anew(self, tmp_path: Path) -> None:
        for name in ("local.one", "local.two"):
            (tmp_path / "kpifile.py").write_text(
                HOOK + f"@hookimpl\ndef provide_definitions(): return [{INDICATOR.format(name)}]"
            )
            assert host("local", local=tmp_path).plugin("local").to_dict()["definitions"] == [name]


class TestCommands:
    def test_a_plugin_adds_commands(self, install: Install) -> None:
        install("tea", HOOK + "@hookimpl\ndef register_commands(cli):\n    cli.command('brew')(lambda: None)\n")
        cli = click.Group("kpicore")
        host("tea").register_commands(cli)
        assert list(cli.commands) == ["brew"]

    def test_one_that_raises_adds_none_and_stops_no_other(self, install: Install) -> None:
        install(
            "coffee",
            HOOK + "@hookimpl\ndef register_commands(cli):\n    cli.command('half')(lambda: None)\n    1 / 0\n",
        )
        install("tea", HOOK + "@hookimpl\ndef register_commands(cli):\n    cli.command('brew')(lambda: None)\n")
        cli = click.Group("kpicore")
        both = host("coffee", "tea")
        both.register_commands(cli)
        assert list(cli.commands) == ["brew"]
        assert both.plugin("coffee").status == "broken"

    def test_one_that_replaces_a_command_adds_none(self, install: Install) -> None:
        install("tea", HOOK + "@hookimpl\ndef register_commands(cli):\n    cli.command('seal')(lambda: None)\n")
        cli = click.Group("kpicore")
        own = cli.command("seal")(lambda: None)
        one = host("tea")
        one.register_commands(cli)
        assert cli.commands == {"seal": own}
        assert "register_commands replaces the command seal" in str(one.plugin("tea").error)

    def test_strict_stops_at_a_command_that_fails(self, install: Install) -> None:
        install("tea", HOOK + "@hookimpl\ndef register_commands(cli):\n    1 / 0\n")
        with pytest.raises(Refused, match="ZeroDivisionError"):
            host("tea", strict=True).register_commands(click.Group("kpicore"))


def test_components_are_provided(install: Install) -> None:
    install("tea", HOOK + "@hookimpl\ndef provide_components(): return [Component('engine', 'tea.kettle', dict)]")
    plugin = host("tea").plugin("tea")
    assert [(c.kind, c.name) for c in plugin.components] == [("engine", "tea.kettle")]
