"""Rows written together are those that saving would have written; few, some, and many."""

import uuid
import warnings
from collections.abc import Callable, Sequence
from copy import copy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from coordination.delivery.models import Delivery, Destination, Notice, State
from coordination.tickets.filing.drafts import Submission
from coordination.tickets.filing.submit import submit_many
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import EventText, Ticket, TicketEvent, TicketSearch
from projects.record.clock import now
from projects.record.writing import MANY, reserve, sequence_of, update, write
from tests.bed.races import race
from tests.factories.coordination import LINES, Desk, desk, filed, haul, officer, vehicle

pytestmark = pytest.mark.django_db
SIZES = (1, MANY + 5)


def rows_of(model: type[Model], *names: str) -> list[tuple[Any, ...]]:
    """As they lie in the table, in their order."""
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM "{model._meta.db_table}" ORDER BY id')  # noqa: S608 - names of our own
        return list(cursor.fetchall())


def notices(to: Destination, many: int) -> list[Notice]:
    return [
        Notice(
            officer=to.officer, topic="weather",
            title=_("Weather %(number)d") % {"number": number},  # as lazy as some are
            text="引号'、反斜杠\\、制表\t、换行\n、%s、\\N、𠮷", link="", created_at=now(),
        )
        for number in range(many)
    ]  # fmt: skip


def deliveries(to: Destination, many: int) -> list[Delivery]:
    at = now()
    return [
        Delivery(
            destination=to, lane="a", order_key=str(number), topic="weather", created_at=at,
            payload={"文": ["\\", "'", None, number, 1.5]}, due_at=at + timedelta(days=number),
            state=State.PENDING, body={"话": "\\N"} if number % 2 else None,
        )
        for number in range(many)
    ]  # fmt: skip


@pytest.mark.parametrize("many", SIZES)
@pytest.mark.parametrize(
    ("model", "made", "same"),
    [
        (Notice, notices,
         ("officer_id", "topic", "title", "text", "link", "read_at")),
        (Delivery, deliveries,
         ("destination_id", "endpoint_id", "lane", "order_key", "topic", "subject", "payload",
          "state", "tries", "settled_at", "claim", "sealed_link")),
    ],
)  # fmt: skip
def test_they_are_those_of_bulk_create(
    model: type[Model], made: Callable[[Destination, int], Sequence[Model]],
    same: tuple[str, ...], many: int,
) -> None:  # fmt: skip
    to = Destination.objects.create(
        name="a", channel="email", officer=officer(), shown="a", sealed="a", created_at=now()
    )
    write(made(to, many))
    model._default_manager.bulk_create(made(to, many))
    rows = rows_of(model, *same)
    assert rows[:many] == rows[many:]
    assert len(rows) == 2 * many


def of_every_kind(at: Desk, many: int) -> list[Submission]:
    """So many of each, and haulage that opens a ticket for its passes."""
    lines = [(kind, made()) for kind, made in LINES.items()]
    lines.append(("goods_transport", haul(pass_needed=True)))
    return [
        Submission(
            kind=kind, project=at.project, title="反\\斜\t杠'%s", contact_name="王五",
            contact_mobile="13800138000", lines=[line], needed_by=now() + timedelta(days=3),
        )
        for _each in range(many) for kind, line in lines
    ]  # fmt: skip


def test_what_django_would_make_of_a_value_is_made(recwarn: Any) -> None:
    """A moment without a zone is here, and Django complains of it; a word is a word."""
    rows = [
        Notice(
            officer=officer(), topic=True, title="a", text="b", link="",
            created_at=datetime(2020, 3, 1, 12),  # noqa: DTZ001 - the point of it
        )
        for _each in range(2)
    ]  # fmt: skip
    write(rows[:1])
    Notice.objects.bulk_create(rows[1:])
    assert {type(each.message) for each in recwarn} == {RuntimeWarning}
    one, other = rows_of(Notice, "topic", "created_at")
    assert one == other
    assert one == ("True", datetime(2020, 3, 1, 4, tzinfo=UTC))


