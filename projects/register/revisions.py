"""Whether enterprises and projects are what their newest revision says."""

from collections.abc import Iterator

from projects.record.findings import Finding
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
