"""Who else has a ticket open at this moment.

A courtesy, kept in Valkey for as long as a page keeps saying so. Where Valkey is slow or gone,
nobody is seen for a while, and nothing waits for it: after a failure it is left alone.
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

STAYS: Final = 25  # seconds; a page says every ten that it is still open
_PATIENCE: Final = 0.3
_LEFT_ALONE: Final = 10.0
_log = logging.getLogger(__name__)


class Presence:
    """The connection, and since when it is left alone."""

    def __init__(self, url: str) -> None:
        self._redis: Any = redis.Redis.from_url(
            url, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE,
            retry=Retry(NoBackoff(), 0), max_connections=20,
        )  # fmt: skip
        self._until = 0.0

    def look(self, ticket_id: int, officer_id: int) -> list[int]:
        """Note that he looks, and give the ids of those who do; empty where nobody knows."""
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
    """Note that he has the ticket open, and say who else has."""
    ids = [each for each in presence.look(ticket.pk, by.pk) if each != by.pk]
    return list(Officer.objects.filter(pk__in=ids).order_by("name")) if ids else []
