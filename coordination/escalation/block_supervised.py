"""The block of supervised matters (督办), one by one, for the staff's issue. Names no officer."""

from collections.abc import Iterator
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from coordination.escalation.queries_supervised import LADDER, PERSON, supervised_in
from coordination.groups.queries import group_names_at
from coordination.tickets.figure_links import one_ticket
from coordination.tickets.flow import OPEN
from projects.house.blocks import Audience, Block, Column, Figures, Format, Listed, Period, Table
from projects.house.equations import Equation
from projects.house.outline import PROBLEMS
from projects.register.queries import known_at

_OPEN, _ENDED = "open", "ended"
_WORDS: Final = {
    _OPEN: pgettext_lazy("bulletin", "not ended"), _ENDED: pgettext_lazy("bulletin", "ended"),
}  # fmt: skip
_BY: Final = {
    PERSON: pgettext_lazy("bulletin", "the centre"),
    LADDER: pgettext_lazy("bulletin", "the rule for overdue tickets"),
}


def count(period: Period) -> dict[str, Any]:
    """Each ticket supervised in the period, or earlier and still open at the cut-off.

    With the names of project and group that were in force at the cut-off.
    """
    found = supervised_in(period)
    groups = group_names_at(period.end) if found else {}
    known = known_at(period.end).filter(project__in={each.standing.project_id for each in found})
    projects = dict(known.values_list("project", "name")) if found else {}
    tickets = [
        {
            "number": each.standing.ticket.number,
            "project": projects[each.standing.project_id],
            "group": groups.get(each.standing.group_id or 0),
            "on": timezone.localdate(each.at).isoformat(),
            "by": each.by,
            "due": each.due and timezone.localdate(each.due).isoformat(),
            "state": _OPEN if each.standing.status in OPEN else _ENDED,
        }
        for each in found
    ]
    states = [each["state"] for each in tickets]
    return {
        "number": len(tickets), "new": sum(each.at > period.start for each in found),
        "ended": states.count(_ENDED), "open": states.count(_OPEN), "tickets": tickets,
    }  # fmt: skip


def _said(figures: Figures) -> Iterator[str]:
    number = figures["number"]
    if not number:
        return
    said = ngettext(
        "%(number)s ticket is under supervision (%(new)s supervised in this period); ended:"
        " %(ended)s, not ended: %(open)s. They are listed in an appendix.",
        "%(number)s tickets are under supervision (%(new)s supervised in this period); ended:"
        " %(ended)s, not ended: %(open)s. They are listed in an appendix.",
        number,
    )
    yield said % figures


def _steps(figures: Figures) -> Iterator[str]:
    if figures["open"]:
        yield ngettext(
            "The lead of the group takes %(open)s supervised ticket in hand and reports its"
            " outcome.",
            "The leads of the groups take %(open)s supervised tickets in hand and report their"
            " outcome.",
            figures["open"],
        ) % {"open": figures["open"]}


BLOCK: Final = Block(
    name="supervised", place=82, chapter=PROBLEMS, count=count, audience=Audience.STAFF,
    steps=_steps,
    tables=(
        Table(
            heading=_("Matters under supervision"), in_words=True, says=_said,
            columns=(
                Column("number", pgettext_lazy("bulletin", "under supervision"), unit="起"),
                Column("new", pgettext_lazy("bulletin", "of it in this period"), unit="起"),
                Column("ended", pgettext_lazy("bulletin", "of it ended"), unit="起"),
                Column("open", pgettext_lazy("bulletin", "of it not ended"), unit="起"),
            ),
            equations=(Equation("number = ended + open"),),
        ),
        Table(
            title=_("Matters under supervision"), headings=(_("project"),), is_appendix=True,
            columns=(
                Column("number", _("ticket number"), Format.TEXT, link=one_ticket),
                Column("group", _("service group"), Format.TEXT, is_nullable=True),
                Column("on", pgettext_lazy("bulletin", "supervised on"), Format.DAY),
                Column("by", pgettext_lazy("bulletin", "supervised by"), Format.TEXT, words=_BY),
                Column(
                    "due", pgettext_lazy("bulletin", "deadline"), Format.DAY, is_nullable=True
                ),
                Column("state", pgettext_lazy("bulletin", "outcome"), Format.TEXT, words=_WORDS),
            ),
            rows=(
                Listed(
                    ("tickets",), Column("number", _("ticket number"), Format.TEXT),
                    Column("project", _("project"), Format.TEXT),
                ),
            ),
        ),
    ),
)  # fmt: skip
