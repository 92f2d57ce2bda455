"""The catalog: checked when used, and a name that is not there says who would provide it."""

from __future__ import annotations

import threading

import pytest

from kpicore.errors import InvalidDefinition, NotFound
from kpicore.hooks.catalog import Catalog
from kpicore.hooks.host import PluginHost
from kpicore.hooks.show import show
from tests.unit.hooks.conftest import Install

HEAD = "from kpicore import Component, Indicator, Ref, Relation, count, hookimpl, total\n"
HOOK = "\n@hookimpl\ndef provide_definitions():\n    return [{}]\n"


def indicator(name: str, measure: str, more: str = "") -> str:
    return (
        f"Indicator({name!r}, title={{'en': 'x', 'zh-Hant': '某'}}, measure={measure}, perspective='performance', "
        f"roles='sales', data_source='CRM'{more})"
    )


def catalog(*names: str, block: tuple[str, ...] = ()) -> Catalog:
    return Catalog(PluginHost(allow=names, block=block))


def test_it_holds_the_vocabulary_and_what_plugins_define(install: Install) -> None:
    install("tea")
    found = catalog("tea")
    assert {"deal_won", "net_order", "tea.won", "ratio"} <= found.names()
    assert "tea.won" in found.definitions.indicators


def test_it_knows_who_provides_what(install: Install) -> None:
    install("tea", version="2")
    provider = catalog("tea").provider("tea.won")
    assert provider is not None
    assert (provider.name, provider.version) == ("tea", "2")
    assert catalog("tea").provider("deal_won") is None


def test_an_indicator_comes_checked(install: Install) -> None:
    install("tea")
    assert catalog("tea").indicator("tea.won").id == "tea.won"


def test_a_definition_is_checked_only_when_it_is_used(install: Install) -> None:
    install(
        "tea",
        HEAD
        + HOOK.format(
            indicator("tea.good", "count('deal_won')") + ", " + indicator("tea.bad", "total('deal_won', 'amout')")
        ),
    )
    found = catalog("tea")
    assert found.indicator("tea.good")
    with pytest.raises(InvalidDefinition, match=r"amout") as raised:
        found.indicator("tea.bad")
    assert raised.value.where is not None
    assert "tea.bad" in raised.value.where
    assert "plugin tea (acme-tea 1.0)" in raised.value.where
    assert raised.value.hint is not None
    assert "amount" in raised.value.hint


class TestWhatIsMissing:
    def test_of_a_broken_plugin_names_its_error(self, install: Install) -> None:
        install("tea", "1 / 0")
        with pytest.raises(
            NotFound, match=r"tea.won comes from plugin tea, which is broken: ZeroDivisionError"
        ) as raised:
            catalog("tea").indicator("tea.won")
        assert raised.value.code == "broken_plugin"
        assert raised.value.hint == "mend or uninstall acme-tea"

    def test_of_a_blocked_plugin_says_so(self, install: Install) -> None:
        install("tea")
        with pytest.raises(NotFound, match=r"tea.won comes from plugin tea, which is blocked") as raised:
            catalog("tea", block=("tea",)).indicator("tea.won")
        assert (raised.value.code, raised.value.hint) == ("blocked_plugin", "allow acme-tea")

    def test_of_a_plugin_that_is_there_is_suggested(self, install: Install) -> None:
        install("tea")
        with pytest.raises(NotFound, match=r"plugin tea defines no indicator tea.wun") as raised:
            catalog("tea").indicator("tea.wun")
        assert raised.value.hint == "did you mean tea.won?"

    def test_of_a_plugin_that_is_not_there_names_it(self, install: Install) -> None:
        install("tea")
        with pytest.raises(
            NotFound, match=r"there is no indicator cocoa.profit, and no plugin cocoa is installed"
        ) as raised:
            catalog("tea").indicator("cocoa.profit")
        assert raised.value.hint == "install the plugin cocoa"

    def test_without_a_plugin_is_suggested(self, install: Install) -> None:
        install("tea")
        with pytest.raises(NotFound, match=r"there is no indicator won") as raised:
            catalog("tea").indicator("won")
        assert raised.value.hint == "did you mean tea.won?"

    def test_of_the_vocabulary_is_suggested(self) -> None:
        with pytest.raises(NotFound, match=r"there is no definition deal_one") as raised:
            catalog().check("deal_one")
        assert raised.value.hint == "did you mean deal_won?"

    def test_and_referred_to_names_who_would_provide_it(self, install: Install) -> None:
        install("milk", "1 / 0")
        install("tea", HEAD + HOOK.format(indicator("tea.both", "count('deal_won') / Ref('milk.won')")))
        with pytest.raises(
            InvalidDefinition, match=r"refers to milk.won: milk.won comes from plugin milk, which is broken"
        ) as raised:
            catalog("tea", "milk").indicator("tea.both")
        assert raised.value.where == "tea.both in plugin tea (acme-tea 1.0)"
        assert raised.value.code == "broken_plugin"

    def test_and_referred_to_from_afar_names_the_one_that_refers(self, install: Install) -> None:
        install(
            "milk",
            HEAD + HOOK.format(indicator("milk.won", "count('milk.lost')")),
        )
        install("tea", HEAD + HOOK.format(indicator("tea.won", "Ref('milk.won')")))
        with pytest.raises(InvalidDefinition, match=r"refers to milk.lost") as raised:
            catalog("tea", "milk").indicator("tea.won")
        assert raised.value.where == "milk.won in plugin milk (acme-milk 1.0)"


