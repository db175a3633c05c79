"""What of the bulletins waits for an officer, on his first page."""

from datetime import datetime
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext, ngettext

from coordination.bulletins.issues.flow import FLOW
from coordination.bulletins.models import Issue, IssueVerb, Status, Wording
from coordination.staff.models import Officer, Role

_REVIEWS: Final = frozenset({Role.DUTY_DESK, Role.DIRECTOR})


def waiting_issues(officer: Officer, _at: datetime) -> tuple[int, str] | None:
    """The drafts that he may review, and what waits for his signature; one query."""
    if officer.role not in _REVIEWS:
        return None
    own = Wording.objects.filter(event__issue=OuterRef("pk"), event__officer=officer)
    drafted = Q(~Exists(own), status=Status.DRAFT)
    reviewed = Q(status=Status.REVIEWED) if officer.role == Role.DIRECTOR else Q(pk__in=[])
    found = Issue.objects.aggregate(
        review=Count("pk", filter=drafted), publish=Count("pk", filter=reviewed)
    )
    number = found["review"] + found["publish"]
    if not number:
        return None
    said = ngettext("%(number)s issue", "%(number)s issues", number) % {"number": number}
    acts = [
        FLOW.label_of(verb)
        for verb, name in ((IssueVerb.REVIEW, "review"), (IssueVerb.PUBLISH, "publish"))
        if found[name]
    ]
    words = {"field": said, "message": gettext(", ").join(acts)}
    return number, gettext("%(field)s: %(message)s") % words