def test_a_day_for_a_moment_is_its_first_as_django_has_it() -> None:
    whom, rows = officer(), []
    for _each in range(2):
        rows.append(Notice(officer=whom, topic="t", title="a", text="b", link=""))
        rows[-1].created_at = date(2020, 3, 9)
    with warnings.catch_warnings(action="ignore"):
        write(rows[:1])
        Notice.objects.bulk_create(rows[1:])
    one, other = rows_of(Notice, "created_at")
    assert one == other == (datetime(2020, 3, 8, 16, tzinfo=UTC),)


def test_texts_and_moments_are_copied_as_they_are() -> None:
    at = desk()
    texts: list[list[str]] = [
        [], [""], ["NULL", "null"], ['"', "\\", '\\"'], ["{", "}", ",", "{a,b}"], ["\\N", "\\."],
        ["\t", "\n", "\r"], ["𠮷", " ", "　"],
    ]  # fmt: skip
    tickets = [filed(at) for _each in range(MANY)]
    TicketSearch.objects.all().delete()
    given = [texts[number % len(texts)] for number in range(MANY)]
    write([TicketSearch(ticket=ticket, text="a", tokens=tokens)
           for ticket, tokens in zip(tickets, given, strict=True)])  # fmt: skip
    found = dict(TicketSearch.objects.values_list("ticket", "tokens"))
    assert [found[each.pk] for each in tickets] == given
    twice = datetime(
        1991, 9, 15, 1, 30, tzinfo=ZoneInfo("Asia/Shanghai")
    )  # that night it came twice
    moments = [twice.replace(fold=number % 2) for number in range(MANY)]
    write([Notice(officer=at.liaison, topic="twice", title="a", text="b", created_at=moment)
           for moment in moments])  # fmt: skip
    kept_at = (
        Notice.objects.filter(topic="twice").order_by("pk").values_list("created_at", flat=True)
    )
    assert list(kept_at) == [each.astimezone(UTC) for each in moments]


def kept(row: Model) -> dict[str, Any]:
    """A row as the database has it, by the model's own reading."""
    found = type(row)._default_manager.get(pk=row.pk)
    return {each.attname: getattr(found, each.attname) for each in row._meta.concrete_fields}


def held(row: Model) -> dict[str, Any]:
    """The same row in memory, where whoever filed it goes on with it."""
    return {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}


SEALED: Sequence[tuple[str, Sequence[str]]] = (
    ("tickets_ticket", ("contact_name", "contact_mobile")),
    ("tickets_vehiclepassline", ("driver_name", "driver_mobile")),
)


@pytest.mark.parametrize("many", [1, 3, 30])
def test_one_text_that_many_hold_is_sealed_for_each(many: int) -> None:
    """A workbook keeps equal texts once, and whoever reads it gives one object for all of them."""
    at = desk()
    given = Submission(
        kind="vehicle_pass", project=at.project, title="一", contact_name="王五",
        contact_mobile="13800138000",
        lines=[vehicle(driver_name="赵六", driver_mobile="13900139000")],
    )  # fmt: skip
    submit_many(submissions=[given] * many, enterprise=at.enterprise, by=at.key)
    for table, columns in SEALED:
        with connection.cursor() as cursor:
            for column in columns:
                cursor.execute(f'SELECT "{column}" FROM "{table}"')  # noqa: S608 - names of our own
                found = [value for (value,) in cursor]
                assert len(set(found)) == len(found) == many
    assert {each.contact_name for each in Ticket.objects.all()} == {"王五"}


@pytest.mark.parametrize("many", SIZES)
def test_what_is_empty_is_sealed_and_what_is_nothing_is_nothing(many: int) -> None:
    to = Destination.objects.create(
        name="a", channel="email", officer=officer(), shown="a", sealed="a", created_at=now()
    )
    bodies: list[list[dict[str, Any] | None]] = [[{}, None, {"a": {}}], [{}], [None]]
    for given in bodies:
        rows = deliveries(to, many)
        for number, row in enumerate(rows):
            row.body = given[number % len(given)]
        write(rows)
        found = Delivery.objects.order_by("-pk")[:many]
        assert [each.body for each in reversed(found)] == [each.body for each in rows]
    lying = {body for (body,) in rows_of(Delivery, "body")}
    assert {str(each)[:4] for each in lying} == {"zs2.", "None"}


