"""`Kpi`: one ledger with its plugins and its engine. It wires the parts together and computes nothing.

Its methods stand in one module for each thing that they are about.
"""

from __future__ import annotations

from kpicore.kpi.desks import Desks
from kpicore.kpi.facts import Facts
from kpicore.kpi.history import History
from kpicore.kpi.house import plugin_host
from kpicore.kpi.reports import Reports
from kpicore.kpi.rules import Rules
from kpicore.kpi.scores import Scores

__all__ = ["Kpi", "plugin_host"]


class Kpi(Facts, Rules, Scores, History, Desks, Reports):
    """A ledger, the plugins beside it, and an engine.

    Thread-safe; to be used as a context manager; opened anew after a fork. Made by `kpicore.open`.

    Args:
        settings: See `kpicore.settings`.
        create: Make the ledger where there is none.
    """
