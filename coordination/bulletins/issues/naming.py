"""How issues are called: their number lines, and what messages say of them."""

from django.utils.translation import gettext as _

from coordination.bulletins.models import Issue, Series


def number_line(series: str, number: int | None, total: int | None) -> str:
    """The number as it is printed: of the year and of all, or that of an extra issue."""
    if series == Series.EXTRA:
        return _("Extra issue No. %(number)s") % {"number": number}
    return _("No. %(number)s (%(total)s in all)") % {"number": number, "total": total}


def numbered(issue: Issue) -> str:
    """The same of an issue; empty before it is published."""
    return number_line(issue.series, issue.number, issue.total) if issue.number else ""


def published_line(issue: Issue, day: str) -> str:
    """That it is published; ``day`` is that of its cut-off, in words."""
    words = {"day": day, "edition": issue.edition, "number": issue.number}
    if issue.is_extra and issue.edition > 1:
        return _("Edition %(edition)s of extra issue No. %(number)s is published") % words
    if issue.is_extra:
        return _("Extra issue No. %(number)s, up to %(day)s, is published") % words
    if issue.edition > 1:
        return _("Edition %(edition)s of the bulletin of the week to %(day)s is published") % words
    return _("The bulletin of the week to %(day)s is published") % words


def issued_line(issue: Issue, day: str) -> str:
    """Its numbers and its day of issue, which is given in words."""
    words = {"number": issue.number, "total": issue.total, "day": day}
    if issue.is_extra:
        return _("Extra issue No. %(number)s, issued on %(day)s.") % words
    return _("No. %(number)s (%(total)s in all), issued on %(day)s.") % words
