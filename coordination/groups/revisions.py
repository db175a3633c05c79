"""Whether officers, groups and enterprises are what the newest of their revisions says."""

from collections.abc import Iterator
from typing import Final

from projects.record.reading import rows

_WRONG: Final = """
    SELECT 'officer', account.id FROM staff_officer AS account LEFT JOIN LATERAL (
        SELECT name, role, is_active FROM staff_officerrevision
        WHERE officer_id = account.id ORDER BY id DESC LIMIT 1
    ) AS kept ON true
    WHERE (account.name, account.role, account.is_active)
        IS DISTINCT FROM (kept.name, kept.role, kept.is_active)
    UNION ALL
    SELECT 'service group', own.id FROM groups_servicegroup AS own LEFT JOIN LATERAL (
        SELECT name, is_active FROM groups_grouprevision
        WHERE group_id = own.id ORDER BY id DESC LIMIT 1
    ) AS kept ON true
    WHERE (own.name, own.is_active) IS DISTINCT FROM (kept.name, kept.is_active)
    UNION ALL
    SELECT 'enterprise', own.id FROM register_enterprise AS own LEFT JOIN LATERAL (
        SELECT uscc, name, since FROM register_enterpriserevision
        WHERE enterprise_id = own.id ORDER BY id DESC LIMIT 1
    ) AS kept ON true
    WHERE (own.uscc, own.name, own.since) IS DISTINCT FROM (kept.uscc, kept.name, kept.since)
    ORDER BY 1, 2
"""


def wrong_revisions() -> Iterator[str]:
    """Name every officer, service group and enterprise that differs from its newest revision."""
    for model, pk in rows(_WRONG, {}):
        yield f"{model} {pk}: not what the newest of its revisions says"
