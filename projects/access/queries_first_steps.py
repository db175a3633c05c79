"""The first step of access: a key for the first enterprise."""

from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy, ngettext

from projects.access.models import ApiKey
from projects.house.waiting import FirstStep


def _keys(at: datetime) -> tuple[bool, str]:
    valid = Q(expires_at=None) | Q(expires_at__gt=at)
    number = ApiKey.objects.filter(valid, revoked_at=None).count()
    words = ngettext("%(number)d valid key", "%(number)d valid keys", number)
    return bool(number), words % {"number": number}


FIRST_STEPS: Final = (
    FirstStep(
        "first-key", 150, gettext_lazy("First API key"),
        gettext_lazy("With a key an enterprise's own system files tickets; it is shown once."),
        _keys, "admin:access_apikey_changelist", gettext_lazy("Issue a key"),
        "access.add_apikey", after=("participants",),
    ),
)  # fmt: skip
