"""The register: districts, enterprises, projects, how these leave it, and participants."""

from projects.register.models.exits import (
    ExitKind,
    NotDuplicate,
    ProjectExit,
    ProjectReturn,
    Succession,
)
from projects.register.models.register import (
    COUNTED_FIELDS,
    Batch,
    Counted,
    CountyClass,
    District,
    DistrictClass,
    DistrictKind,
    Enterprise,
    EnterpriseRevision,
    Level,
    ParticipantRole,
    Phase,
    PriorFiling,
    Project,
    ProjectParticipant,
    ProjectRevision,
    Sector,
)

__all__ = [
    "COUNTED_FIELDS", "Batch", "Counted", "CountyClass", "District", "DistrictClass",
    "DistrictKind", "Enterprise", "EnterpriseRevision", "ExitKind", "Level", "NotDuplicate",
    "ParticipantRole", "Phase", "PriorFiling", "Project", "ProjectExit", "ProjectParticipant",
    "ProjectReturn", "ProjectRevision", "Sector", "Succession",
]  # fmt: skip
