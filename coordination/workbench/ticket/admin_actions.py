"""The acts of a ticket's page: a few buttons and a menu, each with the form that it opens."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from coordination.amendments.flow import AmendmentVerb
from coordination.referrals.flow import ReferralVerb
from coordination.tickets.acts import Act, acts_of, handled_by_another
from coordination.tickets.clocks.lights import Light
from coordination.tickets.flow import FLOW, Status, Verb
from coordination.tickets.kinds.base import Line
from coordination.tickets.reader import TicketReader
from coordination.tickets.urgency import Urgency
from coordination.tickets.waiting import reasons_of
from coordination.workbench.ticket.admin_forms import VerbForm, lines_for, of_line
from coordination.workbench.ticket.likely import likely, main_of
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
    Verb.COMMENT: "m", Verb.SIGN_OFF: "n", Verb.COUNTERSIGN: "c", ReferralVerb.REFER: "h",
    Verb.EXTEND: "y", Verb.URGE: "g",
}  # fmt: skip


# Verbs offered by buttons in the rows of a panel.
_IN_ROWS: Final = frozenset({Verb.RELEASE, Verb.UNLINK, Verb.DETACH})


# Verbs that have a page of their own.
_OWN_PAGES: Final[dict[str, str]] = {
    AmendmentVerb.AMEND: "ticket_amend", AmendmentVerb.PROPOSE: "ticket_amend",
}  # fmt: skip

# Verbs that add something to the ticket and decide nothing; a group of the menu.
_ADDING: Final = frozenset({
    Verb.COMMENT, Verb.ATTACH, Verb.ASSIST, Verb.LINK, AmendmentVerb.AMEND, AmendmentVerb.PROPOSE,
})  # fmt: skip


@dataclass(frozen=True)
class Action:
    """An act of the page: its form, or its page, or why it cannot be done now."""

    verb: str
    label: str
    tone: str
    form: VerbForm | None
    is_open: bool = False
    address: str = ""  # of the page of its own, instead of a form
    barred: str = ""
    used: str = ""  # how much of a limit

    @property
    def key(self) -> str:
        """Its keyboard shortcut; empty if it has none."""
        return KEYS.get(self.verb, "")

    @property
    def why(self) -> str:
        """Why it cannot be done, without a full stop."""
        return self.barred.rstrip(".。")

    @property
    def is_at_once(self) -> bool:
        """Whether it asks for nothing, so that the button does it."""
        return self.form is not None and not self.form.visible_fields()


@dataclass(frozen=True)
class Group:
    """Acts that stand together in the menu."""

    label: str
    actions: list[Action]


@dataclass(frozen=True)
class Acts:
    """The acts of a page: the few most likely next, and all others in the groups of one menu."""

    first: list[Action]
    groups: list[Group]
    main: str  # the verb of the one solid button, if there is one
    note: str  # why something that one would look for is not there

    @property
    def every(self) -> list[Action]:
        """Those that can be done now, and those that cannot."""
        return [*self.first, *(action for group in self.groups for action in group.actions)]

    @property
    def able(self) -> list[Action]:
        """Those that can be done now."""
        return [action for action in self.every if not action.barred]

    @property
    def forms(self) -> list[Action]:
        """Those that open a form, or send it at once."""
        return [action for action in self.able if action.form is not None]


def acts(reader: TicketReader, refused: VerbForm | None = None) -> Acts:
    """Every act of the reader on the ticket; a refused one is open, with the typed values."""
    ticket, lines, capacities = reader.ticket, reader.lines, reader.capacities
    waits = reasons_of(ticket, reader.viewpoint) if capacities else []
    asked_for = [verb for each in waits for verb in (each.act(ticket), each.refusal) if verb]
    in_rows = _IN_ROWS.union(*(room.verb_pages.in_rows for room in rooms())) - set(asked_for)
    given = [act for act in acts_of(ticket, reader.officer, capacities) if act.verb not in in_rows]
    found = {
        act.verb: _action(act, reader, refused)
        for act in given
        if act.barred or lines_for(act.verb, lines) or not of_line(act.verb)
    }
    if refused is not None and refused.verb not in found:
        found = {refused.verb: _action(Act(refused.verb), reader, refused), **found}
    offered = [verb for verb, action in found.items() if not action.barred]
    first = likely(ticket, lines, [verb for verb in asked_for if verb in offered], offered)
    note = handled_by_another(ticket, capacities) or _lacking(found, lines)
    main = main_of(ticket, first)
    return Acts([found[verb] for verb in first], _groups(found, first), main, note)


def _groups(found: Mapping[str, Action], first: Collection[str]) -> list[Group]:
    rest = [action for verb, action in found.items() if verb not in first]
    may = [action for action in rest if not action.barred]
    danger = [action for action in may if action.tone == "danger"]
    adding = [action for action in may if action.verb in _ADDING]
    steps = [action for action in may if action not in danger and action not in adding]
    barred = [action for action in rest if action.barred]
    groups = [
        Group(gettext("Steps"), steps), Group(gettext("Adding to it"), adding),
        Group(gettext("Ending it"), danger), Group(gettext("Not possible now"), barred),
    ]  # fmt: skip
    return [group for group in groups if group.actions]


def _lacking(found: Mapping[str, Action], lines: Sequence[Line]) -> str:
    """Which lines are not settled, where the ticket could otherwise be resolved."""
    action = found.get(Verb.RESOLVE)
    open_lines = [str(line.position) for line in lines if not line.is_settled]
    if action is None or action.barred or not open_lines:
        return ""
    return ngettext(
        "Line %(lines)s is not met in full: to resolve it, say why.",
        "Lines %(lines)s are not met in full: to resolve it, say why.",
        len(open_lines),
    ) % {"lines": gettext(", ").join(open_lines)}


def _action(act: Act, reader: TicketReader, refused: VerbForm | None) -> Action:
    verb = act.verb
    label, tone = FLOW.label_of(verb), FLOW[verb].tone
    if refused is not None and verb == refused.verb:
        return Action(verb, label, tone, refused, is_open=True)
    if act.barred:
        return Action(verb, label, tone, None, barred=act.barred)
    if verb in _OWN_PAGES:
        address = reverse(f"admin:{_OWN_PAGES[verb]}", args=[reader.ticket.pk])
        return Action(verb, label, tone, None, address=address)
    form = VerbForm(verb, reader)
    return Action(verb, label, tone, form, used=act.used)


def shortcuts() -> list[tuple[str, str]]:
    """The keyboard shortcuts with their verbs, for the page that lists them."""
    return [(key, FLOW.label_of(verb)) for verb, key in KEYS.items()]
