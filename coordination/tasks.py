"""The index of the rooms' tasks, for Celery to find."""

from coordination.bulletins.tasks import build_missing_bulletins
from coordination.tickets.tasks import anchor_events

__all__ = ["anchor_events", "build_missing_bulletins"]
