"""What plugins require of each other."""

from __future__ import annotations

import pytest

from kpicore.hooks.host import PluginHost
from kpicore.hooks.requires import release
from tests.unit.hooks.conftest import Install


def test_versions_are_compared_by_their_numbers() -> None:
    assert release("1.2.0") == release("1.2") == (1, 2)
    assert release("1.10") > release("1.9")  # type: ignore[operator]
    assert release("2.0rc1") == (2,)
    assert release("unknown") is None


MET = ["milk", "milk>=1.2", "milk >= 1.2, < 2", "milk==1.2.0", "milk!=1.3", "milk>1,<=1.2"]
UNMET = {
    "milk>=1.3": "requires milk>=1.3, and milk 1.2 is installed (install milk>=1.3)",
    "milk<1.2": "requires milk<1.2, and milk 1.2 is installed (install milk<1.2)",
    "silk": "requires silk, and no plugin silk is installed (did you mean milk?)",
    "Milk 1.2!": 'requires \'Milk 1.2!\', which cannot be read (write it as "sales>=1.2" or "sales>=1.2,<2")',
    "sugar": "requires sugar, and plugin sugar (acme-sugar 1.0) is blocked (see plugin sugar)",
    "salt": "requires salt, and plugin salt (acme-salt 1.0) is broken (see plugin salt)",
}


@pytest.mark.parametrize("requirement", MET)
def test_a_requirement_that_is_met(install: Install, requirement: str) -> None:
    install("milk", version="1.2")
    install("tea", f"requires = [{requirement!r}]")
    assert PluginHost(allow=["tea", "milk"]).plugin("tea").status == "loaded"


@pytest.mark.parametrize("requirement", UNMET)
def test_a_requirement_that_is_not_met(install: Install, requirement: str) -> None:
    install("milk", version="1.2")
    install("sugar")
    install("salt", "1 / 0")
    install("tea", f"requires = [{requirement!r}]")
    plugin = PluginHost(allow=["tea", "milk", "salt"]).plugin("tea")
    assert plugin.status == "broken"
    assert str(plugin.error) == UNMET[requirement]


def test_who_requires_a_broken_plugin_is_broken_too_down_the_chain(install: Install) -> None:
    install("a", "requires = ['b']")
    install("b", "requires = ['c']")
    install("c", "requires = ['nothing_like_it']")
    host = PluginHost(allow=["a", "b", "c"])
    assert [host.plugin(name).status for name in "abc"] == ["broken"] * 3


def test_two_may_require_each_other(install: Install) -> None:
    install("a", "requires = ['b']")
    install("b", "requires = ['a']")
    host = PluginHost(allow=["a", "b"])
    assert [host.plugin(name).status for name in "ab"] == ["loaded"] * 2
