"""Reporting by a daily link: the day and the project are the link's, and no others."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from coordination.monitoring.models import DailyLink
from coordination.parties import one_time_links
from projects.progress.models import DailyReport
from projects.progress.report import report, report_unchanged
from projects.record.clock import change, now
from projects.record.refusals import Gone

_ENDED: Final = _("You are no longer asked to report on this project. Thank you.")
_EXPIRED: Final = _("This link was for an earlier day. Please use the one of today.")


def find_open_link(token: str) -> DailyLink:
    """The link with this token; changes nothing, since mail scanners open links too.

    Raises Missing where there never was such a link, Gone where its day is over or its reporter
    has ended.
    """
    rows = DailyLink.objects.select_related("reporter__project", "reporter__enterprise")
    link = one_time_links.find_link(rows, token)
    if link.reporter.ended_at is not None:
        raise Gone(_ENDED)
    if link.expires_at <= now():
        raise Gone(_EXPIRED)
    one_time_links.require_open(link, now(), {})
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
