"""Records of a key's use: when it was last used, and how often it was refused."""

from datetime import timedelta
from typing import Final

from django.db import connection
from django.utils import timezone

from projects.access.models import ApiKey, KeyRefusal
from projects.record.clock import now

_FRESH: Final = timedelta(minutes=1)  # last_used_at is updated at most this often

_COUNT_REFUSAL: Final = """
    INSERT INTO access_keyrefusal (key_id, day, reason, times, last_at)
    VALUES (%s, %s, %s, 1, %s)
    ON CONFLICT (key_id, day, reason) DO UPDATE
        SET times = access_keyrefusal.times + 1, last_at = excluded.last_at
"""


def note_use(key: ApiKey) -> None:
    """Record that the key was used now; to the minute."""
    at = now()
    if key.last_used_at is None or at - key.last_used_at >= _FRESH:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)


def note_refusal(key: ApiKey, reason: KeyRefusal.Reason) -> None:
    """Count a refusal of the key, or of a token with its id, by day and reason."""
    at = now()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_REFUSAL, [key.pk, timezone.localdate(at), reason.value, at])
