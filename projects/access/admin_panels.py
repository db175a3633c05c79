"""The panel of an enterprise's keys on its page."""

from typing import Any, Final

from projects.access.models import ApiKey
from projects.record.clock import now
from projects.register.models import Enterprise

SHOWN: Final = 20


def keys(enterprise: Enterprise, officer: Any) -> dict[str, Any] | None:
    """Its keys that open, the newest first, and how many no longer do; None without the right."""
    if not officer.has_perm("access.view_apikey"):
        return None
    at = now()
    rows = list(ApiKey.objects.filter(enterprise=enterprise).order_by("-pk"))
    opening = [
        row for row in rows
        if row.revoked_at is None and (row.expires_at is None or row.expires_at > at)
    ]  # fmt: skip
    return {
        "keys": opening[:SHOWN], "number": len(opening), "ended": len(rows) - len(opening),
        "may_issue": officer.has_perm("access.add_apikey"),
    }  # fmt: skip
