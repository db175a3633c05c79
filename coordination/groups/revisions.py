"""Whether groups are what their newest revision says."""

from collections.abc import Iterator

from coordination.groups.models import ServiceGroup
from projects.record.findings import Finding
from projects.record.revisions import differing


def wrong_groups() -> Iterator[Finding]:
    """Name each group that differs from its newest revision."""
    columns = ("name", "is_active")
    return differing(ServiceGroup, table="groups_grouprevision", owner="group_id", columns=columns)
