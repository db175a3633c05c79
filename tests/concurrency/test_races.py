"""Real connections at one instant: one wins, the others are told so, and the record is whole."""

import uuid
from collections.abc import Callable
from functools import partial
from threading import Event

import pytest
from django.db import connection
from django.urls import reverse

from coordination.amendments.flow import AmendmentVerb
from coordination.delivery.models import Notice
from coordination.groups.models import Assignment
from coordination.groups.queries import members_of
from coordination.tickets.flow import Status, Verb
from coordination.tickets.kinds.vehicle_pass import VehiclePassLine
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.telling import MOVED
from coordination.tickets.verbs.handover import hand_over, take_on
from coordination.tickets.verbs.registry import perform
from projects.record.audit import audit
from projects.record.clock import change, now
from projects.record.refusals import NotAllowed, Stale
from tests.bed.races import Outcome, race
from tests.bed.stack import wait_for
from tests.coordination.intake.scene import client_with, filing
from tests.factories.coordination import Desk, desk, filed, project

pytestmark = pytest.mark.django_db(transaction=True)


def errors_of(outcomes: list[Outcome[object]]) -> list[type[Exception]]:
    return [type(each.error) for each in outcomes if each.error is not None]


def test_two_assign_one_project_and_one_wins() -> None:
    at = desk()
    for _round in range(5):
        site = project()
        actions: list[Callable[[], object]] = [
            partial(take_on, project=site, group=at.group, liaison=at.liaison, by=at.duty_desk),
            partial(
                take_on, project=site, group=at.other_group, liaison=at.other_liaison,
                by=at.director,
            ),
        ]  # fmt: skip
        assert errors_of(race(*actions)) == [NotAllowed]
        assert Assignment.objects.filter(project=site).count() == 1


def test_two_hand_over_one_project_and_no_gap_is_left() -> None:
    at = desk()
    ticket = filed(at)
    give = partial(hand_over, project=at.project, reason="调整", by=at.director)
    for _round in range(5):
        outcomes: list[Outcome[object]] = race(
            partial(give, group=at.other_group, liaison=at.other_liaison),
            partial(give, group=at.group, liaison=at.deputy),
            partial(give, group=at.group, liaison=at.liaison),
        )
        # Whoever would change nothing is told so (Invalid), whoever comes late is stale.
        assert any(each.error is None for each in outcomes)
        assert {kind.__name__ for kind in errors_of(outcomes)} <= {"Stale", "Invalid"}
    ranges = [row.during for row in Assignment.objects.filter(project=at.project).order_by("pk")]
    assert [each.upper for each in ranges[:-1]] == [each.lower for each in ranges[1:]]
    assert ranges[-1].upper is None
    assert list(audit()) == []
    ticket.refresh_from_db()
    last = Assignment.objects.get(project=at.project, during__upper_inf=True)
    assert (ticket.group_id, ticket.handler_id) == (last.group_id, last.liaison_id)


def test_twelve_accept_and_one_wins() -> None:
    at = desk()
    ticket = filed(at)
    people = (at.liaison, at.deputy, at.lead)
    outcomes = race(
        *(
            partial(perform, Verb.ACCEPT, ticket=ticket, by=people[number % 3])
            for number in range(12)
        )
    )
    winners = [each.result for each in outcomes if each.result is not None]
    assert [type(each.error) for each in outcomes if each.error] == [NotAllowed] * 11
    assert len(winners) == 1
    ticket.refresh_from_db()
    assert (ticket.status, ticket.version) == (Status.IN_PROGRESS, 3 - 1)
    assert ticket.handler_id == winners[0].handler_id
    assert TicketEvent.objects.filter(ticket=ticket, verb=Verb.ACCEPT).count() == 1


