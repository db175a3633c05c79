"""Every status × verb × actor, against the table."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from coordination.amendments.flow import AmendmentVerb
from coordination.escalation.flow import EscalationVerb
from coordination.parties.models import Department
from coordination.referrals.flow import ReferralVerb
from coordination.referrals.models import Referral
from coordination.staff.models import Officer
from coordination.tickets.flow import FLOW, OPEN, Status, Verb
from coordination.tickets.models import Relation, Ticket, TicketEvent, TicketLink
from coordination.tickets.queries import allowed_verbs
from coordination.tickets.verbs.registry import VERBS, perform
from projects.flow.models import Transition
from projects.record.audit import audit
from projects.record.clock import now
from projects.record.refusals import Missing, NotAllowed
from tests.coordination.tickets.verb_inputs import ATTACHING, OF_A_REFERRAL, inputs_for
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db


ROUTES: dict[str, list[tuple[str, str]]] = {
    Status.SUBMITTED: [],
    Status.IN_PROGRESS: [(Verb.ACCEPT, "liaison")],
    Status.NEED_INFO: [(Verb.ASK, "liaison")],
    Status.RESOLVED: [(Verb.ACCEPT, "liaison"), (Verb.RESOLVE, "liaison")],
    Status.CLOSED: [(Verb.ACCEPT, "liaison"), (Verb.RESOLVE, "liaison"), (Verb.CONFIRM, "key")],
    Status.DECLINED: [(Verb.DECLINE, "liaison")],
    Status.WITHDRAWN: [(Verb.WITHDRAW, "key")],
}


def attached(ticket: Ticket, at: Desk, *people: str) -> None:
    for who in people:
        perform(Verb.ATTACH, ticket=ticket, by=getattr(at, who), **inputs_for(Verb.ATTACH, at))


def bring(at: Desk, status: str, *, attaching: tuple[str, ...] = ()) -> Ticket:
    """A ticket in that status, come to it by verbs."""
    ticket = filed(at)
    attached(ticket, at, *attaching)
    for verb, who in ROUTES[status]:
        ticket = perform(verb, ticket=ticket, by=getattr(at, who), **inputs_for(verb, at))
    assert ticket.status == status
    if status in OPEN:  # somebody of another group helps with it
        perform(Verb.ASSIST, ticket=ticket, by=at.lead, officer=at.helper)
        ticket.refresh_from_db()
    return ticket


# Who is who to a ticket of the desk's own group; written out apart from the code under test.
HANDLING = {"liaison", "deputy", "lead"}
MAY: dict[str, set[str]] = {
    Verb.ACCEPT: HANDLING,
    Verb.FULFIL: {*HANDLING, "helper"},
    Verb.REFUSE: HANDLING,
    Verb.LINK: {*HANDLING, "duty_desk", "director"},
    Verb.UNLINK: {*HANDLING, "duty_desk", "director"},
    Verb.DUPLICATE: HANDLING,
    Verb.REVIVE: {*HANDLING, "duty_desk", "key"},
    Verb.RECONSIDER: HANDLING,
    Verb.ADD_LINES: {"liaison", "deputy", "lead", "duty_desk", "director", "key"},
    Verb.RESOLVE: HANDLING,
    Verb.ASK: HANDLING,
    Verb.SUPPLEMENT: {"liaison", "deputy", "lead", "duty_desk", "director", "key"},
    Verb.CONFIRM: {"key"},
    Verb.WRITE_OFF: {"lead", "duty_desk", "director"},
    Verb.SIGN_OFF: {"lead", "duty_desk", "director"},
    Verb.COUNTERSIGN: {"duty_desk", "director"},
    Verb.REDO: {"key", "lead", "duty_desk", "director"},
    Verb.REOPEN: {"lead"},
    Verb.PASS_ON: HANDLING,
    Verb.DECLINE: HANDLING,
    Verb.WITHDRAW: {"key"},
    Verb.COMMENT: {"key", "liaison", "deputy", "lead", "duty_desk", "director", "helper"},
    Verb.ATTACH: {"key", "liaison", "deputy", "lead", "duty_desk", "director", "helper"},
    Verb.DETACH: {"key", "liaison", "deputy", "lead", "duty_desk", "director", "helper"},
    Verb.ASSIST: HANDLING,
    Verb.RELEASE: {*HANDLING, "helper"},
    Verb.URGE: {"key", "duty_desk", "director"},
    Verb.SUPERVISE: {"duty_desk", "director"},
    Verb.LAPSE: {"system"},
    Verb.RECKON_AGAIN: {"system"},
    EscalationVerb.ESCALATE: {"system"},
    EscalationVerb.EXPLAIN: HANDLING,
    Verb.REGRADE: {"lead"},
    Verb.EXTEND: HANDLING,
    Verb.GRANT: {"lead", "director"},
    Verb.DENY: {"lead", "director"},
    ReferralVerb.REFER: HANDLING,
    ReferralVerb.ANSWER_REFERRAL: {"system"},
    ReferralVerb.CHASE: {*HANDLING, "system"},
    ReferralVerb.RECALL: HANDLING,
    AmendmentVerb.AMEND: {"liaison", "deputy", "lead", "duty_desk", "director", "key"},
    AmendmentVerb.PROPOSE: {"liaison", "deputy", "lead", "duty_desk", "director", "key"},
    AmendmentVerb.ADOPT: HANDLING,
    AmendmentVerb.REJECT: HANDLING,
}
OPEN_NOW = ("submitted", "in_progress", "need_info", "resolved")
RUNNING = {each: each for each in ("submitted", "in_progress", "need_info")}
EVER = {status: status for status in Status.values}
OPENED = {status: status for status in OPEN_NOW}
WORKED = {"in_progress": "in_progress"}
OURS = {"submitted": "submitted", "in_progress": "in_progress"}
TARGETS: dict[str, dict[str, str]] = {
    Verb.FULFIL: WORKED, Verb.REFUSE: WORKED, Verb.RECONSIDER: WORKED, Verb.EXTEND: WORKED,
    ReferralVerb.REFER: WORKED, AmendmentVerb.PROPOSE: WORKED, AmendmentVerb.ADOPT: WORKED,
    AmendmentVerb.REJECT: WORKED,
    Verb.LINK: EVER, Verb.UNLINK: EVER, Verb.COMMENT: EVER, Verb.DETACH: EVER,
    Verb.RECKON_AGAIN: EVER,
    Verb.ATTACH: OPENED, Verb.ASSIST: OPENED, Verb.RELEASE: OPENED,
    Verb.URGE: OURS, EscalationVerb.ESCALATE: OURS, EscalationVerb.EXPLAIN: OURS,
    Verb.SUPERVISE: RUNNING, Verb.REGRADE: RUNNING, Verb.GRANT: RUNNING, Verb.DENY: RUNNING,
    ReferralVerb.ANSWER_REFERRAL: RUNNING, ReferralVerb.CHASE: RUNNING,
    ReferralVerb.RECALL: RUNNING,
    Verb.ACCEPT: {"submitted": "in_progress"},
    Verb.DUPLICATE: dict.fromkeys(("submitted", "need_info", "in_progress"), "declined"),
    Verb.REVIVE: {"declined": "submitted"},
    Verb.ADD_LINES: {
        "submitted": "submitted", "in_progress": "in_progress", "need_info": "need_info",
    },
    Verb.RESOLVE: {"in_progress": "resolved"},
    Verb.ASK: {"submitted": "need_info", "in_progress": "need_info"},
    Verb.SUPPLEMENT: {"need_info": "submitted"},
    Verb.CONFIRM: {"resolved": "closed"},
    Verb.WRITE_OFF: {"resolved": "closed"},
    Verb.SIGN_OFF: {"resolved": "resolved"},
    Verb.COUNTERSIGN: {"resolved": "closed"},
    Verb.REDO: {"resolved": "in_progress"},
    Verb.REOPEN: {"closed": "in_progress", "declined": "in_progress"},
    Verb.PASS_ON: {"submitted": "submitted", "in_progress": "submitted"},
    Verb.DECLINE: {"submitted": "declined", "need_info": "declined"},
    Verb.WITHDRAW: {
        "submitted": "withdrawn", "need_info": "withdrawn", "in_progress": "withdrawn",
    },
    Verb.LAPSE: {"need_info": "submitted"},
    # It was asked before anybody accepted it.
    AmendmentVerb.AMEND: {"submitted": "submitted", "need_info": "need_info"},
}  # fmt: skip
ACTORS = (
    "liaison", "deputy", "lead", "other_liaison", "other_lead", "duty_desk", "director",
    "auditor", "key", "helper", "system",
)  # fmt: skip


def make_ready(verb: str, ticket: Ticket, at: Desk) -> int:
    """What must have been done before; how many events that took."""
    first: dict[str, str] = {
        Verb.RECONSIDER: Verb.REFUSE, Verb.UNLINK: Verb.LINK,
        AmendmentVerb.ADOPT: AmendmentVerb.PROPOSE, AmendmentVerb.REJECT: AmendmentVerb.PROPOSE,
    }  # fmt: skip
    before = first.get(verb)
    if before is None:
        return 0
    perform(before, ticket=ticket, by=at.liaison, **inputs_for(before, at))
    return 1


def ripen(verb: str, ticket: Ticket, at: Desk) -> Ticket:
    """Let the ticket's past not stand in the way: the answer is late, an extension asked for.

    What was ever red takes two signatures, the first of them by another lead than the desk's.
    """
    rows = Ticket.objects.filter(pk=ticket.pk)
    rows.update(ever_red=verb in {Verb.SIGN_OFF, Verb.COUNTERSIGN, Verb.REDO})
    if verb in {Verb.COUNTERSIGN, Verb.REDO}:
        signed = {"signed_off_by": at.other_lead, "signed_off_at": now()}
        rows.filter(status=Status.RESOLVED).update(**signed)
    if verb is Verb.REVIVE:
        original = perform(Verb.WITHDRAW, ticket=filed(at), by=at.key, reason="已自行解决")
        TicketLink.objects.create(
            source=ticket, target=original, relation=Relation.DUPLICATE_OF, linked_at=now()
        )
    waiting: dict[str, dict[str, Any]] = {
        Verb.LAPSE: {"answer_due": now()}, Verb.RECKON_AGAIN: {"awaits_year": now().year},
        Verb.GRANT: {"extension_asked": 1}, Verb.DENY: {"extension_asked": 1},
        AmendmentVerb.ADOPT: {"amendment_proposed": True},
        AmendmentVerb.REJECT: {"amendment_proposed": True},
    }  # fmt: skip
    if verb in waiting:
        rows.update(**waiting[verb])
    if verb in {EscalationVerb.ESCALATE, EscalationVerb.EXPLAIN}:
        long_ago = now() - timedelta(days=20)
        rows.update(accept_due=long_ago)
        rows.exclude(due_at=None).update(due_at=long_ago)
    if verb in OF_A_REFERRAL:  # long overdue, so that the clockwork chases too
        long_ago = now() - timedelta(days=20)
        Referral.objects.create(
            event=ticket.events.get(seq=1), ticket=ticket, asked_at=long_ago, due_at=long_ago,
            department=Department.objects.all()[0], asked_by=Officer.objects.all()[0],
        )  # fmt: skip
    return rows.get()


# Verbs before which the ticket is changed; before all others it is as it was brought.
PREPARED = {
    Verb.SIGN_OFF, Verb.COUNTERSIGN, Verb.REDO, Verb.LAPSE, Verb.RECKON_AGAIN, Verb.GRANT,
    Verb.DENY, EscalationVerb.ESCALATE, EscalationVerb.EXPLAIN, Verb.RECONSIDER, Verb.UNLINK,
    Verb.REVIVE, *OF_A_REFERRAL, AmendmentVerb.ADOPT, AmendmentVerb.REJECT,
}  # fmt: skip
type Offers = dict[tuple[str | None, str], set[str]]


def offered(verb: str, who: str, ticket: Ticket, at: Desk, known: Offers) -> bool:
    """Whether he is offered the verb; asked once for all verbs before which nothing changes."""
    key = verb if verb in PREPARED else None, who
    if key not in known:
        known[key] = set(allowed_verbs(ticket, getattr(at, who)))
    return verb in known[key]


def seen(ticket: Ticket) -> tuple[Any, ...]:
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    return (*row.values(), TicketEvent.objects.filter(ticket=ticket).count())


def refuses(verb: str, who: str, ticket: Ticket, at: Desk) -> bool:
    """Whether the verb is refused to him."""
    try:
        perform(verb, ticket=ticket, by=getattr(at, who), **inputs_for(verb, at, who))
    except (NotAllowed, Missing):
        return True
    return False


@pytest.mark.parametrize("status", Status.values)
def test_every_verb_by_every_actor(status: str) -> None:
    at = desk()
    ticket = bring(at, status, attaching=ATTACHING[:-1])
    if status in OPEN:
        attached(ticket, at, "helper")
    untouched = seen(ticket)
    offers: Offers = {}
    for verb in VERBS:
        able = {who for who in MAY[verb] if status in TARGETS[verb]}
        if status not in OPEN_NOW:  # he helps as long as it is open
            able.discard("helper")
        with transaction.atomic():
            ticket = ripen(verb, ticket, at)
            before = seen(ticket)
            for who in set(ACTORS) - able:
                assert refuses(verb, who, ticket, at), (verb, who)
                assert not offered(verb, who, ticket, at, offers), (verb, who)
            assert seen(ticket) == before, verb
            for who in able:
                with transaction.atomic():
                    earlier = make_ready(verb, ticket, at)
                    assert offered(verb, who, ticket, at, offers), (verb, who)
                    actor = getattr(at, who)
                    after = perform(verb, ticket=ticket, by=actor, **inputs_for(verb, at, who))
                    assert after.status == TARGETS[verb][status], (verb, who)
                    events = TicketEvent.objects.filter(ticket=ticket).count()
                    assert events == before[-1] + earlier + 1, (verb, who)
                    transaction.set_rollback(True)
            transaction.set_rollback(True)
    assert seen(ticket) == untouched


def test_an_answer_leads_back_to_where_it_was_asked() -> None:
    at = desk()
    ticket = bring(at, Status.IN_PROGRESS)
    ticket = perform(Verb.ASK, ticket=ticket, by=at.liaison, question="?")
    ticket = perform(Verb.SUPPLEMENT, ticket=ticket, by=at.key, answer="!")
    assert ticket.status == Status.IN_PROGRESS


def test_asked_twice_and_no_more() -> None:
    at = desk()
    ticket = bring(at, Status.IN_PROGRESS)
    for _round in range(2):
        ticket = perform(Verb.ASK, ticket=ticket, by=at.liaison, question="?")
        ticket = perform(Verb.SUPPLEMENT, ticket=ticket, by=at.key, answer="!")
    before = seen(ticket)
    with pytest.raises(NotAllowed):
        perform(Verb.ASK, ticket=ticket, by=at.liaison, question="?")
    assert seen(ticket) == before


def test_who_resolved_it_never_writes_it_off() -> None:
    at = desk()
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.lead)
    ticket = perform(Verb.RESOLVE, ticket=ticket, by=at.lead, result="已放行", reasons={1: "改道"})
    before = seen(ticket)
    with pytest.raises(NotAllowed):
        perform(Verb.WRITE_OFF, ticket=ticket, by=at.lead, follow_up="属实")
    assert seen(ticket) == before
    assert perform(
        Verb.WRITE_OFF, ticket=ticket, by=at.director, follow_up="属实"
    ).status == Status.CLOSED  # fmt: skip


def test_the_third_time_the_duty_desk_rules_finally() -> None:
    at = desk()
    there, back = at.other_group, at.group
    ticket = perform(Verb.PASS_ON, ticket=filed(at), by=at.liaison, reason="a", group=there)
    assert (ticket.group, ticket.handler, ticket.pass_count) == (there, None, 1)
    ticket = perform(Verb.PASS_ON, ticket=ticket, by=at.other_liaison, reason="b", group=back)
    with pytest.raises(NotAllowed):
        perform(Verb.PASS_ON, ticket=ticket, by=at.liaison, reason="c", group=there)
    ticket = perform(Verb.PASS_ON, ticket=ticket, by=at.duty_desk, reason="c", group=there)
    assert (ticket.group, ticket.pass_count) == (there, 3)
    for actor in (at.other_liaison, at.duty_desk):
        with pytest.raises(NotAllowed):
            perform(Verb.PASS_ON, ticket=ticket, by=actor, reason="d", group=back)


def test_the_table_names_every_transition_once() -> None:
    steps = list(FLOW.transitions())
    assert len(steps) == len(set(steps))
    assert {verb for verb, _source, _target in steps} == {str(verb) for verb in FLOW}


def test_the_database_allows_the_same_transitions() -> None:
    rows = Transition.objects.filter(flow="ticket").values_list("verb", "source", "target")
    assert sorted(rows) == sorted(FLOW.transitions())


def test_the_application_may_not_add_a_transition() -> None:
    before = Transition.objects.count()
    with pytest.raises(ProgrammingError), transaction.atomic():
        Transition.objects.create(flow="ticket", verb="accept", source="closed", target="closed")
    assert Transition.objects.count() == before


def test_the_chain_holds_through_a_whole_history() -> None:
    at = desk()
    ticket = bring(at, Status.CLOSED)
    ticket = perform(Verb.REOPEN, ticket=ticket, by=at.lead, reason="再次受阻")
    perform(Verb.COMMENT, ticket=ticket, by=at.lead, text="内部", internal=True)
    assert list(audit()) == []
    assert [event.verb for event in ticket.events.all()] == [
        "submit", "accept", "resolve", "confirm", "reopen", "comment",
    ]  # fmt: skip
