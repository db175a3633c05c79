"""The newest issue in force, beside the projects of a reporter or a leader in charge."""

from typing import Any

from coordination.bulletins.issues.naming import numbered
from coordination.bulletins.issues.queries import published
from coordination.bulletins.models import Series


def newest_issue(_scoped: Any, officer: Any) -> dict[str, Any] | None:
    """The newest weekly issue that he may read; None while there is none."""
    if not officer.has_perm("bulletins.view_issue"):
        return None
    rows = published().filter(bulletin__series=Series.WEEKLY).defer("bulletin__blocks")
    issue = rows.order_by("-bulletin__cut_off", "-edition").first()
    return None if issue is None else {"issue": issue, "numbered": numbered(issue)}
