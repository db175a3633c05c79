"""Whether officers, groups, enterprises and projects are what their newest revision says."""

from collections.abc import Iterator
from typing import Final

from projects.record.findings import Difference, Finding, found
from projects.register.models import Counted

_COUNTED: Final = [str(each.column) for each in Counted._meta.local_fields]
_WRONG: Final = f"""
    SELECT 'staff.officer', account.id FROM staff_officer AS account LEFT JOIN LATERAL (
        SELECT name, role, is_active FROM staff_officerrevision
        WHERE officer_id = account.id ORDER BY id DESC LIMIT 1
    ) AS kept ON true
    WHERE (account.name, account.role, account.is_active)
        IS DISTINCT FROM (kept.name, kept.role, kept.is_active)
    UNION ALL
    SELECT 'groups.servicegroup', own.id FROM groups_servicegroup AS own LEFT JOIN LATERAL (
        SELECT name, is_active FROM groups_grouprevision
        WHERE group_id = own.id ORDER BY id DESC LIMIT 1
    ) AS kept ON true
    WHERE (own.name, own.is_active) IS DISTINCT FROM (kept.name, kept.is_active)
    UNION ALL
    SELECT 'register.enterprise', own.id FROM register_enterprise AS own LEFT JOIN LATERAL (
        SELECT uscc, name, since FROM register_enterpriserevision
        WHERE enterprise_id = own.id ORDER BY id DESC LIMIT 1
    ) AS kept ON true
    WHERE (own.uscc, own.name, own.since) IS DISTINCT FROM (kept.uscc, kept.name, kept.since)
    UNION ALL
    SELECT 'register.project', own.id FROM register_project AS own LEFT JOIN LATERAL (
        SELECT * FROM register_projectrevision
        WHERE project_id = own.id ORDER BY number DESC LIMIT 1
    ) AS kept ON true
    WHERE ({", ".join(f"own.{each}" for each in _COUNTED)})
        IS DISTINCT FROM ({", ".join(f"kept.{each}" for each in _COUNTED)})
    ORDER BY 1, 2
"""  # noqa: S608 - names of our own


def wrong_revisions() -> Iterator[Finding]:
    """Name each of them that differs from its newest revision."""
    return found(_WRONG, Difference.REVISION)
