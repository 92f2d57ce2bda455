"""Team indicators: what a team learns, shares, proposes, and how others find working with it."""

from __future__ import annotations

from kpicore import Indicator, Role, hookimpl
from kpicore_team import collaboration, ideas, knowledge, roles


@hookimpl
def provide_definitions() -> list[Indicator | Role]:
    """The indicators: knowledge, ideas, collaboration."""
    return [
        knowledge.case_library_updates,
        knowledge.training_courses_developed,
        knowledge.knowledge_sharing_sessions,
        knowledge.training_completion_rate,
        ideas.process_proposals_adopted,
        ideas.innovation_proposals_adopted,
        ideas.innovation_proposals_submitted,
        collaboration.cross_department_satisfaction,
        *roles.ROLES,
    ]
