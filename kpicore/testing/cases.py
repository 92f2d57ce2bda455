"""The examples of a plugin as test cases of pytest."""

from __future__ import annotations

import os
from collections.abc import Callable

from kpicore.hooks.catalog import Catalog
from kpicore.hooks.host import PluginHost
from kpicore.testing.examples import run_example


def examples_of(plugin: str, path: str | os.PathLike[str] | None = None) -> Callable[[str], None]:
    """A test function with one case for each example of a plugin: `test_examples = examples_of("sales")`.

    Args:
        plugin: Name of the plugin.
        path: A plugin that is not installed: a Python file, or a folder with a pyproject.toml.

    Raises:
        NotFound: There is no plugin of that name.
        Refused: It is broken.
    """
    import pytest

    host = PluginHost(path=path)
    info = host.plugin(plugin).require()
    catalog = Catalog(host)
    indicators = {
        name: found for name, found in catalog.definitions.indicators.items() if catalog.provider(name) is info
    }
    cases = {
        f"{name}: {example.title.get('en', '')}": (indicator, example)
        for name, indicator in indicators.items()
        for example in indicator.examples
    }

    @pytest.mark.parametrize("case", cases)
    def test_example(case: str) -> None:
        indicator, example = cases[case]
        catalog.check(indicator.id)
        result = run_example(indicator, example, catalog.definitions)
        if not result.passed:
            pytest.fail(str(result), pytrace=False)

    return test_example
