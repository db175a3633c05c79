"""A ticket in progress, and departments that are asked about it."""

from datetime import datetime, timedelta
from typing import Any, Final

from coordination.delivery.models import Delivery, Notice
from coordination.parties.models import Department
from coordination.referrals.flow import ReferralVerb
from coordination.referrals.links import order_key
from coordination.referrals.models import Chase, Referral, ReferralLink
from coordination.tickets.flow import Verb
from coordination.tickets.models import EventText, Ticket, TicketEvent
from coordination.tickets.verbs.registry import perform
from projects.record.sealing import unseal
from projects.worktime.calendar import SHANGHAI
from tests.factories.coordination import Desk, filed

TRAFFIC: Final = "市公安局交通警察支队"
HEALTH: Final = "市卫生健康委员会"
MAIL: Final = "jiaojing@example.com"
SAID: Final[dict[str, Any]] = {"answer": "已通知卡口放行", "verdict": "done"}


def on(day: int, hour: int = 9, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2020, month, day, hour, minute, tzinfo=SHANGHAI)


def department(name: str = TRAFFIC, *, email: str = MAIL) -> Department:
    Department.objects.filter(name=name).update(email=email)
    return Department.objects.get(name=name)


def accepted(at: Desk) -> Ticket:
    return perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)


def referred(
    at: Desk, ticket: Ticket | None = None, to: Department | None = None, **values: Any
) -> Referral:
    """The referral of a ticket in progress; to the traffic police by mail unless said."""
    given: dict[str, Any] = {"matter": "请协调G30洛阳站放行防疫物资车辆", "by": at.liaison} | values
    perform(
        ReferralVerb.REFER, ticket=ticket or accepted(at), department=to or department(), **given
    )
    return Referral.objects.latest("pk")


def address_of(referral: Referral) -> str:
    """The path of the link that waits in the outbox."""
    letter = Delivery.objects.filter(order_key=order_key(referral), sealed_link__gt="").latest("pk")
    return "/" + unseal(letter.sealed_link or "").split("/", 3)[3]


def token_of(referral: Referral) -> str:
    return address_of(referral).strip("/").rpartition("/")[2]


def everything(ticket: Ticket) -> tuple[Any, ...]:
    """All that a refused verb must leave as it was."""
    tables = (TicketEvent, EventText, Referral, ReferralLink, Chase, Delivery, Notice)
    rows = Ticket.objects.filter(pk=ticket.pk).values().get()
    return (rows, *(list(table.objects.order_by("pk").values()) for table in tables))


DAY: Final = timedelta(days=1)
