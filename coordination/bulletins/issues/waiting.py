"""What of the bulletins waits for an officer, on his first page."""

from datetime import datetime

from django.utils.translation import ngettext

from coordination.bulletins.issues.flow import FLOW
from coordination.bulletins.issues.queries import waiting
from coordination.bulletins.issues.step import ACTORS
from coordination.bulletins.models import IssueVerb
from coordination.staff.models import Officer

_MINE = frozenset({IssueVerb.REVIEW, IssueVerb.PUBLISH})


def waiting_issues(officer: Officer, _at: datetime) -> tuple[int, str] | None:
    """The issues that he may review or sign now."""
    mine = [issue for issue in waiting() if _MINE & set(ACTORS.allowed(issue, officer))]
    if not mine:
        return None
    said = ngettext("%(number)s issue", "%(number)s issues", len(mine)) % {"number": len(mine)}
    acts = dict.fromkeys(
        FLOW.label_of(verb)
        for issue in mine for verb in ACTORS.allowed(issue, officer) if verb in _MINE
    )  # fmt: skip
    return len(mine), f"{said}: {', '.join(acts)}"
