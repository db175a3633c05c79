"""Reporting by a daily link: the day and the project are the link's, and no others."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from coordination.monitoring.letters import name_of
from coordination.monitoring.models import DailyLink
from coordination.parties import one_time_links
from coordination.parties.models import LinkEnd
from projects.progress.models import DailyReport
from projects.progress.queries_reporting import reporters_on
from projects.progress.report import report, report_unchanged
from projects.record.clock import change, now
from projects.record.refusals import Gone

_ENDED: Final = _("You are no longer asked to report on this project. Thank you.")
_EXPIRED: Final = _("This link was for an earlier day. Please use the one of today.")


def find_open_link(token: str) -> DailyLink:
    """The link with this token; changes nothing, since mail scanners open links too.

    Raises Missing where there never was such a link, Gone where its day is over, its reporter has
    ended or has another address, his enterprise takes part no more, or the project has left.
    """
    rows = DailyLink.objects.select_related("reporter__project", "reporter__enterprise")
    link = one_time_links.find_link(rows, token)
    if link.made_for != name_of(link.reporter.email):
        raise Gone(_ENDED)
    if not reporters_on(link.day).filter(pk=link.reporter_id).exists():
        raise Gone(_ENDED)
    if link.expires_at <= now():
        raise Gone(_EXPIRED)
    one_time_links.require_open(link, now(), {LinkEnd.REVOKED: _ENDED})
    return link


def report_by_link(*, token: str, **stated: Any) -> DailyReport:
    """Report the link's day of its project, or amend it. Raises as ``report`` does, and Gone."""
    with change():
        link = find_open_link(token)
        return report(project=link.reporter.project, day=link.day, by=link.reporter, **stated)


def unchanged_by_link(*, token: str) -> DailyReport:
    """Report that nothing changed. Raises as ``report_unchanged`` does, and Gone."""
    with change():
        link = find_open_link(token)
        return report_unchanged(project=link.reporter.project, day=link.day, by=link.reporter)
