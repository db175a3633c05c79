"""Personal data goes thirty days after the end, and the chain does not break over it."""

import io
import logging
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import psycopg
import pytest
from django.core.management import call_command
from django.urls import reverse

from coordination.bulletins.week import SHANGHAI
from coordination.delivery.models import Delivery
from coordination.intake.feed.sequence import sequence
from coordination.privacy.models import LegalHold, Purge, Reveal
from coordination.privacy.purge import purge_due
from coordination.privacy.queries import KEPT_FOR, REVEALED_FOR, revealed
from coordination.privacy.reveal import hold, reveal
from coordination.tickets.flow import Verb
from coordination.tickets.kinds.vehicle_pass import VehiclePassLine
from coordination.tickets.models import EventText, Ticket
from coordination.tickets.verbs.registry import perform
from projects.record.audit import audit
from projects.record.clock import clock_at
from projects.record.refusals import Invalid, Missing, NotAllowed
from tests.coordination.delivery.conftest import receiver as receiver  # noqa: PLC0414 - a fixture
from tests.coordination.delivery.receiver import Receiver
from tests.coordination.delivery.webhooks.scene import listen
from tests.factories.coordination import Desk, desk, filed, vehicle

BEGIN: Final = datetime(2020, 3, 2, 9, tzinfo=SHANGHAI)
ENDED: Final = BEGIN + timedelta(days=1)
MARKED: Final = {
    "contact_name": "欧阳标记", "contact_mobile": "13711112222",
    "title": "欧阳标记的车辆受阻", "detail": "联系司马标记 13755556666",
}  # fmt: skip
MARKS: Final = ("欧阳标记", "司马标记", "13711112222", "13755556666", "13777778888")


def ended(here: Desk) -> Ticket:
    """Marked from end to end, resolved and confirmed a day later."""
    with clock_at(BEGIN):
        line = vehicle(driver_name="司马标记", driver_mobile="13777778888")
        ticket = filed(here, **MARKED, lines=[line])
        perform(Verb.ACCEPT, ticket=ticket, by=here.liaison)
        perform(Verb.COMMENT, ticket=ticket, by=here.liaison, text="已致电欧阳标记 13711112222")
    with clock_at(ENDED):
        perform(
            Verb.FULFIL,
            ticket=ticket,
            by=here.liaison,
            line=1,
            quantity=Decimal(1),
            note="司马标记放行",
        )
        perform(Verb.RESOLVE, ticket=ticket, by=here.liaison, result="司马标记已通过")
        return perform(Verb.CONFIRM, ticket=ticket, by=here.key, satisfaction=5)


@pytest.fixture
def here(db: None) -> Desk:
    with clock_at(BEGIN - timedelta(days=1)):
        return desk()


def purged_at(moment: datetime) -> int:
    with clock_at(moment):
        return purge_due()


def words_in(connection: psycopg.Cursor[Any]) -> list[str]:
    """Which marks any row of any table holds: what a dump would."""
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    ).fetchall()
    dump = io.StringIO()
    for (table,) in tables:
        for row in connection.execute(f'SELECT t::text FROM "{table}" AS t'):  # noqa: S608 - the catalogue's own names
            dump.write(row[0] + "\n")
    whole = dump.getvalue()
    return [mark for mark in MARKS if mark in whole]


@pytest.mark.django_db(transaction=True)
def test_a_dump_holds_none_of_it_afterwards(superuser_cursor: psycopg.Cursor[Any]) -> None:
    with clock_at(BEGIN - timedelta(days=1)):
        here = desk()
    ended(here)
    before = words_in(superuser_cursor)
    assert purged_at(ENDED + KEPT_FOR) == 1
    assert words_in(superuser_cursor) == []
    assert before  # what went had been there
    assert list(audit()) == []
    call_command("verify_audit", verbosity=0)


