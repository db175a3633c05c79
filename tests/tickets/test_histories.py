"""Any history of verbs by anyone: the chain holds, and the status is the last event's."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.tickets.anchors import audit
from coordination.tickets.flow import FLOW, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries import allowed_verbs
from coordination.tickets.verbs import VERBS, perform
from projects.record.refusals import Invalid, Missing, NotAllowed
from tests.factories.coordination import Desk, desk, filed
from tests.tickets.test_flow import ACTORS, LINKING, inputs_for

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
        assert not offered or verb in {Verb.ESCALATE, Verb.CHASE}, (verb, who)
    except Invalid:
        # Nothing is left to meet or to refuse, or nothing was refused; he assists already, or not;
        # the department is asked already, was chased today, or has to answer first; the other
        # ticket is linked already, or not, or is no original.
        assert verb in {
            Verb.FULFIL, Verb.REFUSE, Verb.RECONSIDER, Verb.ASSIST, Verb.RELEASE, Verb.REFER,
            Verb.CHASE, Verb.RESOLVE, *LINKING,
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
@given(steps=STEPS)
def test_any_history_holds(steps: list[tuple[Verb, str]]) -> None:
    with transaction.atomic():
        at = desk()
        ticket = filed(at)
        for verb, who in steps:
            take(at, ticket, verb, who)
        ticket.refresh_from_db()
        events = list(ticket.events.all())
        assert ticket.status == events[-1].to_status
        assert [event.recorded_at for event in events] == sorted(
            event.recorded_at for event in events
        )
        for event in events[1:]:
            assert event.from_status in FLOW[Verb(event.verb)].sources
        assert list(audit()) == []
        transaction.set_rollback(True)
