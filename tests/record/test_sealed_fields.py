"""What lies in the database is sealed; what a row gives is not; a new key opens and reseals."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from coordination.tickets.anchors import audit
from coordination.tickets.models import EventText, Ticket
from projects.record.reseal import reseal_column, sealed_columns
from projects.record.sealed_fields import Sealed
from projects.record.sealing import Unreadable
from tests.factories.coordination import desk, filed

pytestmark = pytest.mark.django_db


def raw(table: str, column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608 - names of our own
        (value,) = cursor.fetchone() or ("",)
    return str(value)


def test_these_columns_are_sealed() -> None:
    columns = {
        f"{table.removeprefix('coordination_')}.{name}" for table, _, name in sealed_columns()
    }
    assert columns == {
        "attachmentpart.content", "delivery.body", "eventtext.body", "referral.answerer_name",
        "referral.answerer_phone", "ticket.contact_name", "ticket.contact_mobile",
        "vehiclepassline.driver_name", "vehiclepassline.driver_mobile", "webhookendpoint.kept",
        "workerreturnline.receiver", "workerreturnline.receiver_mobile",
    }  # fmt: skip


def test_the_row_gives_what_the_table_does_not_show() -> None:
    ticket = filed(desk())
    found = Ticket.objects.get(pk=ticket.pk)
    assert isinstance(found.__dict__["contact_mobile"], Sealed)  # not opened until asked for
    assert (found.contact_name, found.contact_mobile) == ("王五", "13700137000")
    assert EventText.objects.get().body["contact_name"] == "王五"
    for table, _key, column in sealed_columns():
        assert "王五" not in raw(table, column)
        assert "1370013" not in raw(table, column)
    assert list(audit()) == []


def test_what_is_saved_unread_stays_as_it_was() -> None:
    ticket = filed(desk())
    before = raw("coordination_ticket", "contact_name")
    Ticket.objects.get(pk=ticket.pk).save()
    again = Ticket.objects.get(pk=ticket.pk)
    assert again.contact_name == "王五"
    assert before.startswith("gAAAAA")


def test_what_lay_open_is_sealed() -> None:
    ticket = filed(desk())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE coordination_ticket SET contact_name = '欧阳'")
    assert reseal_column("coordination_ticket", "id", "contact_name") == 1
    assert raw("coordination_ticket", "contact_name").startswith("gAAAAA")
    assert Ticket.objects.get(pk=ticket.pk).contact_name == "欧阳"


def test_the_key_changes() -> None:
    ticket, old = filed(desk()), settings.SECRET_KEY
    with override_settings(SECRET_KEY="another" * 10), pytest.raises(Unreadable):
        _ = Ticket.objects.get(pk=ticket.pk).contact_name
    with override_settings(SECRET_KEY="another" * 10, SECRET_KEY_FALLBACKS=[old]):
        assert Ticket.objects.get(pk=ticket.pk).contact_name == "王五"
        call_command("reseal", verbosity=0)
    with override_settings(SECRET_KEY="another" * 10, SECRET_KEY_FALLBACKS=[]):
        assert Ticket.objects.get(pk=ticket.pk).contact_name == "王五"
        assert list(audit()) == []