def test_nothing_goes_a_moment_too_early_and_it_goes_once(here: Desk) -> None:
    ticket = ended(here)
    assert purged_at(ENDED + KEPT_FOR - timedelta(microseconds=1)) == 0
    assert EventText.objects.filter(event__ticket=ticket).exists()
    assert purged_at(ENDED + KEPT_FOR + timedelta(days=90)) == 1  # however long nobody came
    assert purged_at(ENDED + KEPT_FOR + timedelta(days=91)) == 0
    (row,) = Purge.objects.all()
    assert row.erased == {
        "kept_words": 1, "lines": 1, "contact": 1, "attachments": 0, "texts": 4, "referrals": 0,
        "messages": 0, "search": 1,
    }  # fmt: skip
    ticket.refresh_from_db()
    assert (ticket.title, ticket.detail) == ("欧**的车辆受阻", "")
    assert (ticket.contact_name, ticket.contact_mobile) == ("", "")


def test_what_is_said_later_goes_thirty_days_later(here: Desk) -> None:
    ticket = ended(here)
    said = ENDED + timedelta(days=20)
    with clock_at(said):
        perform(Verb.COMMENT, ticket=ticket, by=here.liaison, text="司马标记来电")
    assert purged_at(ENDED + KEPT_FOR) == 1
    assert EventText.objects.filter(event__ticket=ticket).count() == 1
    assert purged_at(said + KEPT_FOR) == 1
    assert not EventText.objects.filter(event__ticket=ticket).exists()


def test_open_tickets_keep_theirs(here: Desk) -> None:
    with clock_at(BEGIN):
        ticket = filed(here, **MARKED)
    assert purged_at(BEGIN + timedelta(days=365)) == 0
    ticket.refresh_from_db()
    assert ticket.contact_name == "欧阳标记"


def test_the_director_may_keep_a_ticket_and_let_it_go(here: Desk) -> None:
    ticket = ended(here)
    hold(ticket=ticket, is_kept=True, reason="监察机关调取", by=here.director)
    with pytest.raises(NotAllowed):
        hold(ticket=ticket, is_kept=True, reason="再次", by=here.director)
    assert purged_at(ENDED + KEPT_FOR) == 0
    hold(ticket=ticket, is_kept=False, reason="调取结束", by=here.director)
    assert purged_at(ENDED + KEPT_FOR) == 1
    assert LegalHold.objects.count() == 2


@pytest.mark.parametrize("who", ["liaison", "lead", "duty_desk", "auditor"])
def test_nobody_else_holds(here: Desk, who: str) -> None:
    with pytest.raises(NotAllowed):
        hold(ticket=ended(here), is_kept=True, reason="因故", by=getattr(here, who))
    assert not LegalHold.objects.exists()


def test_a_look_needs_a_reason_and_lasts_half_an_hour(here: Desk) -> None:
    with clock_at(BEGIN):
        ticket = filed(here)
        for reason, group in (("", "contact"), ("x" * 201, "contact"), ("联系", "everything")):
            with pytest.raises(Invalid):
                reveal(ticket=ticket, group=group, reason=reason, by=here.liaison)
        assert not Reveal.objects.exists()
        reveal(ticket=ticket, group="contact", reason="电话核实路线", by=here.liaison)
        assert revealed(ticket, here.liaison) == {"contact"}
        assert revealed(ticket, here.lead) == frozenset()
    with clock_at(BEGIN + REVEALED_FOR):
        assert revealed(ticket, here.liaison) == frozenset()
    row = Reveal.objects.values("officer", "ticket", "group", "reason", "recorded_at").get()
    assert row == {
        "officer": here.liaison.pk, "ticket": ticket.pk, "group": "contact",
        "reason": "电话核实路线", "recorded_at": BEGIN,
    }  # fmt: skip


def test_who_may_not_know_the_ticket_or_changes_nothing_does_not_look(here: Desk) -> None:
    ticket = filed(here)
    with pytest.raises(Missing):
        reveal(ticket=ticket, group="contact", reason="联系", by=here.other_liaison)
    with pytest.raises(NotAllowed):
        reveal(ticket=ticket, group="contact", reason="联系", by=here.auditor)
    assert not Reveal.objects.exists()


