"""Who else has a ticket open at this moment.

For information only, stored in Valkey while a page keeps renewing it. If Valkey is slow or
unavailable, nobody is shown and nothing waits: after a failure it is not used for some seconds.
"""

import logging
from time import monotonic, time
from typing import Any, Final

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from coordination.staff.models import Officer
from coordination.tickets.models import Ticket

STAYS: Final = 25  # seconds; an open page renews it every ten
_PATIENCE: Final = 0.3
_LEFT_ALONE: Final = 10.0
_log = logging.getLogger(__name__)


class Presence:
    """The connection to Valkey, which is not used for a while after a failure."""

    def __init__(self, url: str) -> None:
        self._redis: Any = redis.Redis.from_url(
            url, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE,
            retry=Retry(NoBackoff(), 0), max_connections=20,
        )  # fmt: skip
        self._until = 0.0

    def look(self, ticket_id: int, officer_id: int) -> list[int]:
        """Record that he has it open, and return the ids of all who do; empty without Valkey."""
        if monotonic() < self._until:
            return []
        try:
            return self._asked(f"zhitongche:looking:{ticket_id}", officer_id)
        except redis.RedisError as error:
            self._until = monotonic() + _LEFT_ALONE
            _log.warning("who is looking is not known: %s", type(error).__name__)
            return []

    def _asked(self, key: str, officer_id: int) -> list[int]:
        at = time()
        with self._redis.pipeline(transaction=False) as several:
            several.zadd(key, {str(officer_id): at})
            several.zremrangebyscore(key, "-inf", at - STAYS)
            several.expire(key, STAYS)
            several.zrange(key, 0, -1)
            return [int(member) for member in several.execute()[-1]]


presence: Final = Presence(settings.REDIS_URL)


def also_looking(ticket: Ticket, by: Officer) -> list[Officer]:
    """Record that he has the ticket open, and return who else has."""
    ids = [each for each in presence.look(ticket.pk, by.pk) if each != by.pk]
    return list(Officer.objects.filter(pk__in=ids, is_active=True).order_by("name")) if ids else []
