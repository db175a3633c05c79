"""Where no webhook goes, however its address is written: not one connection is tried."""

import json
import socket
from functools import partial
from ipaddress import ip_network
from typing import Any
from uuid import uuid4

import pytest

from coordination.delivery.client import NOT_OURS
from coordination.delivery.models import WebhookEndpoint
from coordination.delivery.senders.base import Parcel
from coordination.delivery.senders.registry import send
from coordination.delivery.webhooks.endpoints import change_webhook, looked_up, open_webhook
from projects.record.clock import now
from projects.record.refusals import Invalid
from projects.record.sealing import seal
from tests.coordination.delivery.test_client import URLS, named
from tests.coordination.delivery.webhooks.scene import key_of
from tests.factories.coordination import desk

# Literal addresses: refused when they are typed in, and again when something is sent.
LITERAL = [
    *URLS,
    "https://127.0.0.1/", "https://127.255.255.254/", "https://0.0.0.0/", "https://0x7f.1/",
    "https://017700000001/", "https://0x7f.0x0.0x0.0x1/", "https://127.0.1/", "https://3232235521/",
    "https://192.168.0.1/", "https://172.16.0.1/", "https://172.31.255.255/", "https://10.1/",
    "https://100.64.0.1/", "https://100.127.255.254/", "https://169.254.169.254/",
    "https://2852039166/", "https://0xa9fea9fe/", "https://0251.0376.0251.0376/",
    "https://169.254.170.2/v2/credentials", "https://100.100.100.200/latest/meta-data/",
    "https://192.0.0.192/", "https://192.0.0.170/", "https://198.18.0.1/", "https://192.0.2.1/",
    "https://203.0.113.9/", "https://224.0.0.1/", "https://239.255.255.250:1900/",
    "https://240.0.0.1/", "https://255.255.255.255/", "https://192.88.99.1/", "https://[::]/",
    "https://[::ffff:10.0.0.1]/", "https://[::ffff:a9fe:a9fe]/", "https://[::ffff:7f00:1]/",
    "https://[::7f00:1]/", "https://[64:ff9b::a9fe:a9fe]/", "https://[64:ff9b::10.0.0.1]/",
    "https://[64:ff9b:1::1]/", "https://[2002:7f00:1::]/", "https://[2002:a9fe:a9fe::1]/",
    "https://[2001::1]/", "https://[fe80::1]/", "https://[fe80::1%25lo]/", "https://[fc00::1]/",
    "https://[fd00:ec2::254]/latest/", "https://[fec0::1]/", "https://[ff02::1]/",
    "https://[2001:db8::1]/", "https://[100::1]/", "https://１２７.０.０.１/", "https://127。0。0。1/",
    "http://127.0.0.1:6379/", "http://93.184.216.34/", "https://user:pw@93.184.216.34/",
    "https://93.184.216.34\\@127.0.0.1/", "ldap://127.0.0.1/", "dict://127.0.0.1:11211/",
    "data:text/plain,a", "javascript:1", "HTTPS://LOCALHOST\t/",
]  # fmt: skip
# Names: what they lead to is looked up each time, by a resolver that is ours here.
LEADS_TO = {
    "metadata.example": ["169.254.169.254"], "mapped.example": ["::ffff:127.0.0.1"],
    "shared.example": ["100.64.0.1"], "nat64.example": ["64:ff9b::7f00:1"],
    "many.example": ["224.0.0.1"], "half.example": ["93.184.216.34", "10.0.0.1"],
    "other-half.example": ["10.0.0.1", "93.184.216.34"], "six-to-four.example": ["2002:a00:1::1"],
    "home.example": ["192.168.1.1"], "link.example": ["fe80::1"], "unique.example": ["fd00::1"],
    "any.example": ["0.0.0.0"],  # noqa: S104 - nothing is bound to it
}  # fmt: skip


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every connection that is tried by a sender; the database speaks by other means."""
    tried: list[Any] = []

    def refuse(_self: socket.socket, address: Any) -> None:
        tried.append(address)
        raise OSError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


def sent_to(url: str) -> Any:
    """As if it had got into the database all the same."""
    kept = json.dumps({"url": url, "secrets": []})
    return send(
        Parcel(
            delivery_id=1, claim=uuid4(), claimed_at=now(), message_id=uuid4(),
            channel="webhook", lane="hook:1", tries=1, topic="webhook.test", payload={},
            sealed=seal(kept), body=seal("{}"),
        )
    )  # fmt: skip


def test_there_are_enough() -> None:
    assert len(set(LITERAL)) + len(LEADS_TO) >= 60


@pytest.mark.parametrize("url", LITERAL)
def test_nothing_is_sent_to_a_literal_address(url: str, connections: list[Any]) -> None:
    assert not sent_to(url).is_success
    assert connections == []


@pytest.mark.parametrize("name", LEADS_TO)
def test_nothing_is_sent_to_a_name_that_leads_there(
    name: str, connections: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", named(*LEADS_TO[name]))
    result = sent_to(f"https://{name}/hook")
    assert (result.is_success, result.detail) == (False, NOT_OURS)
    assert connections == []


def test_a_name_that_changes_its_mind_is_asked_once(
    connections: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int, **_options: Any) -> list[Any]:
        asked.append(host)
        return list(named("93.184.216.34" if len(asked) == 1 else "127.0.0.1")(host, port))

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    sent_to("https://rebinding.example/")
    assert (asked, connections) == (["rebinding.example"], [("93.184.216.34", 443)])


def test_the_operators_own_networks_are_not_open_to_enterprises(
    connections: list[Any], settings: Any
) -> None:
    """What a robot may reach, an address that an enterprise typed in may not."""
    settings.OUTBOUND_NETWORKS = [ip_network("10.0.0.0/8")]
    assert not sent_to("http://10.0.0.1/").is_success
    assert not sent_to("https://10.0.0.1/").is_success
    assert connections == []


@pytest.mark.django_db
def test_a_literal_address_is_refused_when_it_is_typed_in() -> None:
    key, _token = key_of(desk())
    for url in LITERAL:
        with pytest.raises(Invalid) as refused:
            open_webhook(to=looked_up(url), by=key)
        assert {(each.path, each.code) for each in refused.value.errors} == {(("url",), "url")}, url
    assert WebhookEndpoint.objects.count() == 0


@pytest.mark.django_db
def test_a_name_that_leads_there_is_refused_when_it_is_typed_in(
    connections: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, _token = key_of(desk())
    unknown = looked_up("https://erp.example.cn/")
    endpoint, _secret = open_webhook(to=unknown, by=key)
    for name, addresses in LEADS_TO.items():
        monkeypatch.setattr(socket, "getaddrinfo", named(*addresses))
        to = looked_up(f"https://{name}/hook")
        for enter in (
            partial(open_webhook, to=to, by=key),
            partial(change_webhook, endpoint=endpoint, to=to, by=key),
        ):
            with pytest.raises(Invalid) as refused:
                enter()
            assert [(each.path, each.code) for each in refused.value.errors] == [(("url",), "url")]
    monkeypatch.setattr(socket, "getaddrinfo", named("93.184.216.34"))
    open_webhook(to=looked_up("https://public.example/hook"), by=key)
    assert sorted(WebhookEndpoint.objects.values_list("host", flat=True)) == [
        "erp.example.cn", "public.example",
    ]  # fmt: skip
    assert connections == []


@pytest.mark.django_db
def test_the_desk_sends_nothing_to_itself(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["desk.example.cn", ".city.example.cn"]
    key, _token = key_of(desk())
    for host in ("desk.example.cn", "DESK.example.cn:8443", "a.city.example.cn", "city.example.cn"):
        with pytest.raises(Invalid) as refused:
            open_webhook(to=looked_up(f"https://{host}/hook"), by=key)
        assert [each.path for each in refused.value.errors] == [("url",)]
    open_webhook(to=looked_up("https://desk.example.com/hook"), by=key)
    assert WebhookEndpoint.objects.get().host == "desk.example.com"
