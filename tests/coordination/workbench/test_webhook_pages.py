"""The pages of enterprises' webhooks: who sees them, and who may stop one."""

import pytest
from django.test import Client
from django.urls import reverse

from coordination.delivery.models import Because, Delivery, State, WebhookEndpoint
from coordination.staff.models import Officer
from tests.coordination.delivery.conftest import receiver as receiver  # noqa: PLC0414 - a fixture
from tests.coordination.delivery.receiver import Receiver, answer
from tests.coordination.delivery.webhooks.scene import listen, say, send
from tests.coordination.workbench.test_delivery_pages import as_
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db(transaction=True)
LIST = reverse("admin:delivery_webhookendpoint_changelist")
DELIVERIES = reverse("admin:delivery_delivery_changelist")


def page_of(endpoint: WebhookEndpoint) -> str:
    return reverse("admin:delivery_webhookendpoint_change", args=[endpoint.pk])


def verb_of(endpoint: WebhookEndpoint, verb: str) -> str:
    return reverse(f"admin:delivery_webhookendpoint_{verb}", args=[endpoint.pk])


@pytest.fixture
def at() -> Desk:
    return desk()


def heard(at: Desk, receiver: Receiver) -> WebhookEndpoint:
    """It failed once; words of the enterprise wait for it."""
    receiver.always["/hush-hush"] = answer(500)
    endpoint, _secret = listen(at, receiver, "/hush-hush")
    say(filed(at), at, "司马标记")
    send()
    return endpoint


def said(client: Client, address: str) -> str:
    shown = client.get(address)
    assert shown.status_code == 200
    return shown.content.decode()


@pytest.mark.parametrize("who", ["duty_desk", "director", "auditor"])
def test_the_centre_and_the_auditor_see_how_each_is_doing(
    at: Desk, receiver: Receiver, who: str
) -> None:
    endpoint = heard(at, receiver)
    client = as_(getattr(at, who))
    whole = said(client, LIST) + said(client, page_of(endpoint))
    deliveries = said(client, f"{DELIVERIES}?endpoint={endpoint.pk}")
    (row, _waiting) = Delivery.objects.filter(endpoint=endpoint).order_by("pk")
    address = reverse("admin:delivery_delivery_change", args=[row.pk])
    assert at.enterprise.name in whole
    assert "未送达" in whole
    assert "提交" in deliveries
    for hidden in ("hush-hush", "whsec_", "司马标记"):
        assert hidden not in whole + deliveries + said(client, address)


@pytest.mark.parametrize("who", ["liaison", "lead"])
def test_nobody_else_does(at: Desk, receiver: Receiver, who: str) -> None:
    endpoint = heard(at, receiver)
    client = as_(getattr(at, who))
    assert client.get(LIST).status_code == 403
    assert client.get(page_of(endpoint)).status_code == 403
    assert at.enterprise.name not in said(client, f"{DELIVERIES}?endpoint={endpoint.pk}")


def test_disabled_with_a_reason_and_allowed_again(at: Desk, receiver: Receiver) -> None:
    endpoint = heard(at, receiver)
    client = as_(at.duty_desk)
    address = verb_of(endpoint, "disable")
    assert "停用" in said(client, address)
    empty = client.post(address, {"reason": " "})
    assert "此字段必填" in empty.content.decode() or "必填" in empty.content.decode()
    endpoint.refresh_from_db()
    assert endpoint.is_enabled
    client.post(address, {"reason": "测试地址"})
    endpoint.refresh_from_db()
    assert (endpoint.is_enabled, endpoint.disabled_because, endpoint.disabled_note) == (
        False, Because.DESK, "测试地址",
    )  # fmt: skip
    assert not Delivery.objects.filter(endpoint=endpoint, state=State.PENDING).exists()
    client.post(verb_of(endpoint, "allow"))
    endpoint.refresh_from_db()
    assert (endpoint.is_enabled, endpoint.disabled_because, endpoint.disabled_note) == (
        True,
        "",
        "",
    )


def test_the_auditor_changes_nothing(at: Desk, receiver: Receiver) -> None:
    endpoint = heard(at, receiver)
    before = list(WebhookEndpoint.objects.values()), list(Delivery.objects.values())
    auditor: Officer = at.auditor
    for verb in ("disable", "allow"):
        assert as_(auditor).post(verb_of(endpoint, verb), {"reason": "无"}).status_code == 403
    assert (list(WebhookEndpoint.objects.values()), list(Delivery.objects.values())) == before


def test_what_went_to_an_enterprise_is_the_centres_to_send_again(
    at: Desk, receiver: Receiver
) -> None:
    endpoint = heard(at, receiver)
    row = Delivery.objects.filter(endpoint=endpoint).order_by("pk")[0]
    Delivery.objects.filter(pk=row.pk).update(state=State.DEAD)
    address = reverse("admin:delivery_delivery_replay_one", args=[row.pk])
    as_(at.director).post(address)
    row.refresh_from_db()
    assert (row.state, row.tries) == (State.PENDING, 0)
