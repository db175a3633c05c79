"""What waits for an officer besides tickets: projects without service, without a report."""

from datetime import datetime

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from coordination.groups.queries import unserved
from coordination.groups.queries_coverage import coverage
from coordination.staff.models import Officer, Role
from coordination.tickets.clocks.queries import count_provisional, unknown_year
from coordination.workbench.desk.unreported import last_due_day, unreported_of
from coordination.workbench.proposals.queries import proposals_waiting

type Found = tuple[int, str] | None
_CENTRE = frozenset({Role.DUTY_DESK, Role.DIRECTOR})


def unserved_projects(officer: Officer, at: datetime) -> Found:
    """Projects that nobody serves, for the centre."""
    number = unserved(at).count() if officer.role in _CENTRE else 0
    if not number:
        return None
    found = ngettext("%(number)d project has no group", "%(number)d projects have no group", number)
    words = found % {"number": number}
    proposals = proposals_waiting(at)
    if proposals:
        waits = ngettext("%(number)d proposal waits", "%(number)d proposals wait", proposals)
        words = _("%(first)s; %(second)s") % {
            "first": words, "second": waits % {"number": proposals},
        }  # fmt: skip
    return number, words


def broken_assignments(officer: Officer, at: datetime) -> Found:
    """Projects for which none of those named can act, for the centre."""
    number = coverage(at).broken_total if officer.role in _CENTRE else 0
    if not number:
        return None
    words = ngettext(
        "nobody named for %(number)d project can act",
        "nobody named for %(number)d projects can act",
        number,
    )
    return number, words % {"number": number}


def missing_reports(officer: Officer, at: datetime) -> Found:
    """Projects without the last report that is due, for those who serve and the centre."""
    number = 0 if officer.role == Role.AUDITOR else unreported_of(officer, at).count()
    if not number:
        return None
    words = ngettext(
        "%(number)d project has not reported for %(day)s",
        "%(number)d projects have not reported for %(day)s",
        number,
    )
    day = formatted(last_due_day(at), pgettext("format of a day", "j F"))
    return number, words % {"number": number, "day": day}


def unknown_days(officer: Officer, at: datetime) -> Found:
    """A year whose days off are not entered, for the centre."""
    year = unknown_year(at) if officer.role in _CENTRE else None
    if year is None:
        return None
    number = count_provisional()
    words = ngettext(
        "the days off of %(year)d are missing; %(number)d ticket runs on a provisional deadline",
        "the days off of %(year)d are missing; %(number)d tickets run on a provisional deadline",
        number,
    )
    return number, words % {"year": year, "number": number}
