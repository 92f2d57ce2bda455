"""kpicore: from recorded marketing facts to scores that replay to the last bit.

The public names are loaded when they are first used, so that `import kpicore` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpicore.definitions.algebra.builders import count as count
    from kpicore.definitions.algebra.builders import distinct as distinct
    from kpicore.definitions.algebra.builders import during as during
    from kpicore.definitions.algebra.builders import growth as growth
    from kpicore.definitions.algebra.builders import holds as holds
    from kpicore.definitions.algebra.builders import largest as largest
    from kpicore.definitions.algebra.builders import part as part
    from kpicore.definitions.algebra.builders import quantile as quantile
    from kpicore.definitions.algebra.builders import rate as rate
    from kpicore.definitions.algebra.builders import smallest as smallest
    from kpicore.definitions.algebra.builders import total as total
    from kpicore.definitions.algebra.builders import within as within
    from kpicore.definitions.algebra.measures import MONTH_BEFORE as MONTH_BEFORE
    from kpicore.definitions.algebra.measures import PRIOR as PRIOR
    from kpicore.definitions.algebra.measures import YEAR_BEFORE as YEAR_BEFORE
    from kpicore.definitions.algebra.measures import Choice as Choice
    from kpicore.definitions.algebra.measures import Constant as Constant
    from kpicore.definitions.algebra.measures import Correlation as Correlation
    from kpicore.definitions.algebra.measures import Crossing as Crossing
    from kpicore.definitions.algebra.measures import Given as Given
    from kpicore.definitions.algebra.measures import Match as Match
    from kpicore.definitions.algebra.measures import Mean as Mean
    from kpicore.definitions.algebra.measures import Monthly as Monthly
    from kpicore.definitions.algebra.measures import Over as Over
    from kpicore.definitions.algebra.measures import Ref as Ref
    from kpicore.definitions.algebra.measures import Root as Root
    from kpicore.definitions.algebra.measures import Survival as Survival
    from kpicore.definitions.algebra.measures import Target as Target
    from kpicore.definitions.algebra.measures import Whole as Whole
    from kpicore.definitions.algebra.measures import Window as Window
    from kpicore.definitions.cards.curves import Curve as Curve
    from kpicore.definitions.cards.weights import Weights as Weights
    from kpicore.definitions.facts import FactType as FactType
    from kpicore.definitions.facts import Field as Field
    from kpicore.definitions.indicators import Example as Example
    from kpicore.definitions.indicators import Indicator as Indicator
    from kpicore.definitions.parameters import Parameter as Parameter
    from kpicore.definitions.parameters import choice as choice
    from kpicore.definitions.parameters import duration as duration
    from kpicore.definitions.parameters import names as names
    from kpicore.definitions.plans.awards import Bonus as Bonus
    from kpicore.definitions.plans.awards import Eligibility as Eligibility
    from kpicore.definitions.plans.awards import Innovation as Innovation
    from kpicore.definitions.plans.awards import Prize as Prize
    from kpicore.definitions.plans.awards import Star as Star
    from kpicore.definitions.plans.roles import Duty as Duty
    from kpicore.definitions.plans.roles import KeyResultArea as KeyResultArea
    from kpicore.definitions.plans.roles import Role as Role
    from kpicore.definitions.plans.templates import Template as Template
    from kpicore.definitions.plans.templates import TemplateLine as TemplateLine
    from kpicore.definitions.relations import Relation as Relation
    from kpicore.errors import Conflict as Conflict
    from kpicore.errors import Incomplete as Incomplete
    from kpicore.errors import InvalidDefinition as InvalidDefinition
    from kpicore.errors import InvalidInput as InvalidInput
    from kpicore.errors import KpicoreError as KpicoreError
    from kpicore.errors import LedgerUnavailable as LedgerUnavailable
    from kpicore.errors import NotFound as NotFound
    from kpicore.errors import Refused as Refused
    from kpicore.errors import RefusedRow as RefusedRow
    from kpicore.governance.adjustments import Calibration as Calibration
    from kpicore.governance.adjustments import Override as Override
    from kpicore.hooks.specs import Component as Component
    from kpicore.hooks.specs import hookimpl as hookimpl
    from kpicore.kpi import Kpi as Kpi
    from kpicore.opening import open as open
    from kpicore.vocabulary.attribution import ATTRIBUTION_MODEL as ATTRIBUTION_MODEL
    from kpicore.vocabulary.shared import ACQUISITION as ACQUISITION
    from kpicore.vocabulary.shared import ACQUISITION_COST as ACQUISITION_COST
    from kpicore.vocabulary.shared import ATTRIBUTION as ATTRIBUTION
    from kpicore.vocabulary.shared import COST as COST
    from kpicore.vocabulary.shared import COST_SCOPE as COST_SCOPE
    from kpicore.vocabulary.shared import DEDUPE as DEDUPE

__version__ = "0.1.0"

_NAMES = {
    "kpicore.definitions.plans.awards": "Bonus Eligibility Innovation Prize Star",
    "kpicore.definitions.cards.curves": "Curve",
    "kpicore.definitions.facts": "FactType Field",
    "kpicore.definitions.indicators": "Example Indicator",
    "kpicore.definitions.algebra.builders": (
        "count distinct during growth holds largest part quantile rate smallest total within"
    ),
    "kpicore.definitions.algebra.measures": (
        "MONTH_BEFORE PRIOR YEAR_BEFORE Choice Constant Correlation Crossing Given Match Mean Monthly Over Ref Root Survival "
        "Target Whole Window"
    ),
    "kpicore.definitions.parameters": "Parameter choice duration names",
    "kpicore.definitions.relations": "Relation",
    "kpicore.definitions.plans.roles": "Duty KeyResultArea Role",
    "kpicore.definitions.plans.templates": "Template TemplateLine",
    "kpicore.definitions.cards.weights": "Weights",
    "kpicore.errors": (
        "Conflict Incomplete InvalidDefinition InvalidInput KpicoreError LedgerUnavailable NotFound Refused RefusedRow"
    ),
    "kpicore.governance.adjustments": "Calibration Override",
    "kpicore.hooks.specs": "Component hookimpl",
    "kpicore.kpi": "Kpi",
    "kpicore.opening": "open",
    "kpicore.vocabulary.attribution": "ATTRIBUTION_MODEL",
    "kpicore.vocabulary.shared": "ACQUISITION ACQUISITION_COST ATTRIBUTION COST COST_SCOPE DEDUPE",
}
_HOME = {name: module for module, listed in _NAMES.items() for name in listed.split()}

__all__ = sorted(_HOME)  # noqa: PLE0605 - the names above, said once


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'kpicore' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
