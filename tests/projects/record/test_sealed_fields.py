"""What lies in the database is sealed; what a row gives is not; a new key opens and reseals."""

import base64
import hashlib
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from coordination.tickets.models import EventText, Ticket
from projects.record.audit import audit
from projects.record.reseal import reseal_column, sealed_columns, unreadable
from projects.record.sealed_fields import Sealed
from projects.record.sealing import Unreadable, seal, unseal
from tests.factories.coordination import desk, filed

pytestmark = pytest.mark.django_db


def raw(table: str, column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608 - names of our own
        (value,) = cursor.fetchone() or ("",)
    return str(value)


def test_these_columns_are_sealed() -> None:
    columns = {f"{table.partition('_')[2]}.{name}" for table, _, name in sealed_columns()}
    assert columns == {
        "attachmentpart.content", "delivery.body", "eventtext.body", "importeffect.effect",
        "importpart.content", "issuetext.body", "plannedrow.content",
        "referral.answerer_name",
        "referral.answerer_phone", "secondfactor.key", "ticket.contact_name",
        "ticket.contact_mobile", "vehiclepassline.driver_name", "vehiclepassline.driver_mobile",
        "webhookendpoint.kept", "workerreturnline.receiver", "workerreturnline.receiver_mobile",
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
    before = raw("tickets_ticket", "contact_name")
    Ticket.objects.get(pk=ticket.pk).save()
    again = Ticket.objects.get(pk=ticket.pk)
    assert again.contact_name == "王五"
    assert before.startswith("zs2.")


def test_what_lay_open_is_sealed() -> None:
    ticket = filed(desk())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tickets_ticket SET contact_name = '欧阳'")
    assert reseal_column("tickets_ticket", "id", "contact_name") == 1
    assert raw("tickets_ticket", "contact_name").startswith("zs2.")
    assert Ticket.objects.get(pk=ticket.pk).contact_name == "欧阳"


def formerly_sealed(content: bytes) -> str:
    """As it was done before there was ``zs2.``."""
    key = hashlib.sha256(b"zhitongche.sealing.v1" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key)).encrypt(content).decode()


def test_what_was_sealed_formerly_opens_and_is_sealed_anew() -> None:
    ticket = filed(desk())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_ticket SET contact_name = %s", [formerly_sealed("欧阳".encode())]
        )
    assert Ticket.objects.get(pk=ticket.pk).contact_name == "欧阳"
    call_command("reseal", verbosity=0)
    assert raw("tickets_ticket", "contact_name").startswith("zs2.")
    assert Ticket.objects.get(pk=ticket.pk).contact_name == "欧阳"


def test_equal_secrets_do_not_look_equal() -> None:
    assert len({seal("王五") for _each in range(100)}) == 100
    assert {unseal(seal(text)) for text in ("", "王五", "a" * 100_000)} == {
        "",
        "王五",
        "a" * 100_000,
    }


@settings_of_hypothesis(max_examples=200)
@given(place=st.integers(0, 200), sign=st.sampled_from("AbZ09-_=.é\0"))
def test_what_was_altered_anywhere_does_not_open(place: int, sign: str) -> None:
    for sealed in (seal("王五 13800138000"), formerly_sealed(b"13800138000")):
        at = place % len(sealed)
        if sealed[at] == sign or (at >= len(sealed) - 3 and sealed.endswith("=")):
            continue  # as it was; or among bits that base64 leaves unused
        with pytest.raises(Unreadable):
            unseal(sealed[:at] + sign + sealed[at + 1 :])


@pytest.mark.parametrize(
    "token", ["", "zs2.", "zs2.AAAA", "zs2.é", "zs2.A", "gAAAAA", "王五", "zs2"]
)
def test_what_was_never_sealed_does_not_open(token: str) -> None:
    with pytest.raises(Unreadable):
        unseal(token)


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


def test_a_check_opens_every_value_and_changes_none() -> None:
    filed(desk())
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_name, contact_mobile FROM tickets_ticket")
        before = cursor.fetchall()
        said = StringIO()
        call_command("reseal", check=True, stdout=said)
        values = sum(unreadable(*column)[0] for column in sealed_columns())
        assert said.getvalue() == f"{values} sealed values opened\n"
        assert values > 2
        with override_settings(SECRET_KEY="another" * 10), pytest.raises(CommandError) as raised:
            call_command("reseal", check=True, stdout=StringIO())
        assert "tickets_ticket.contact_name: 1 of 1" in str(raised.value)
        cursor.execute("SELECT contact_name, contact_mobile FROM tickets_ticket")
        assert cursor.fetchall() == before
