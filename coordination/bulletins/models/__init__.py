"""Figures, issues, their heads and their recipients."""

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
from coordination.bulletins.models.recipient import Recipient

__all__ = [
    "Brief", "Bulletin", "Face", "Format", "Issue", "IssueEvent", "IssueText", "IssueVerb",
    "Language", "Letterhead", "Recipient", "SealedCount", "Series", "ServicePeriod", "Status",
    "Supplement",
    "Wording",
]  # fmt: skip
