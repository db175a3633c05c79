"""Any history of verbs by anyone: the chain holds, and the status is the last event's."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.escalation.flow import EscalationVerb
from coordination.referrals.flow import ReferralVerb
from coordination.tickets.flow import FLOW, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries import allowed_verbs
from coordination.tickets.verbs.registry import VERBS, perform
from projects.record.audit import audit
from projects.record.findings import Finding
from projects.record.refusals import Invalid, Missing, NotAllowed
from tests.coordination.tickets.test_flow import ACTORS
from tests.coordination.tickets.verb_inputs import inputs_for
from tests.factories.coordination import Desk, desk, filed

STEPS = st.lists(
    st.tuples(st.sampled_from(list(VERBS)), st.sampled_from(ACTORS)), min_size=5, max_size=25
)


def take(at: Desk, ticket: Ticket, verb: Verb, who: str) -> None:
    """One verb, which must succeed where it was offered and change nothing where it was not."""
    actor: Any = getattr(at, who)
    before = Ticket.objects.values().get(pk=ticket.pk), ticket.events.count()
    offered = verb in allowed_verbs(Ticket.objects.get(pk=ticket.pk), actor)
    inputs = inputs_for(verb, at)
    if verb is Verb.REGRADE and before[0]["urgency"] == "urgent":
        inputs["urgency"] = "normal"
    if verb is Verb.PASS_ON and before[0]["group_id"] == at.other_group.pk:
        inputs["group"] = at.group
    try:
        with transaction.atomic():
            perform(verb, ticket=ticket, by=actor, **inputs)
    except (NotAllowed, Missing):
        # Whether a step is due, these two ask the calendar besides.
        assert not offered or verb in {EscalationVerb.ESCALATE, ReferralVerb.CHASE}, (verb, who)
    except Invalid:
        # Nothing is left to meet or to refuse, or nothing was refused; he assists already, or not;
        # the two are linked already, or something was met of what would be a duplicate; the
        # department is asked already, was chased today, or has to answer first; there is no room
        # for another file, or none of his; what is proposed is decided before it is resolved.
        assert verb in {
            Verb.FULFIL, Verb.REFUSE, Verb.RECONSIDER, Verb.ASSIST, Verb.RELEASE, Verb.LINK,
            Verb.UNLINK, Verb.DUPLICATE, ReferralVerb.REFER, ReferralVerb.CHASE, Verb.RESOLVE,
            Verb.ATTACH, Verb.DETACH,
        }, (verb, who)  # fmt: skip
    else:
        assert offered, (verb, who)
        last = ticket.events.last()
        assert last is not None
        assert last.from_status == before[0]["status"]
        assert (last.verb, ticket.events.count()) == (verb, before[1] + 1)
        return
    assert (Ticket.objects.values().get(pk=ticket.pk), ticket.events.count()) == before


@pytest.mark.django_db
@settings(max_examples=15)
@given(steps=STEPS, red=st.booleans())
def test_any_history_holds(*, steps: list[tuple[Verb, str]], red: bool) -> None:
    with transaction.atomic():
        at = desk()
        ticket = filed(at)
        Ticket.objects.filter(pk=ticket.pk).update(ever_red=red)
        for verb, who in steps:
            take(at, ticket, verb, who)
        ticket.refresh_from_db()
        events = list(ticket.events.all())
        assert ticket.status == events[-1].to_status
        assert [event.recorded_at for event in events] == sorted(
            event.recorded_at for event in events
        )
        for event in events[1:]:
            assert event.from_status in FLOW[event.verb].sources
        made_red = [Finding("tickets.ticket", str(ticket.pk), "deadline")] if red else []
        assert list(audit()) == made_red  # which no event says
        transaction.set_rollback(True)
