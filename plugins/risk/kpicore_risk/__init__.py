"""Risk indicators: what must not happen, however well the rest goes."""

from __future__ import annotations

from kpicore import Indicator, Role, hookimpl
from kpicore_risk import complaints, compliance, pilot, roles


@hookimpl
def provide_definitions() -> list[Indicator | Role]:
    """The indicators: compliance, incidents, complaints, and the pilot's question."""
    return [
        compliance.material_compliance_rate,
        compliance.data_privacy_compliance_rate,
        compliance.compliance_rate,
        compliance.privacy_incidents,
        compliance.critical_violations,
        complaints.complaint_rate,
        pilot.indicator_outcome_correlation,
        *roles.ROLES,
    ]
