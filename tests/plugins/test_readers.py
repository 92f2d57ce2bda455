"""What every indicator of this repository's plugins owes its readers."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from kpicore import Indicator

PLUGINS = Path(__file__).parents[2] / "plugins"
NAMES = sorted(path.parent.name for path in PLUGINS.glob("*/pyproject.toml"))
INDICATORS: dict[str, Indicator] = {
    definition.id: definition
    for name in NAMES
    for definition in import_module(f"kpicore_{name}").provide_definitions()
    if isinstance(definition, Indicator)
}


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)
def test_it_is_told_in_both_languages(indicator: Indicator) -> None:
    texts = [indicator.title, indicator.definition, indicator.data_source, indicator.moves]
    texts += [parameter.title for parameter in indicator.params.values()]
    texts += [spec.titles.get(option, {}) for spec in indicator.params.values() for option in spec.choices]
    texts += [example.title for example in indicator.examples]
    assert all(text.get("en") and text.get("zh-Hant") for text in texts)


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)
def test_examples_show_the_normal_the_edge_and_the_empty_case(indicator: Indicator) -> None:
    assert len(indicator.examples) >= 3
    assert any(not example.facts for example in indicator.examples)
    for name, parameter in indicator.params.items():
        if not parameter.choices:
            continue
        shown = {example.params.get(name, parameter.default) for example in indicator.examples}
        assert set(parameter.choices) <= shown, f"no example shows every {name}"


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_of_a_plugin_lists_its_indicators(name: str) -> None:
    readme = (PLUGINS / name / "README.md").read_text(encoding="utf-8")
    for own, indicator in INDICATORS.items():
        if own.startswith(f"{name}."):
            assert f"| `{own}` | {indicator.title['zh-Hant']} |" in readme
