"""What plugin authors test with.

A test file of a plugin needs three lines:

    from kpicore.testing import laws_of

    test_laws = laws_of("sales")

Strategies for rows and whole ledgers are in `kpicore.testing.strategies`. Both need `kpicore[testing]`.
"""

from kpicore.testing.cases import examples_of
from kpicore.testing.examples import ExampleResult, run_example, run_examples
from kpicore.testing.laws import laws_of
from kpicore.testing.report import CheckReport, PluginReport, check_plugins

__all__ = [
    "CheckReport",
    "ExampleResult",
    "PluginReport",
    "check_plugins",
    "examples_of",
    "laws_of",
    "run_example",
    "run_examples",
]