@pytest.mark.parametrize("many", SIZES)
@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity"])
def test_what_is_no_number_is_refused_as_the_field_refuses_it(many: int, amount: str) -> None:
    at = desk()
    ticket = filed(at)
    (line,) = KINDS[ticket.kind].lines_of(ticket.pk)
    rows = []
    for number in range(many):
        rows.append(copy(line))
        rows[-1].pk, rows[-1].position = None, number + 2
    rows[-1].asked = Decimal(amount)
    with pytest.raises(ValidationError), transaction.atomic():
        type(line).objects.bulk_create(rows)
    with pytest.raises(ValidationError), transaction.atomic():
        write(rows)
    assert type(line).objects.count() == 1


@pytest.mark.parametrize("many", [1, 3, 30])
def test_a_ticket_in_memory_is_the_one_in_the_database(many: int) -> None:
    at: Desk = desk()
    outcomes = submit_many(submissions=of_every_kind(at, many), enterprise=at.enterprise, by=at.key)
    drafts = [each for outcome in outcomes for each in outcome.all()]  # type: ignore[union-attr]  # none was refused
    assert len(drafts) >= 5 * many
    for draft in drafts:
        ticket = draft.ticket
        assert kept(ticket) == held(ticket) | {"clock_due": ticket.accept_due}
        lines = list(KINDS[ticket.kind].lines_of(ticket.pk))
        assert [kept(each) for each in lines] == [
            held(each) | {"id": row.pk} for each, row in zip(draft.lines, lines, strict=True)
        ]
        assert TicketSearch.objects.get(pk=ticket.pk).tokens
        first = TicketEvent.objects.order_by("seq").filter(ticket=ticket)[0]
        assert EventText.objects.get(event=first).body["contact_mobile"] == ticket.contact_mobile
    assert Ticket.objects.count() == len(drafts)


@pytest.mark.parametrize("many", SIZES)
def test_what_the_database_refuses_is_raised_as_djangos(many: int) -> None:
    whom, message = officer(), uuid.uuid4()
    to = Destination.objects.create(
        name="a", channel="email", officer=whom, shown="a", sealed="a", created_at=now()
    )
    twice = deliveries(to, many) + deliveries(to, 1)
    for each in (twice[0], twice[-1]):
        each.message_id = message
    with pytest.raises(IntegrityError, match="message_id"), transaction.atomic():
        write(notices(to, many), twice)
    assert (Notice.objects.count(), Delivery.objects.count()) == (0, 0)


@pytest.mark.parametrize("many", SIZES)
def test_nul_is_refused_and_nothing_is_written(many: int) -> None:
    rows = notices(Destination(officer=officer()), many)
    rows[-1].title = "a\x00b"
    with pytest.raises(DataError), transaction.atomic():
        write(rows)
    assert not Notice.objects.exists()


def test_nothing_to_write_is_no_journey(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        write([], [])


@pytest.mark.django_db(transaction=True)
def test_numbers_are_given_once() -> None:
    names = ("ticket_number", sequence_of(Ticket))
    outcomes = race(*[lambda: reserve(*names, many=40)] * 4)
    given = [numbers for each in outcomes for numbers in each.result or []]
    assert len(given) == 160
    for column in zip(*given, strict=True):
        assert len(set(column)) == 160
    for each in outcomes:
        assert each.result == sorted(each.result or [])


def test_a_row_is_changed_as_saving_changes_it() -> None:
    at = desk()
    one, other = filed(at), filed(at)
    names = ("urge_count", "urged_at", "pauses", "ever_red")
    moment = now()
    for row in (one, other):
        row.urge_count, row.urged_at, row.ever_red, row.title = 3, moment, True, "not written"
        row.pauses = [DateTimeTZRange(moment - timedelta(hours=1), moment)]
    update(one, names)
    other.save(update_fields=names)
    kept_one, kept_other = (Ticket.objects.get(pk=each.pk) for each in (one, other))
    assert [getattr(kept_one, each) for each in names] == [
        getattr(kept_other, each) for each in names
    ]
    assert kept_one.urge_count == 3
    assert kept_one.title == kept_other.title != "not written"
