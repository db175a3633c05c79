"""The demonstration's life, unattended."""

from celery import shared_task

from coordination.demo.forward import advance


@shared_task(name="coordination.demo.tasks.live_demo")
def live_demo() -> bool:
    """Play what is due by the clock, and move it on where somebody asked for it."""
    return advance()
