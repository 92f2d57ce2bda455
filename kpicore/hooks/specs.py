"""The three hooks. A plugin is a module whose functions carry one of these names and `@hookimpl`.

A hook keeps its name and its meaning; it only ever gains arguments, and a plugin takes those it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import pluggy
from attrs import field, frozen

from kpicore.definitions.cards.curves import Curve
from kpicore.definitions.facts import FactType
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.plans.awards import Bonus, Eligibility, Innovation, Star
from kpicore.definitions.plans.roles import Role
from kpicore.definitions.plans.templates import Template
from kpicore.definitions.relations import Relation
from kpicore.naming import Text, text

if TYPE_CHECKING:
    import click

PROJECT = "kpicore"

#: Marks a function of a plugin as the implementation of the hook of the same name.
hookimpl = pluggy.HookimplMarker(PROJECT)
hookspec = pluggy.HookspecMarker(PROJECT)

Definition: TypeAlias = (
    FactType | Relation | Indicator | Curve | Role | Template | Bonus | Star | Innovation | Eligibility
)


@frozen
class Component:
    """Code that a plugin brings: never recorded in the ledger, only identified by its plugin and version.

    Args:
        kind: `source` reads rows from elsewhere, `engine` computes measures.
        name: `plugin.name`.
        make: Called with the component's settings as keyword arguments; returns the source or the engine.
        title: What people read.
    """

    kind: Literal["source", "engine"]
    name: str
    make: Callable[..., Any]
    title: Text = field(factory=dict, converter=text)


@hookspec
def provide_definitions() -> Iterable[Definition]:  # type: ignore[empty-body]
    """Return the definitions that this plugin provides: fact types, relations, indicators, curves, roles and templates.

    Called once per host, after the plugin was imported. A plugin named `sales` may define only `sales.*`; it may
    refer to the built-in vocabulary and to what other plugins define. Definitions are data: what they say is checked
    when they are used, so this hook must not read files, clocks, the environment or the network.

    Returns:
        An iterable of `FactType`, `Relation`, `Indicator`, `Curve`, `Role`, `Template` and awards, in the order in which people
        should see them.

    Since 0.1.
    """


@hookspec
def provide_components() -> Iterable[Component]:  # type: ignore[empty-body]
    """Return the components that this plugin provides: sources that fetch rows, engines that compute.

    Called once per host, after the plugin was imported. Import what a component needs inside its `make`, so that
    listing plugins stays quick.

    Returns:
        An iterable of `Component`.

    Since 0.1.
    """


@hookspec
def register_commands(cli: click.Group) -> None:
    """Add commands to the command line.

    Called when the command line needs commands that are not its own. A plugin may add commands and groups; it may
    not replace those that are there.

    Args:
        cli: The group to which commands are added, with `cli.add_command(…)` or `@cli.command(…)`.

    Since 0.1.
    """
