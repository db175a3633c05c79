"""The index of the rooms' models, for Django to find."""

from projects.access.models import ApiKey, IdempotentRequest
from projects.progress.models import DailyReport, ReportNarrative
from projects.register.models import (
    Batch,
    District,
    Enterprise,
    PriorFiling,
    Project,
    ProjectParticipant,
    ProjectRevision,
)

__all__ = [
    "ApiKey",
    "Batch",
    "DailyReport",
    "District",
    "Enterprise",
    "IdempotentRequest",
    "PriorFiling",
    "Project",
    "ProjectParticipant",
    "ProjectRevision",
    "ReportNarrative",
]
