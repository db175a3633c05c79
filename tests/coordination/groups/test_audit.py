"""An officer or a group that was changed without a revision is named by the audit."""

from typing import Any

import psycopg

from projects.record.audit import audit
from tests.coordination.audit.scene import altered
from tests.factories.coordination import desk


def test_what_differs_from_its_revisions_is_named(superuser_cursor: psycopg.Cursor[Any]) -> None:
    at = desk()
    assert list(audit()) == []
    officer, group = f"staff.officer {at.liaison.pk}", f"groups.servicegroup {at.group.pk}"
    for statement, named in {
        "UPDATE staff_officer SET name = name || '.' WHERE id = {liaison}": officer,
        "UPDATE staff_officer SET role = 'director' WHERE id = {liaison}": officer,
        "UPDATE staff_officer SET is_active = false WHERE id = {liaison}": officer,
        "DELETE FROM staff_officerrevision WHERE officer_id = {liaison}": officer,
        "UPDATE groups_servicegroup SET name = name || '.' WHERE id = {group}": group,
        "UPDATE groups_servicegroup SET is_active = false WHERE id = {group}": group,
        "DELETE FROM groups_grouprevision WHERE group_id = {group}": group,
    }.items():
        done = statement.format(liaison=at.liaison.pk, group=at.group.pk)
        with altered(superuser_cursor, done):
            found = [
                f"{each.table} {each.row}" for each in audit() if each.difference == "revision"
            ]
            assert found == [named], done
