"""The buttons of a ticket's page: one for each verb allowed, with the form that it opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from coordination.amendments.flow import AmendmentVerb
from coordination.staff.models import Officer
from coordination.tickets.clocks.lights import Light
from coordination.tickets.flow import FLOW, Status, Verb
from coordination.tickets.kinds.base import Line
from coordination.tickets.models import Ticket
from coordination.tickets.queries import allowed_verbs
from coordination.tickets.urgency import Urgency
from coordination.workbench.ticket.admin_forms import VerbForm, lines_for, of_line
from projects.house.rooms import rooms

# The colours of a label, in addition to its words.
STATUS_COLOURS: Final[dict[str, str]] = {
    Status.SUBMITTED: "info", Status.IN_PROGRESS: "primary", Status.NEED_INFO: "warning",
    Status.RESOLVED: "success", Status.CLOSED: "default", Status.DECLINED: "danger",
    Status.WITHDRAWN: "default",
}  # fmt: skip
URGENCY_COLOURS: Final[dict[str, str]] = {
    Urgency.NORMAL: "default", Urgency.URGENT: "warning", Urgency.CRITICAL: "danger",
    Urgency.COMPLEX: "info",
}  # fmt: skip


LIGHT_COLOURS: Final[dict[str, str]] = {
    Light.GREEN: "success", Light.YELLOW: "warning", Light.RED: "danger",
}  # fmt: skip


# The keyboard shortcut of each verb, on a ticket's page and for tickets chosen in the queue.
KEYS: Final[dict[str, str]] = {
    Verb.ACCEPT: "a", Verb.FULFIL: "l", Verb.RESOLVE: "r", Verb.ASK: "q", Verb.SUPPLEMENT: "s",
    Verb.WRITE_OFF: "w", Verb.REDO: "e", Verb.REOPEN: "o", Verb.PASS_ON: "p", Verb.DECLINE: "d",
    Verb.COMMENT: "m", Verb.SIGN_OFF: "n", Verb.COUNTERSIGN: "c",
}  # fmt: skip


# Verbs offered by buttons in the rows of a panel.
_IN_ROWS: Final = frozenset({Verb.RELEASE, Verb.UNLINK, Verb.DETACH})


# Verbs that have a page of their own.
_OWN_PAGES: Final[dict[str, str]] = {
    AmendmentVerb.AMEND: "ticket_amend", AmendmentVerb.PROPOSE: "ticket_amend",
}  # fmt: skip


@dataclass(frozen=True)
class Action:
    """A button, and the form that it opens."""

    verb: str
    label: str
    tone: str
    form: VerbForm | None
    is_open: bool = False
    address: str = ""  # of the page of its own, instead of a form

    @property
    def key(self) -> str:
        """Its keyboard shortcut; empty if it has none."""
        return KEYS.get(self.verb, "")


def actions(
    ticket: Ticket, lines: Sequence[Line], officer: Officer, refused: VerbForm | None
) -> list[Action]:
    """One for each verb allowed now; a refused one is open, with the typed values."""
    in_rows = _IN_ROWS.union(*(room.verb_pages.in_rows for room in rooms()))
    allowed = [verb for verb in allowed_verbs(ticket, officer) if verb not in in_rows]
    verbs = [verb for verb in allowed if lines_for(verb, lines) or not of_line(verb)]
    if refused is not None and refused.verb not in verbs:
        verbs = [refused.verb, *verbs]
    return [_action(verb, ticket, lines, refused) for verb in verbs]


def _action(verb: str, ticket: Ticket, lines: Sequence[Line], refused: VerbForm | None) -> Action:
    label, tone = FLOW.label_of(verb), FLOW[verb].tone
    if refused is not None and verb == refused.verb:
        return Action(verb, label, tone, refused, is_open=True)
    if verb in _OWN_PAGES:
        address = reverse(f"admin:{_OWN_PAGES[verb]}", args=[ticket.pk])
        return Action(verb, label, tone, None, address=address)
    return Action(verb, label, tone, VerbForm(verb, ticket, lines))


def shortcuts() -> list[tuple[str, str]]:
    """The keyboard shortcuts with their verbs, for the page that lists them."""
    return [(key, FLOW.label_of(verb)) for verb, key in KEYS.items()]