@pytest.mark.parametrize(
    "number",
    ["13733334444", "410305199001010012", "+86 138 0013 8000", "４１０３０５ 19900101 123X"],
)
def test_a_title_holds_no_number_of_a_person(here: Desk, number: str) -> None:
    with pytest.raises(Invalid) as refused:
        filed(here, title=f"请致电{number}")
    assert [(each.path, each.code) for each in refused.value.errors] == [
        (("title",), "personal-number")
    ]
    assert not Ticket.objects.exists()


def test_what_is_kept_loses_names_and_numbers_however_they_are_spelled(here: Desk) -> None:
    with clock_at(BEGIN):
        line = vehicle(
            carrier="车队 138 0013 8000", blocked_checkpoint="王城大道", driver_name="张三",
            cargo_category="０３７９ 65233520 的货",
        )  # fmt: skip
        ticket = filed(
            here, title="王城大道受阻，找张 三，合同号15912345678号", contact_name="王",
            contact_mobile="0379-65233520", lines=[line],
        )  # fmt: skip
    with clock_at(ENDED):
        perform(Verb.WITHDRAW, ticket=ticket, reason="已放行", by=here.key)
    assert purged_at(ENDED + KEPT_FOR) == 1
    ticket.refresh_from_db()
    assert ticket.title == "王城大道受阻，找张**，合同号15912345678号"
    kept = VehiclePassLine.objects.get(ticket=ticket)
    assert (kept.carrier, kept.blocked_checkpoint, kept.cargo_category) == (
        "车队 138****8000", "王城大道", "0379-****3520 的货",
    )  # fmt: skip


def test_lists_exports_bulletins_and_logs_name_nobody(
    here: Desk, client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    ticket = ended(here)
    Ticket.objects.filter(pk=ticket.pk).update(title="车辆受阻")  # a title is for staff to read
    caplog.set_level(logging.DEBUG)
    client.force_login(here.director)
    pages = [
        reverse("admin:index"), reverse("admin:tickets_ticket_changelist"),
        reverse("admin:tickets_ticket_change", args=[ticket.pk]),
        reverse("admin:ledger"), reverse("admin:ledger_excel"), reverse("admin:bulletin_preview"),
        reverse("admin:ledger_entries", args=["written_off"]),
        reverse("admin:delivery_notice_changelist"),
    ]  # fmt: skip
    perform(Verb.REOPEN, ticket=filed_and_declined(here), by=here.lead, reason="重启")
    for address in pages:
        page = client.get(address, {"first": "2020-03-01", "last": "2020-03-31"}, follow=True)
        assert page.status_code == 200, address
        whole = page.content.decode(errors="replace")
        numbers = [mark for mark in MARKS if mark.isdigit() and mark in whole]
        assert numbers == [], address
        if str(ticket.pk) not in address:
            assert [mark for mark in MARKS if mark in whole] == [], address
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert [mark for mark in MARKS if mark in logged] == []


def filed_and_declined(here: Desk) -> Ticket:
    ticket = filed(here, **{**MARKED, "title": "车辆受阻"})
    return perform(Verb.DECLINE, ticket=ticket, by=here.liaison, reason="不属于")


@pytest.mark.django_db(transaction=True)
def test_what_was_sent_to_a_webhook_goes_with_the_ticket(
    superuser_cursor: psycopg.Cursor[Any], receiver: Receiver
) -> None:
    with clock_at(BEGIN - timedelta(days=1)):
        here = desk()
        listen(here, receiver)
    ticket = ended(here)
    late = ENDED + KEPT_FOR - timedelta(days=1)  # nobody ran the relay until then
    with clock_at(late):
        sequence()
        perform(Verb.COMMENT, ticket=ticket, by=here.liaison, text="请评价服务")
        sequence()
    sent = Delivery.objects.filter(endpoint__isnull=False).order_by("pk")
    assert "司马标记" in str([row.body for row in sent])
    assert purged_at(ENDED + KEPT_FOR) == 1
    (row,) = Purge.objects.all()
    assert row.erased["messages"] == len(sent) - 1
    assert [each.topic for each in sent.all() if each.body] == ["ticket.commented"]
    assert words_in(superuser_cursor) == []
    assert not sent.filter(body=None, state="pending").exists()