def test_a_lead_gives_away_what_others_accept_at_the_same_time() -> None:
    """One wins, and the event names who handles it from then on."""
    at = desk()
    ticket = filed(at)
    give = partial(perform, Verb.ACCEPT, ticket=ticket, handler=at.deputy, by=at.lead)
    own = partial(perform, Verb.ACCEPT, ticket=ticket, by=at.liaison)
    outcomes = race(*(give if number % 2 else own for number in range(8)))
    (winner,) = [each.result for each in outcomes if each.result is not None]
    assert [type(each.error) for each in outcomes if each.error] == [NotAllowed] * 7
    event = TicketEvent.objects.get(ticket=ticket, verb=Verb.ACCEPT)
    handler = at.deputy if event.officer == at.lead else at.liaison
    ticket.refresh_from_db()
    assert ticket.handler == winner.handler == handler
    assert event.payload["handler"] == handler.pk
    assert list(audit()) == []


def test_of_two_who_read_the_same_version_one_is_stale() -> None:
    at = desk()
    ticket = filed(at)
    say = partial(perform, Verb.COMMENT, ticket=ticket, version=ticket.version, text="到场")
    outcomes = race(partial(say, by=at.liaison), partial(say, by=at.lead))
    assert [type(each.error) for each in outcomes if each.error] == [Stale]
    assert ticket.events.count() == 2


def test_times_follow_the_order_of_the_events() -> None:
    at = desk()
    ticket = filed(at)
    people = (at.liaison, at.deputy, at.lead, at.key)
    outcomes = race(
        *(
            partial(perform, Verb.COMMENT, ticket=ticket, text="已联系", by=people[number % 4])
            for number in range(12)
        )
    )
    assert [each.error for each in outcomes if each.error] == []
    times = list(ticket.events.order_by("seq").values_list("recorded_at", flat=True))
    assert len(times) == 13
    assert times == sorted(times)
    assert list(audit()) == []


def test_a_handover_beside_acceptances_does_not_deadlock() -> None:
    at = desk()
    tickets = [filed(at) for _number in range(4)]
    actions: list[Callable[[], object]] = [
        partial(perform, Verb.ACCEPT, ticket=each, by=at.liaison) for each in tickets
    ]
    actions.append(
        partial(
            hand_over, project=at.project, group=at.other_group, liaison=at.other_liaison,
            reason="调整", by=at.director,
        )
    )  # fmt: skip
    outcomes = race(*actions)
    assert outcomes[-1].error is None
    assert set(errors_of(outcomes)) <= {NotAllowed}  # the accepted ones changed hands before
    for ticket in tickets:
        ticket.refresh_from_db()
        assert (ticket.group, ticket.handler) == (at.other_group, at.other_liaison)
        assert ticket.events.filter(verb=Verb.HAND_OVER).count() == 1
    assert list(audit()) == []


def test_a_filing_beside_a_handover_ends_with_whoever_serves() -> None:
    at = desk()
    sides = [(at.other_group, at.other_liaison), (at.group, at.liaison)]
    for number in range(6):
        group, liaison = sides[number % 2]
        file_one: Callable[[], object] = partial(filed, at)
        give: Callable[[], object] = partial(
            hand_over, project=at.project, group=group, liaison=liaison, reason="调整",
            by=at.director,
        )  # fmt: skip
        outcomes = race(file_one, give, file_one)
        assert errors_of(outcomes) == []
        assert set(Ticket.objects.values_list("group", "handler")) == {(group.pk, liaison.pk)}


def _post(at: Desk, key: str) -> tuple[int, str]:
    client = client_with(at.token)
    response = client.post(
        reverse("api:tickets"), filing(project=at.project.code), headers={"Idempotency-Key": key}
    )
    return response.status_code, response.json().get("number", "")


def test_twenty_posts_with_one_key_file_one_ticket() -> None:
    at = desk()
    outcomes = race(*[partial(_post, at, str(uuid.uuid4()))] * 20)
    assert [each.error for each in outcomes if each.error] == []
    answers = [each.result for each in outcomes if each.result is not None]
    assert Ticket.objects.count() == 1
    assert TicketEvent.objects.count() == 1
    number = Ticket.objects.get().number
    # Whoever waited too long for the first is told that it is under way; nobody files twice.
    assert set(answers) <= {(201, number), (409, "")}
    assert (201, number) in answers


