"""Compliance: audited materials, privacy checks and incidents."""

from __future__ import annotations

from kpicore.definitions.facts import FactType
from kpicore.naming import both
from kpicore.vocabulary.fields import CONTENT, TEAM, flag, ident, number, word

_PASSED = flag("passed", "通過")
_SEVERITY = number("severity", "嚴重程度")
_CREDITS = {"owner_id": "person", "team_id": "team"}

MATERIAL_AUDITED = FactType(
    "material_audited",
    both("audited materials", "受檢物料"),
    "material_id",
    {
        "material_id": ident("material", "物料"),
        "content_id": CONTENT,
        "team_id": TEAM,
        "passed": _PASSED,
        "violation_types": word("types of violation", "違規類型"),
        "severity": _SEVERITY,
    },
    both("who made the material", "物料製作人"),
    _CREDITS,
)

PRIVACY_CHECKED = FactType(
    "privacy_checked",
    both("privacy checks", "資訊安全檢查"),
    "check_id",
    {
        "check_id": ident("check", "檢查"),
        "team_id": TEAM,
        "passed": _PASSED,
        "violation_types": word("types of violation", "違規類型"),
    },
    both("who was checked", "受檢人"),
    _CREDITS,
)

PRIVACY_INCIDENT = FactType(
    "privacy_incident",
    both("privacy incidents", "資訊安全事件"),
    "incident_id",
    {"incident_id": ident("incident", "事件"), "team_id": TEAM, "severity": _SEVERITY, "kind": word("kind", "類別")},
    both("who caused it", "責任人"),
    _CREDITS,
)

FACT_TYPES = (MATERIAL_AUDITED, PRIVACY_CHECKED, PRIVACY_INCIDENT)
