"""The index of the rooms' tasks, for Celery to find."""

from coordination.bulletins.tasks import build_missing_bulletins
from coordination.tickets.escalation.tasks import escalate_tickets
from coordination.tickets.export.tasks import build_exports
from coordination.tickets.privacy.tasks import purge_personal_data
from coordination.tickets.referrals.tasks import chase_departments
from coordination.tickets.tasks import anchor_events, lapse_questions

__all__ = [
    "anchor_events", "build_exports", "build_missing_bulletins", "chase_departments",
    "escalate_tickets", "lapse_questions", "purge_personal_data",
]  # fmt: skip
