"""Figures, issues and their heads."""

from coordination.bulletins.models.brief import Brief
from coordination.bulletins.models.figures import Bulletin, SealedCount, Series, ServicePeriod
from coordination.bulletins.models.issue import (
    Face,
    Format,
    Issue,
    IssueEvent,
    IssueText,
    IssueVerb,
    Status,
    Supplement,
    Wording,
)
from coordination.bulletins.models.letterhead import Language, Letterhead

__all__ = [
    "Brief", "Bulletin", "Face", "Format", "Issue", "IssueEvent", "IssueText", "IssueVerb",
    "Language", "Letterhead", "SealedCount", "Series", "ServicePeriod", "Status", "Supplement",
    "Wording",
]  # fmt: skip
