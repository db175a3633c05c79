"""Whether officers are what their newest revision says."""

from collections.abc import Iterator

from coordination.staff.models import Officer
from projects.record.findings import Finding
from projects.record.revisions import differing


def wrong_officers() -> Iterator[Finding]:
    """Name each officer who differs from his newest revision."""
    columns = ("name", "role", "is_active")
    return differing(Officer, table="staff_officerrevision", owner="officer_id", columns=columns)
