"""What is prepared answers as the ORM does, and is worked out once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Length
from django.test.utils import CaptureQueriesContext

from coordination.groups.models import Assignment, Officer
from coordination.groups.queries import answering, serving_each
from coordination.tickets.models import Ticket
from projects.access.models import ApiKey
from projects.record.clock import now
from projects.record.prepared import AnyOf, Given, Prepared, ask
from projects.register.models import Project
from tests.factories.coordination import Desk, desk, filed, project
from tests.tickets.proposals.test_accept import go_on_leave

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def test_rows_with_those_related_are_djangos(at: Desk) -> None:
    question = Prepared(
        lambda: Ticket.objects.select_related("project", "group", "handler").filter(
            number=Given("number"), enterprise=Given("enterprise")
        )
    )
    one, other = filed(at), filed(at, title="另一件")
    for ticket in (one, other):
        (found,) = question.all(number=ticket.number, enterprise=at.enterprise.pk)
        whole = Ticket.objects.get(pk=ticket.pk)
        with CaptureQueriesContext(connection) as asked:
            assert (found.project, found.group, found.handler) == (
                at.project, at.group, at.liaison,
            )  # fmt: skip
            assert (found.project.name, found.contact_mobile) == (
                at.project.name, whole.contact_mobile,
            )  # fmt: skip
        assert len(asked) == 0
        for field in Ticket._meta.concrete_fields:
            assert getattr(found, field.attname) == getattr(whole, field.attname), field
    assert question.first(number=one.number, enterprise=0) is None


def test_what_is_left_out_is_read_when_it_is_asked_for(at: Desk) -> None:
    question = Prepared(lambda: Officer.objects.only("name").filter(pk=Given("pk")))
    (found,) = question.all(pk=at.liaison.pk)
    assert found.get_deferred_fields() > {"mobile", "username"}
    assert found.username == at.liaison.username


def test_values_alone_several_and_reckoned(at: Desk) -> None:
    flat = Prepared(lambda: Officer.objects.filter(pk=Given("pk")).values_list("name", flat=True))
    pair = Prepared(lambda: Officer.objects.filter(pk=Given("pk")).values_list("pk", "name"))
    long = Prepared(lambda: Officer.objects.filter(pk=Given("pk")).annotate(long=Length("name")))
    officer = at.liaison
    assert flat.all(pk=officer.pk) == [officer.name]
    assert pair.all(pk=officer.pk) == [(officer.pk, officer.name)]
    (found,) = long.all(pk=officer.pk)
    assert (found, found.long) == (officer, len(officer.name))


@pytest.mark.parametrize("many", [0, 1, 3])
def test_however_many_are_given_it_is_one_text(at: Desk, many: int) -> None:
    question = Prepared(
        lambda: Project.objects.filter(AnyOf(F("code"), Given("codes"))).order_by("pk")
    )
    sites = [at.project, project(), project()][:many]
    project()
    assert question.all(codes=[each.code for each in sites]) == sorted(
        sites, key=lambda site: site.pk
    )


def test_a_text_is_prepared_once_and_asked_often(at: Desk) -> None:
    question = Prepared(lambda: ApiKey.objects.filter(key_id=Given("key_id"), name="只问一次"))
    for _each in range(7):
        assert question.all(key_id=at.key.key_id) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%projects_apikey%name%'"
        )
        assert cursor.fetchall() == [(7, 0)]


def test_what_django_asks_is_kept_by_nobody(at: Desk) -> None:
    """Its values are in its text: a file would stay in the memory of the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        before = cursor.fetchone()
        cursor.execute("SELECT length(%s)", ["内容" * 1000])
        assert connection.connection.prepare_threshold is None
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == before
    assert at.project.pk


def test_it_is_counted_like_any_other_question(at: Desk) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert serving_each([at.project.pk], now())[at.project.pk].officer == at.liaison
    (only,) = asked.captured_queries
    assert 'FROM "coordination_assignment"' in only["sql"]


def test_a_percent_sign_stays_one() -> None:
    assert ask("SELECT 7 %% 4, %s::text, %s::text", ["a%", "%s"]) == [(3, "a%", "%s")]


def test_who_answers_is_said_alike_by_both_questions(at: Desk) -> None:
    """One rule, asked of an assignment that was read before and of a project."""
    row = Assignment.objects.get(project=at.project)
    for away in ((), (at.liaison,), (at.deputy,)):
        for officer in away:
            go_on_leave(at, officer)
        moment = now() + timedelta(seconds=1)
        served = serving_each([at.project.pk], moment)[at.project.pk]
        assert served.officer == answering(row, moment)
