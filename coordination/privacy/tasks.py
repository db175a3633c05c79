"""The worker's task of the purge."""

import logging

from celery import shared_task

from coordination.privacy.purge import purge_due

log = logging.getLogger(__name__)


@shared_task(name="coordination.privacy.tasks.purge_personal_data")
def purge_personal_data() -> int:
    """Erase everything that is due."""
    purged = purge_due()
    log.info("erased the personal data of %d tickets", purged)
    return purged