def test_who_had_to_wait_tells_those_who_have_it_now() -> None:
    """Handed on while we waited for the row: its new group is told, and nobody of its old one."""
    at = desk()
    ticket = filed(at)
    accept = partial(perform, Verb.ACCEPT, ticket=ticket, by=at.liaison)
    accept()
    held = Event()

    def hand_on() -> None:
        with change():
            perform(Verb.PASS_ON, ticket=ticket, reason="归口", group=at.other_group, by=at.lead)
            held.set()
            wait_for(somebody_waits)

    def say() -> None:
        held.wait(20)
        perform(Verb.COMMENT, ticket=ticket, text="车队已到达", by=at.key)

    began = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    assert errors_of(race(hand_on, say)) == []
    told = Notice.objects.filter(pk__gt=began, topic=MOVED.code)
    assert set(told.values_list("officer", flat=True)) == set(
        members_of(at.other_group, now()).values_list("pk", flat=True)
    )


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool((cursor.fetchone() or (0,))[0])


@pytest.mark.parametrize("by_version", [True, False])
def test_an_acceptance_beside_an_amendment(by_version: bool) -> None:  # noqa: FBT001 - a case of the table
    """One wins; whoever came second is refused, or acts on what the first left."""
    at = desk()
    for _round in range(5):
        ticket = filed(at)
        seen = ticket.version if by_version else None
        accepts: Callable[[], object] = partial(
            perform, Verb.ACCEPT, ticket=ticket, version=seen, by=at.liaison
        )
        amends: Callable[[], object] = partial(
            perform, AmendmentVerb.AMEND, ticket=ticket, version=seen, by=at.key,
            changes={"title": "改道通行"}, lines=[{"position": 1, "plate": "豫C99999"}],
        )  # fmt: skip
        outcomes = race(accepts, amends)
        verbs = list(ticket.events.order_by("seq").values_list("verb", flat=True))
        ticket.refresh_from_db()
        (line,) = VehiclePassLine.objects.filter(ticket=ticket)
        is_amended = "amend" in verbs
        assert (ticket.title, line.plate) == (
            ("改道通行", "豫C99999") if is_amended else ("运输车辆受阻", "豫C12345")
        )
        if by_version:
            assert errors_of(outcomes) == [Stale]
            assert len(verbs) == 2
        else:  # the amendment came first, or was no longer allowed
            assert errors_of(outcomes) in ([], [NotAllowed])
            assert verbs in (["submit", "amend", "accept"], ["submit", "accept"])
    assert list(audit()) == []


def test_a_proposal_is_decided_once_and_by_what_was_seen() -> None:
    """Adopted, rejected, replaced and withdrawn at one instant, by who read the same version."""
    at = desk()
    for _round in range(5):
        ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
        propose = partial(perform, AmendmentVerb.PROPOSE, ticket=ticket, reason="换", by=at.key)
        version = propose(changes={"title": "甲"}).version
        outcomes: list[Outcome[object]] = race(
            partial(perform, AmendmentVerb.ADOPT, ticket=ticket, version=version, by=at.liaison),
            partial(
                perform, AmendmentVerb.REJECT, ticket=ticket, version=version, reason="否",
                by=at.lead,
            ),
            partial(propose, changes={"title": "乙"}, version=version),
            partial(
                perform, Verb.WITHDRAW, ticket=ticket, version=version, reason="不要", by=at.key
            ),
        )  # fmt: skip
        assert errors_of(outcomes) == [Stale] * 3
        ticket.refresh_from_db()
        last = ticket.events.latest("seq").verb
        assert ticket.title == ("甲" if last == "adopt_amendment" else "运输车辆受阻")
        assert ticket.amendment_proposed is (last == "propose_amendment")
        assert ticket.events.count() == 4
    assert list(audit()) == []
