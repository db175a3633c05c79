"""Who may do what with an issue, and the engine that does it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy, pgettext

from coordination.bulletins.issues.addresses import order_of
from coordination.bulletins.issues.flow import FLOW, Capacity
from coordination.bulletins.issues.queries import (
    earlier_unpublished,
    edited,
    first_missing_before,
    has_newer_edition,
    has_signed_successor,
    missing_blocks,
)
from coordination.bulletins.issues.topics import WAITS
from coordination.bulletins.models import Issue, IssueEvent, IssueText, IssueVerb
from coordination.delivery.announce import Announcement, Message, announced
from coordination.staff.models import Officer, Role
from projects.flow.actors import Actors, Barred, System
from projects.flow.chain import Chain
from projects.flow.step import Machine, Step
from projects.record.writing import Rows

type Actor = Officer | System
type IssueStep = Step[Issue, IssueEvent]

_EDITS: Final = frozenset({Role.DUTY_DESK, Role.DIRECTOR})


def capacities(_issue: Issue, by: Actor) -> frozenset[str]:
    """In which capacities somebody acts on issues; empty if he only reads them."""
    if isinstance(by, System):
        return frozenset({Capacity.SYSTEM})
    if not by.is_active or by.role not in _EDITS:
        return frozenset()
    signs = by.role == Role.DIRECTOR
    return frozenset({Capacity.EDITOR, *({Capacity.SIGNER} if signs else ())})


def _columns(by: Actor) -> dict[str, Any]:
    return {"by_system": True} if isinstance(by, System) else {"officer": by}


def _own_words(issue: Issue, by: Actor) -> Barred | None:
    """Whoever worded an issue, now or before another did, does not review it."""
    if isinstance(by, System) or not edited(issue, by):
        return None
    return Barred(gettext_lazy("You edited its words, so another officer reviews it."))


def _not_yet(issue: Issue, _by: Actor) -> Barred | None:
    """Weekly issues are numbered in the order of their weeks, extra ones as they are signed."""
    if issue.is_extra:
        return None
    earlier = earlier_unpublished(issue)
    cut_off = earlier.bulletin.cut_off if earlier else first_missing_before(issue)
    if cut_off is None:
        return None
    day = timezone.localdate(cut_off)
    return Barred(
        gettext_lazy("The issue of %(day)s comes first: publish it before this one.")
        % {"day": day.isoformat()}
    )


def _replaced(issue: Issue, _by: Actor) -> Barred | None:
    if not has_newer_edition(issue):
        return None
    return Barred(gettext_lazy("There is a newer edition of it already."))


def _first_edition(issue: Issue, _by: Actor) -> Barred | None:
    """A week has its bulletin: its first edition is corrected, never given up."""
    if issue.edition > 1 or issue.is_extra:
        return None
    return Barred(gettext_lazy("The first edition of a week cannot be discarded."))


def _overtaken(issue: Issue, _by: Actor) -> Barred | None:
    """What is replaced is not sent out any more."""
    if not has_signed_successor(issue):
        return None
    return Barred(gettext_lazy("A newer edition of it is in force; distribute that one."))


def _has_every_block(issue: Issue, _by: Actor) -> Barred | None:
    if missing_blocks(issue.bulletin):
        return None
    return Barred(gettext_lazy("It has every block that is counted today."))


_WEEKLY_TITLES: Final = {
    IssueVerb.DRAFT: gettext_lazy(
        "The bulletin of the week to %(day)s is drafted, for your review"
    ),
    IssueVerb.REVIEW: gettext_lazy("The bulletin of the week to %(day)s waits for your signature"),
    IssueVerb.SEND_BACK: gettext_lazy("The bulletin of the week to %(day)s was sent back"),
    IssueVerb.DISCARD: gettext_lazy(
        "Edition %(edition)s of the bulletin of the week to %(day)s was discarded"
    ),
}
_EXTRA_TITLES: Final = {
    IssueVerb.DRAFT: gettext_lazy("The extra issue up to %(day)s is drafted, for your review"),
    IssueVerb.REVIEW: gettext_lazy("The extra issue up to %(day)s waits for your signature"),
    IssueVerb.SEND_BACK: gettext_lazy("The extra issue up to %(day)s was sent back"),
    IssueVerb.DISCARD: gettext_lazy(
        "Edition %(edition)s of the extra issue up to %(day)s was discarded"
    ),
}


def _message(verb: str, issue: Issue) -> Message:
    """What officers are told of the verb, in the centre's own language."""
    with translation.override("zh-hans"):
        day = date_format(
            timezone.localtime(issue.bulletin.cut_off), pgettext("day of a bulletin", "N j, Y")
        )
        titles = _EXTRA_TITLES if issue.is_extra else _WEEKLY_TITLES
        title = str(titles[IssueVerb(verb)]) % {"day": day, "edition": issue.edition}
    link = reverse("admin:bulletins_issue_change", args=[issue.pk])
    return Message(WAITS, title, title, link, order_key=order_of(issue))


def _told(verb: str, by: Actor) -> frozenset[int]:
    roles = {
        IssueVerb.DRAFT: [Role.DUTY_DESK, Role.DIRECTOR], IssueVerb.REVIEW: [Role.DIRECTOR],
        IssueVerb.SEND_BACK: [Role.DUTY_DESK],
        IssueVerb.DISCARD: [Role.DUTY_DESK, Role.DIRECTOR],
    }.get(IssueVerb(verb), [])  # fmt: skip
    officers = Officer.objects.filter(is_active=True, role__in=roles)
    if isinstance(by, Officer):
        officers = officers.exclude(pk=by.pk)
    return frozenset(officers.values_list("pk", flat=True))


def _rows_along(
    verbs: Sequence[tuple[str, Issue]], /, *, at: datetime, by: Actor
) -> Sequence[Rows]:
    told = [(verb, issue, _told(verb, by)) for verb, issue in verbs]
    messages = [
        Announcement(_message(verb, issue), officers, None)
        for verb, issue, officers in told if officers
    ]  # fmt: skip
    return announced(messages, at=at) if messages else ()


ACTORS: Final = Actors[Issue, Actor](
    flow=FLOW, capacities=capacities, columns=_columns,
    bars={
        IssueVerb.REVIEW: _own_words, IssueVerb.PUBLISH: _not_yet,
        IssueVerb.SUPERSEDE: _replaced, IssueVerb.DISTRIBUTE: _overtaken,
        IssueVerb.DISCARD: _first_edition, IssueVerb.SUPPLEMENT: _has_every_block,
    },
)  # fmt: skip
CHAIN: Final = Chain[Issue, IssueEvent, Actor](
    event=IssueEvent, words=IssueText, actors=ACTORS, rows_along=_rows_along
)
MACHINE: Final = Machine[Issue, IssueEvent, Actor, IssueStep](chain=CHAIN, step_type=Step)
