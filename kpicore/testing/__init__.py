"""What plugin authors test with.

A test file of a plugin needs three lines:

    from kpicore.testing import examples_of

    test_examples = examples_of("sales")
"""

from kpicore.testing.cases import examples_of
from kpicore.testing.examples import ExampleResult, run_example, run_examples
from kpicore.testing.report import CheckReport, PluginReport, check_plugins

__all__ = [
    "CheckReport",
    "ExampleResult",
    "PluginReport",
    "check_plugins",
    "examples_of",
    "run_example",
    "run_examples",
]
