"""An officer is taken out of service while others file, accept and hand over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

import pytest
from django.db import connection

from coordination.groups.models import Assignment
from coordination.groups.queries_acting import Facts
from coordination.groups.queries_coverage import coverage
from coordination.staff.models import Officer, OfficerRevision
from coordination.staff.revise import record_officer
from coordination.tickets.flow import OPEN, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handover import hand_over, take_on
from coordination.tickets.verbs.registry import perform
from coordination.workbench.departures.queries import To
from coordination.workbench.departures.relieve import Kind, Relief, relieve_officer
from projects.record.audit import audit
from projects.record.clock import change, now
from projects.record.refusals import Invalid, NotAllowed, Stale
from projects.register.models import Project
from projects.register.registration import add_participant
from tests.bed.races import on_its_own_connection, race, somebody_waits
from tests.bed.stack import wait_for
from tests.factories.coordination import Desk, desk, filed, project

pytestmark = pytest.mark.django_db(transaction=True)


def relief(at: Desk, who: Officer) -> Relief:
    return Relief(officer=who, kind=Kind.DEACTIVATE, to=To.SPREAD, reason="调离")


def test_what_is_filed_at_the_same_instant_is_not_left_behind() -> None:
    at = desk()
    ticket = filed(at)
    actions: list[Callable[[], object]] = [
        partial(relieve_officer, relief=relief(at, at.liaison), by=at.director),
        partial(filed, at),
        partial(filed, at),
        partial(perform, Verb.ACCEPT, ticket=ticket, by=at.liaison),
    ]
    outcomes = race(*actions)
    assert [each.error for each in outcomes[:3]] == [None, None, None]
    assert isinstance(outcomes[3].error, NotAllowed | None)
    row = Assignment.objects.get(project=at.project, during__upper_inf=True)
    assert row.liaison == at.deputy
    handlers = set(Ticket.objects.filter(status__in=sorted(OPEN)).values_list("handler", flat=True))
    assert handlers == {at.deputy.pk}
    assert coverage(now()).is_complete
    assert list(audit()) == []


def test_two_who_leave_at_once_and_a_handover_end_whole() -> None:
    """None waits for another for ever; who comes late is told, or finds what is so by then."""
    at = desk()
    filed(at)
    outcomes = race(
        partial(relieve_officer, relief=relief(at, at.liaison), by=at.director),
        partial(relieve_officer, relief=relief(at, at.deputy), by=at.duty_desk),
        partial(
            hand_over, project=at.project, group=at.other_group, liaison=at.other_liaison,
            reason="调整", by=at.director,
        ),
    )  # fmt: skip
    errors = [each.error for each in outcomes if each.error is not None]
    assert all(isinstance(each, Stale | Invalid | NotAllowed) for each in errors), errors
    assert len(errors) < 3
    assert Assignment.objects.filter(project=at.project, during__upper_inf=True).count() == 1
    assert list(audit()) == []


def test_a_rename_that_waits_for_a_relief_does_not_undo_it() -> None:
    at = desk()
    read = Officer.objects.get(pk=at.liaison.pk)  # as a page does, before the lock
    read.name = "新名"
    rename = partial(record_officer, officer=read, changed=["name"], by=at.system_admin)
    with ThreadPoolExecutor(1) as pool:
        with change(whole=True):
            relieve_officer(relief=relief(at, at.liaison), by=at.director)
            renamed = pool.submit(on_its_own_connection, rename)
            wait_for(somebody_waits)
        renamed.result()
    row = Officer.objects.get(pk=at.liaison.pk)
    assert (row.name, row.is_active) == ("新名", False)


def test_a_relief_that_waited_is_the_last_revision() -> None:
    """It read the clock, and waited for a project while the officer was renamed."""
    at = desk()
    with ThreadPoolExecutor(1) as pool:
        with change():
            Project.objects.select_for_update().get(pk=at.project.pk)
            relieve = partial(relieve_officer, relief=relief(at, at.liaison), by=at.director)
            relieved = pool.submit(on_its_own_connection, relieve)
            wait_for(somebody_waits)
            with connection.cursor() as cursor:  # past the verbs: by the clock of this moment
                cursor.execute(
                    "UPDATE staff_officer SET name = '新名' WHERE id = %s", [at.liaison.pk]
                )
        relieved.result()
    last = OfficerRevision.objects.filter(officer=at.liaison).order_by("recorded_at", "pk").last()
    assert last is not None
    assert (last.name, last.is_active) == ("新名", False)
    assert coverage(now()) == coverage(now(), Facts.RECORDED)


def second_project(at: Desk) -> Project:
    """With the same liaison and deputy, and the enterprise of the desk."""
    site = project()
    add_participant(
        project=site, enterprise=at.enterprise, role="owner", start=date(2020, 1, 1),
        by=at.director,
    )  # fmt: skip
    take_on(project=site, group=at.group, liaison=at.liaison, deputy=at.deputy, by=at.director)
    return site


def test_tickets_are_locked_by_their_ids_whatever_their_projects() -> None:
    """The first ticket is of the last project; who holds the first gets the second, too."""
    at = desk()
    first = filed(at, project=second_project(at))
    second = filed(at)
    with ThreadPoolExecutor(1) as pool:
        with change():
            Ticket.objects.select_for_update().get(pk=first.pk)
            relieve = partial(relieve_officer, relief=relief(at, at.liaison), by=at.director)
            relieved = pool.submit(on_its_own_connection, relieve)
            wait_for(somebody_waits)
            perform(Verb.ACCEPT, ticket=second, by=at.liaison)
        relieved.result()
    for each in (first, second):
        each.refresh_from_db()
    assert (first.handler, second.handler) == (at.deputy, at.deputy)
    assert not Officer.objects.get(pk=at.liaison.pk).is_active
    assert list(audit()) == []


def test_a_handover_between_plan_and_lock_makes_the_plan_stale() -> None:
    at = desk()
    ticket = filed(at)
    with ThreadPoolExecutor(1) as pool:
        with change():
            hand_over(
                project=at.project, group=at.group, liaison=at.deputy, reason="调整",
                by=at.director,
            )  # fmt: skip
            relieve = partial(relieve_officer, relief=relief(at, at.liaison), by=at.director)
            relieved = pool.submit(on_its_own_connection, relieve)
            wait_for(somebody_waits)
        assert isinstance(relieved.exception(), Stale)
    ticket.refresh_from_db()
    assert (ticket.handler, ticket.events.count()) == (at.deputy, 2)
    assert Officer.objects.get(pk=at.liaison.pk).is_active
