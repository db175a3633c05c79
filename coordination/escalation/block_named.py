"""The block of tickets that are named (点名), and of earlier namings that were annulled.

A naming is step L3 of the ladder. One given for a provisional deadline is annulled where the true
deadline would not have given it: the bulletin in whose week that happens prints it as a correction
of the week in which it was given, with both numbers. No officer is named.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.escalation.queries_named import (
    annulled_since,
    explained_until,
    given_between,
    named_between,
    with_group,
)
from coordination.groups.queries import group_names_at
from coordination.tickets.figure_links import one_ticket
from projects.house.blocks import (
    Audience,
    Block,
    Column,
    Format,
    Listed,
    Period,
    Table,
)
from projects.house.equations import Equation
from projects.house.outline import PROBLEMS
from projects.house.sentences import Sentence
from projects.register.queries import known_at

_WEEK: Final = timedelta(days=7)


def count(period: Period) -> dict[str, Any]:
    """What was given, annulled and named in the period, and what of earlier weeks was annulled."""
    given = given_between(period.start, period.end)
    named = list(with_group(named_between(period.start, period.end)))
    withdrawn = list(with_group(annulled_since(period)))
    weeks = Counter(_week_of(each.recorded_at, period) for each in withdrawn)
    return {
        "given": given.count(),
        "annulled": given.filter(annulment__recorded_at__lte=period.end).count(),
        "named": len(named),
        "corrected": len(withdrawn),
        "tickets": [
            row | {"on": _day(each.recorded_at)}
            for each, row in zip(named, _listed(named, period), strict=True)
        ],
        "corrections": [_correction(end, weeks[end], period) for end in sorted(weeks)],
        "withdrawn": [
            row | {"week": _day(_week_of(each.recorded_at, period))}
            for each, row in zip(withdrawn, _listed(withdrawn, period), strict=True)
        ],
    }


def _listed(namings: Iterable[Any], period: Period) -> Iterator[dict[str, Any]]:
    """With the names of project and group that were in force at the cut-off."""
    tickets = [each.ticket for each in namings]
    if not tickets:
        return
    groups = group_names_at(period.end)
    known = known_at(period.end).filter(project__in={each.project_id for each in tickets})
    projects = dict(known.values_list("project", "name"))
    explained = explained_until(period.end, {each.pk for each in tickets})
    for each in namings:
        at = explained.get((each.ticket_id, each.run))
        yield {
            "number": each.ticket.number, "project": projects[each.ticket.project_id],
            "group": groups.get(each.group), "due": _day(each.due),
            "explained": at and _day(at),
        }  # fmt: skip


def _day(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()


def _week_of(moment: datetime, period: Period) -> datetime:
    """When the week before the period ended in which the moment lies."""
    return period.start - (period.start - moment) // _WEEK * _WEEK


def _correction(end: datetime, annulled: int, period: Period) -> dict[str, Any]:
    """Of the week that ended then: how many it named, as known before this period, and after."""
    before, after = (
        named_between(end - _WEEK, end, known_at=moment).count()
        for moment in (period.start, period.end)
    )
    return {"week": _day(end), "before": before, "annulled": annulled, "after": after}


_TICKETS: Final = (
    Column("number", _("ticket number"), Format.TEXT, link=one_ticket),
    Column("group", _("service group"), Format.TEXT, is_nullable=True),
    Column("due", pgettext_lazy("bulletin", "deadline"), Format.DAY),
    Column(
        "explained", pgettext_lazy("bulletin", "delay explained on"), Format.DAY, is_nullable=True
    ),
)
_NUMBER: Final = Column("number", _("ticket number"), Format.TEXT)
_PROJECT: Final = Column("project", _("project"), Format.TEXT)
_OF_WEEK: Final = Column("week", pgettext_lazy("bulletin", "week to"), Format.DAY)
BLOCK: Final = Block(
    name="named", is_weekly=True, place=80, chapter=PROBLEMS, count=count,
    audience=Audience.STAFF,
    equations=(Equation("corrected = corrections.annulled"),),
    tables=(
        Table(
            heading=_("Tickets named"), in_words=True,
            sentences=(
                Sentence(_(
                    "Named this week: %(named)s. This step was given for %(given)s tickets, and"
                    " annulled for %(annulled)s of them."
                )),
                Sentence(_("Corrected: %(corrected)s that earlier bulletins named.")),
            ),
            columns=(
                Column("given", pgettext_lazy("bulletin", "naming given"), unit="起"),
                Column("annulled", pgettext_lazy("bulletin", "of it annulled"), unit="起"),
                Column("named", pgettext_lazy("bulletin", "named"), unit="起"),
                Column("corrected", pgettext_lazy("bulletin", "earlier ones corrected"), unit="起"),
            ),
            equations=(Equation("given = named + annulled"),),
        ),
        Table(
            title=_("Tickets named this week"), headings=(_("project"),),
            columns=(*_TICKETS, Column("on", pgettext_lazy("bulletin", "named on"), Format.DAY)),
            rows=(Listed(("tickets",), _NUMBER, _PROJECT),),
        ),
        Table(
            title=_("Corrections of earlier bulletins: tickets named"), unit="起",
            headings=(pgettext_lazy("bulletin", "week to"),),
            columns=(
                Column("before", pgettext_lazy("bulletin", "named as printed")),
                Column("annulled", pgettext_lazy("bulletin", "annulled")),
                Column("after", pgettext_lazy("bulletin", "named as corrected")),
            ),
            rows=(Listed(("corrections",), _OF_WEEK, _OF_WEEK),),
            equations=(Equation("before - annulled = after"),),
            note=_(
                "These steps were given for a provisional deadline, and would not have been for"
                " the deadline that holds. Earlier bulletins stay as they are."
            ),
        ),
        Table(
            title=_("Named in earlier bulletins, annulled this week"), headings=(_("project"),),
            columns=(*_TICKETS, _OF_WEEK),
            rows=(Listed(("withdrawn",), _NUMBER, _PROJECT),),
        ),
    ),
)  # fmt: skip
