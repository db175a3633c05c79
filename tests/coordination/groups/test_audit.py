"""An officer or a group that was changed without a revision is named by the audit."""

from typing import Any

import psycopg
import pytest

from coordination.groups.revisions import wrong_revisions
from coordination.tickets.anchors import AUDITS, audit
from tests.coordination.tickets.test_audit import intruder
from tests.factories.coordination import desk

Cursor = psycopg.Cursor[Any]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE staff_officer SET name = name || '.' WHERE id = {liaison}",
        "UPDATE staff_officer SET role = 'director' WHERE id = {liaison}",
        "UPDATE staff_officer SET is_active = false WHERE id = {liaison}",
        "DELETE FROM staff_officerrevision WHERE officer_id = {liaison}",
        "UPDATE groups_servicegroup SET name = name || '.' WHERE id = {group}",
        "UPDATE groups_servicegroup SET is_active = false WHERE id = {group}",
        "DELETE FROM groups_grouprevision WHERE group_id = {group}",
    ],
)
def test_what_differs_from_its_revisions_is_named(superuser_cursor: Cursor, change: str) -> None:
    at = desk()
    assert list(audit()) == []
    with intruder(superuser_cursor) as cursor:
        cursor.execute(change.format(liaison=at.liaison.pk, group=at.group.pk).encode())
        assert cursor.rowcount == 1
    named = f"officer {at.liaison.pk}" if "officer" in change else f"service group {at.group.pk}"
    assert list(audit()) == [f"{named}: not what the newest of its revisions says"]
    assert wrong_revisions in AUDITS
