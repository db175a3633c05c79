"""Whether enterprises and projects are what their revisions and exits say."""

from collections.abc import Iterator
from typing import Final

from projects.record.findings import Difference, Finding, found
from projects.record.revisions import differing
from projects.register.models import Counted, Enterprise, Project


def wrong_enterprises() -> Iterator[Finding]:
    """Name each enterprise that differs from its newest revision."""
    return differing(
        Enterprise, table="register_enterpriserevision", owner="enterprise_id",
        columns=("uscc", "name", "since"),
    )  # fmt: skip


def wrong_projects() -> Iterator[Finding]:
    """Name each project that differs from its newest revision."""
    return differing(
        Project, table="register_projectrevision", owner="project_id", newest="number",
        columns=[str(each.column) for each in Counted._meta.local_fields],
    )  # fmt: skip


_LEFT: Final = """
    SELECT 'register.project', project.id FROM register_project AS project
    LEFT JOIN LATERAL (
        SELECT own.recorded_at FROM register_projectexit AS own
        WHERE own.project_id = project.id AND NOT EXISTS (
            SELECT FROM register_projectreturn AS undone WHERE undone.exit_id = own.id)
        ORDER BY own.id DESC LIMIT 1) AS newest ON TRUE
    WHERE project.left_at IS DISTINCT FROM newest.recorded_at ORDER BY project.id
"""


def wrong_exits() -> Iterator[Finding]:
    """Name each project whose ``left_at`` is not that of its exit in force."""
    return found(_LEFT, Difference.EXITS)
