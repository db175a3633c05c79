"""What is prepared answers as the ORM does, and is worked out once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, NotSupportedError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Length
from django.test.utils import CaptureQueriesContext

from coordination.groups.models import Assignment
from coordination.groups.queries import answering, serving_each
from coordination.staff.models import Officer
from coordination.tickets.models import Ticket
from projects.access.models import ApiKey
from projects.record import prepared
from projects.record.clock import now
from projects.record.prepared import AnyOf, Given, Prepared, ask
from projects.register.models import Project
from tests.bed.races import race
from tests.coordination.workbench.proposals.test_accept import go_on_leave
from tests.factories.coordination import Desk, desk, filed, project

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
            " WHERE statement LIKE '%access_apikey%\"name\" = $2%'"
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
    assert 'FROM "groups_assignment"' in only["sql"]


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


def prepared_here(name: str) -> list[tuple[str, int]]:
    """Each text with the name that this connection holds, and how often it was asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE %s ORDER BY 1",
            [f"% AS {name}"],
        )
        return [(text.split(" AS ")[0], asked) for text, asked in cursor.fetchall()]


def test_what_was_prepared_outlives_what_is_undone() -> None:
    for _each in range(3):
        with transaction.atomic():
            ask("SELECT %s::int AS undone", [1])
            transaction.set_rollback(True)
    assert prepared_here("undone") == [("SELECT $1::int", 3)]


def test_what_fails_is_prepared_once_all_the_same() -> None:
    for _each in range(3):
        with pytest.raises(DataError), transaction.atomic():
            ask("SELECT 1 / %s::int AS failed", [0])
    assert ask("SELECT 1 / %s::int AS failed", [1]) == [(1,)]
    assert [text for text, _asked in prepared_here("failed")] == ["SELECT 1 / $1::int"]


def test_small_and_large_numbers_are_one_text() -> None:
    for number in (1, 40_000, 3_000_000_000):
        assert ask("SELECT %s AS sized", [number]) == [(number,)]
        assert ask("SELECT %s::bigint[] AS sized", [[number]]) == [([number],)]
    assert prepared_here("sized") == [("SELECT $1", 3), ("SELECT $1::bigint[]", 3)]


def test_no_connection_keeps_texts_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST", 3)
    for number in range(8):
        assert ask(f"SELECT {number} AS bounded", []) == [(number,)]
    assert 0 < len(prepared_here("bounded")) <= 3


@pytest.mark.django_db(transaction=True)
def test_a_question_is_made_anew_when_a_migration_has_widened_a_column(
    owner_cursor: Any,
) -> None:
    owner_cursor.execute("CREATE TABLE probe (name varchar(10))")
    owner_cursor.execute("GRANT SELECT ON probe TO zhitongche_app")
    owner_cursor.execute("INSERT INTO probe VALUES ('a')")
    try:
        text = "SELECT name AS probe FROM probe"
        assert ask(text, []) == [("a",)]
        owner_cursor.execute("ALTER TABLE probe ALTER name TYPE varchar(20)")
        assert ask(text, []) == [("a",)]
        owner_cursor.execute("ALTER TABLE probe ALTER name TYPE varchar(30)")
        with pytest.raises(NotSupportedError), transaction.atomic():
            ask(text, [])
        assert ask(text, []) == [("a",)]
    finally:
        owner_cursor.execute("DROP TABLE probe")


@pytest.mark.django_db(transaction=True)
def test_each_connection_prepares_for_itself() -> None:
    outcomes = race(*[lambda: (ask("SELECT %s AS own", [1]), prepared_here("own"))] * 3)
    assert [each.result for each in outcomes] == [([(1,)], [("SELECT $1", 1)])] * 3


@pytest.mark.django_db(transaction=True)
def test_after_a_lost_connection_the_next_question_is_answered(superuser_cursor: Any) -> None:
    ((own,),) = ask("SELECT pg_backend_pid() AS probe", [])
    superuser_cursor.execute("SELECT pg_terminate_backend(%s)", [own])
    with pytest.raises(OperationalError):
        ask("SELECT pg_backend_pid() AS probe", [])
    connection.close()  # as each request and each task ends
    ((other,),) = ask("SELECT pg_backend_pid() AS probe", [])
    assert other != own
