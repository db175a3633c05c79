"""The scheduled task of the demonstration."""

from celery import shared_task

from coordination.demo.forward import advance


@shared_task(name="coordination.demo.tasks.live_demo")
def live_demo() -> bool:
    """Play what is due, and move the clock forward if that was requested."""
    return advance()