def test_components_are_found_by_name(install: Install) -> None:
    install(
        "tea",
        HEAD + "\n@hookimpl\ndef provide_components():\n    return [Component('engine', 'tea.kettle', dict)]\n",
    )
    found = catalog("tea")
    assert found.component("engine", "tea.kettle").make is dict
    with pytest.raises(NotFound, match=r"there is no source tea.kettle"):
        found.component("source", "tea.kettle")


def test_threads_may_share_a_catalog(install: Install) -> None:
    install("tea")
    found, seen = catalog("tea"), []
    threads = [threading.Thread(target=lambda: seen.append(found.indicator("tea.won").id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["tea.won"] * 4


class TestShow:
    def test_an_indicator_has_what_the_contract_says(self, install: Install) -> None:
        install("tea")
        (shown,) = show(catalog("tea"), "tea")["indicators"]
        assert list(shown) == [
            "id",
            "plugin",
            "title",
            "definition",
            "perspective",
            "indicator_type",
            "roles",
            "unit",
            "better",
            "formula",
            "data_source",
            "parameters",
            "digest",
        ]
        assert shown["plugin"] == "tea"
        assert set(shown["formula"]) == {"en", "zh-Hant"}
        assert all(shown["formula"].values())
        assert len(shown["digest"]) == 64

    def test_one_plugin_shows_only_its_own(self, install: Install) -> None:
        install("tea")
        install("milk")
        document = show(catalog("tea", "milk"), "tea")
        assert [shown["id"] for shown in document["indicators"]] == ["tea.won"]
        assert document["fact_types"] == []
        assert [plugin["name"] for plugin in document["plugins"]] == ["tea"]

    def test_all_show_the_vocabulary_too(self, install: Install) -> None:
        install("tea")
        document = show(catalog("tea"))
        by_name = {shown["name"]: shown for kind in ("fact_types", "relations", "curves") for shown in document[kind]}
        assert by_name["deal_won"]["plugin"] is None
        assert {"net_order", "ratio"} <= set(by_name)

    def test_an_indicator_that_does_not_hold_together_shows_its_error(self, install: Install) -> None:
        install("tea", HEAD + HOOK.format(indicator("tea.bad", "total('deal_won', 'amout')")))
        (shown,) = show(catalog("tea"), "tea")["indicators"]
        assert (shown["formula"], shown["digest"]) == (None, None)
        assert "amout" in shown["error"]["message"]
