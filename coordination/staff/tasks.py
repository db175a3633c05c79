"""The worker's task of the staff."""

from celery import shared_task
from django.core.management import call_command


@shared_task(name="coordination.staff.tasks.clear_sessions")
def clear_sessions() -> None:
    """Delete the sessions that have ended."""
    call_command("clearsessions")
