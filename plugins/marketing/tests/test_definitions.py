"""What every indicator of the plugin owes its readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import Indicator
from kpicore_marketing import provide_definitions

INDICATORS = {indicator.id: indicator for indicator in provide_definitions()}


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)
def test_it_is_told_in_both_languages(indicator: Indicator) -> None:
    texts = [indicator.title, indicator.definition, indicator.data_source, indicator.moves]
    texts += [parameter.title for parameter in indicator.params.values()]
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


def test_the_readme_lists_them_all() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for name, indicator in INDICATORS.items():
        assert f"| `{name}` | {indicator.title['zh-Hant']} |" in readme
