"""The tickets that are overdue for the longest, on the boards of the staff."""

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from coordination.escalation.ladder import Level
from coordination.escalation.models import Escalation
from coordination.tickets.board_counts import open_of, queue, tickets_of
from coordination.tickets.clocks.lights import Light, lit
from coordination.tickets.flow import FLOW, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.standing import may_ever
from projects.house.blocks import Column, Figures, Format, Listed, Path, Table
from projects.house.widgets import Picture, View
from projects.worktime.sentence import say_lateness

_SHOWN: Final = 6
_STEPS: Final = {
    Level.L0: pgettext_lazy("board", "reminded"), Level.L1: pgettext_lazy("board", "urged"),
    Level.L2: pgettext_lazy("board", "supervised"), Level.L3: pgettext_lazy("board", "named"),
    Level.L4: pgettext_lazy("board", "talked with"),
}  # fmt: skip


def _count(view: View) -> Figures | None:
    """The first red tickets by their deadlines, and what was done about each; None without any."""
    rows = list(
        tickets_of(view).filter(lit(Light.RED, view.at)).select_related("project", "group")
        .order_by("clock_due", "pk")[:_SHOWN]
    )  # fmt: skip
    steps: dict[int, str] = {}
    given = Escalation.objects.filter(ticket__in=[each.pk for each in rows], annulment=None)
    for ticket, level in given.order_by("recorded_at").values_list("ticket", "level"):
        steps[ticket] = str(_STEPS[Level(level)])
    if not rows:
        return None
    return {"rows": [_row(each, view, steps) for each in rows]}


def _row(ticket: Ticket, view: View, steps: dict[int, str]) -> dict[str, Any]:
    late = say_lateness(ticket.clock_due, view.at) if ticket.clock_due else ""
    return {
        "key": str(ticket.pk), "title": ticket.title, "late": late,
        "project": str(ticket.project), "group": str(ticket.group or _("No group yet")),
        "step": _("supervised by the centre") if ticket.supervise_count else steps.get(ticket.pk),
        "act": str(FLOW.label_of(Verb.SUPERVISE)) if _may_supervise(view, ticket)
        else pgettext("on a row", "Look"),
    }  # fmt: skip


def _may_supervise(view: View, ticket: Ticket) -> bool:
    return not ticket.supervise_count and may_ever(Verb.SUPERVISE, view.reader)


def _page(_view: View, key: Path) -> str:
    return reverse("admin:tickets_ticket_change", args=[key[0]])


def _act(view: View, key: Path) -> str:
    """The ticket's page, with the form of the act open where it is the reader's."""
    form = f"#do-{Verb.SUPERVISE}" if may_ever(Verb.SUPERVISE, view.reader) else ""
    return f"{_page(view, key)}{form}"


def _all(view: View) -> dict[str, str]:
    number = sum(each.red for each in open_of(view))
    if not number:
        return {}
    return {_("All %(number)s") % {"number": number}: queue(view, light="red", order="due")}


WIDGETS: Final = (
    Picture(
        "overdue", 60, pgettext_lazy("board", "Overdue for the longest"), _count,
        Table(
            headings=(gettext_lazy("ticket"),),
            columns=(
                Column("late", pgettext_lazy("board", "late"), Format.TEXT, light="red"),
                Column("project", gettext_lazy("project"), Format.TEXT),
                Column("group", gettext_lazy("service group"), Format.TEXT),
                Column("step", pgettext_lazy("board", "last step"), Format.TEXT, is_nullable=True),
                Column("act", pgettext_lazy("board", "act"), Format.TEXT, link=_act),
            ),
            rows=(
                Listed(("rows",), Column("key", "", Format.TEXT), Column("title", "", Format.TEXT)),
            ),
            row_link=_page,
        ),
        span=7, links=_all,
    ),
)  # fmt: skip
