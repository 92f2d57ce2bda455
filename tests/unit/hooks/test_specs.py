"""The hook specifications read as documentation, and what they say is true."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import pluggy
import pytest

from kpicore.hooks import specs
from kpicore.hooks.inspection import HOOKS

SPECS: dict[str, Callable[..., Any]] = {
    name: function for name, function in vars(specs).items() if hasattr(function, "kpicore_spec")
}


def test_there_are_three_hooks_and_the_host_knows_them() -> None:
    assert tuple(SPECS) == HOOKS == ("provide_definitions", "provide_components", "register_commands")


@pytest.mark.parametrize("name", HOOKS)
def test_no_hook_stops_at_the_first_result(name: str) -> None:
    options = SPECS[name].kpicore_spec  # type: ignore[attr-defined]
    assert not options["firstresult"]
    assert not options["historic"]


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_typed_and_tells_each_argument_and_since_when(name: str) -> None:
    function = SPECS[name]
    said = inspect.getdoc(function) or ""
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Signature.empty
    section = re.search(r"^Args:\n((?:    .*\n)+)", said, re.MULTILINE)
    told = re.findall(r"^    (\w+): ", section[1], re.MULTILINE) if section else []
    assert told == list(signature.parameters)
    assert all(parameter.annotation is not inspect.Parameter.empty for parameter in signature.parameters.values())
    assert ("Returns:" in said) == (signature.return_annotation != "None")
    assert re.search(r"^Since \d+\.\d+\.$", said, re.MULTILINE)


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_has_a_test(name: str) -> None:
    from tests.unit.hooks import test_host

    assert name in inspect.getsource(test_host)


def test_pluggy_accepts_the_specifications() -> None:
    manager = pluggy.PluginManager(specs.PROJECT)
    manager.add_hookspecs(specs)
    assert all(getattr(manager.hook, name).spec for name in HOOKS)
