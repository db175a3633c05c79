"""更正: the enterprise amends its ticket before acceptance, and proposes it afterwards."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.amendments.changes import Amended, amended, inputs_of
from coordination.amendments.flow import AmendmentVerb
from coordination.amendments.queries import Change, changes_of, label_of, open_proposal
from coordination.staff.models import Officer
from coordination.tickets.chain import Person
from coordination.tickets.filed import written
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import LineRevision, Ticket, TicketEvent
from coordination.tickets.search.write import make_findable_again
from coordination.tickets.step import Step, require_text, step
from projects.record.refusals import FieldError, Invalid, NotAllowed
from projects.record.writing import update

type Lines = Sequence[Mapping[str, Any]]


def amend(
    *,
    ticket: Ticket,
    changes: Mapping[str, Any] | None = None,
    lines: Lines = (),
    note: str = "",
    version: int | None = None,
    by: Person,
) -> Ticket:
    """更正 before acceptance: the ticket's title, detail, contact, needed_by, its lines' fields.

    By the enterprise, or an officer on its behalf. A proposal that still waits is superseded.
    Raises Invalid with every mistake, at ``("lines", index, field)`` for a line's, and where
    nothing would change.
    """
    text = require_text(note=note) if note.strip() else {}
    with step(AmendmentVerb.AMEND, ticket=ticket, version=version, by=by) as this:
        found = _require_change(amended(this.ticket, changes or {}, lines, this.at))
        this.payload = _said(found)
        this.text = {**text, **_said_in_words(found), **_written(found)}
        this.payload |= withdraw_proposal(this.ticket, this.at)
        _apply(this, found)
    return this.ticket


def propose_amendment(
    *,
    ticket: Ticket,
    changes: Mapping[str, Any] | None = None,
    lines: Lines = (),
    reason: str,
    version: int | None = None,
    by: Person,
) -> Ticket:
    """申请更正 after acceptance: nothing changes until the handler adopts it.

    By the enterprise, or an officer on its behalf; a new proposal replaces one that waits. Raises
    Invalid as ``amend`` does.
    """
    text = require_text(reason=reason)
    with step(AmendmentVerb.PROPOSE, ticket=ticket, version=version, by=by) as this:
        found = _require_change(amended(this.ticket, changes or {}, lines, this.at))
        this.payload = {"changed": _changed(found)}
        this.text = {**text, **_said_in_words(found)}
        this.ticket.amendment_proposed = True
    return this.ticket


def adopt_amendment(*, ticket: Ticket, version: int | None = None, by: Officer) -> Ticket:
    """采纳更正: what is proposed becomes the ticket's.

    By the handler or the group lead. Raises Invalid by ``amendment`` for each proposed value that
    the rules no longer allow, NotAllowed where it cannot be read.
    """
    with step(AmendmentVerb.ADOPT, ticket=ticket, version=version, by=by) as this:
        proposal = _proposal_of(this.ticket)
        own, lines = inputs_of(this.ticket.kind, changes := changes_of(proposal))
        if not changes:
            raise NotAllowed(_("What was proposed cannot be read any more."))
        found = _still_right(this, own, lines)
        this.payload = {"proposal": proposal.seq, **_said(found)}
        this.text = {**_said_in_words(found), **_written(found)}
        this.ticket.amendment_proposed = False
        _apply(this, found)
    return this.ticket


def reject_amendment(
    *, ticket: Ticket, reason: str, version: int | None = None, by: Officer
) -> Ticket:
    """不予更正, with the reason that the enterprise reads. By the same."""
    text = require_text(reason=reason)
    with step(AmendmentVerb.REJECT, ticket=ticket, version=version, by=by) as this:
        this.payload = {"proposal": _proposal_of(this.ticket).seq}
        this.text = dict(text)
        this.ticket.amendment_proposed = False
    return this.ticket


def withdraw_proposal(ticket: Ticket, _at: datetime) -> dict[str, Any]:
    """Close an open proposal of a locked ticket; return what its event says of that."""
    if not ticket.amendment_proposed:
        return {}
    ticket.amendment_proposed = False
    return {"proposal_withdrawn": True}


def retell(ticket: Ticket, event: TicketEvent) -> None:
    """Do to the ticket what its event says of a proposal."""
    answers = {AmendmentVerb.ADOPT, AmendmentVerb.REJECT}
    if event.verb == AmendmentVerb.PROPOSE:
        ticket.amendment_proposed = True
    elif event.verb in answers or "proposal_withdrawn" in event.payload:
        ticket.amendment_proposed = False


def _proposal_of(ticket: Ticket) -> TicketEvent:
    proposal = open_proposal(ticket)
    if proposal is None:
        raise RuntimeError("no amendment is proposed")
    return proposal


def _require_change(found: Amended) -> Amended:
    if not found.changes:
        raise Invalid([FieldError((), _("Nothing would change."), "unchanged")])
    return found


def _still_right(this: Step, own: Mapping[str, Any], lines: Lines) -> Amended:
    """The proposed values, checked again; each mistake names its field in words."""
    try:
        return amended(this.ticket, own, lines, this.at)
    except Invalid as refused:
        raise Invalid([
            FieldError(("amendment",), _in_words(this.ticket, lines, each), each.code)
            for each in refused.errors
        ]) from refused  # fmt: skip


def _in_words(ticket: Ticket, lines: Lines, error: FieldError) -> str:
    name, position = str(error.path[-1]), None
    if error.path[0] == "lines":
        position = lines[int(error.path[1])]["position"]
    label = label_of(ticket.kind, Change(position, name, None, None))
    return gettext("%(field)s: %(message)s") % {"field": label, "message": error.message}


def _apply(this: Step, found: Amended) -> None:
    """Save the new values, and what lines asked for before."""
    names = tuple(each.field for each in found.changes if each.line is None)
    for name in names:
        setattr(this.ticket, name, getattr(found.ticket, name))
    if names:
        update(this.ticket, names)
    for line in found.lines:
        line.outcome = line.judged()
        line.save()
    this.also.append(lambda event: _record_revisions(this, found, event))
    make_findable_again(this.ticket)


def _record_revisions(this: Step, found: Amended, event: TicketEvent) -> None:
    LineRevision.objects.bulk_create(
        LineRevision(
            event=event, ticket=this.ticket, kind=this.ticket.kind, line=position, asked=asked,
            unit=unit, recorded_at=this.at,
        )
        for position, (asked, unit) in found.asked_before.items()
    )  # fmt: skip


def _changed(found: Amended) -> list[list[Any]]:
    """Which fields, without what was in them."""
    return [[each.line, each.field] for each in found.changes]


def _said(found: Amended) -> dict[str, Any]:
    """The payload: the changed fields, quantities that are asked now, codes of warnings."""
    kind = KINDS[found.ticket.kind]
    warned = [
        [found.lines[int(each.path[1])].position, each.path[2], each.code]
        for each in kind.warn(found.lines, found.ticket.filed_at)
    ]
    asked = [
        [line.position, format(line.asked.normalize(), "f"), line.unit]
        for line in found.lines if line.position in found.asked_before
    ]  # fmt: skip
    said = {"changed": _changed(found), "asked": asked, "warned": warned}
    return {name: value for name, value in said.items() if value}


def _written(found: Amended) -> dict[str, Any]:
    is_of_ticket = any(each.line is None for each in found.changes)
    return written(found.ticket if is_of_ticket else None, found.lines)


def _said_in_words(found: Amended) -> dict[str, Any]:
    return {"changes": [list(each) for each in found.changes]}
