"""Where the only network client will not go, however it is asked."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from threading import Event
from typing import Any

import pytest

from coordination.delivery import client
from coordination.delivery.client import SLOW_NAME, Forbidden, Unreachable, is_public, post
from tests.coordination.delivery.receiver import LONGEST, Receiver, hang

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",  # noqa: S104 - an address to be refused
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.254", "192.0.0.1", "192.0.2.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1",
    "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254",
    "fe80::1", "fec0::1", "ff02::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "223.5.5.5"]
URLS = [
    "https://localhost/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0177.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://0/",
    "https://169.254.169.254/latest/meta-data/", "https://[fd00:ec2::254]/", "https://10.0.0.1/",
    "https://user@127.0.0.1/", "https://127.0.0.1:8443/", "https://①②⑦.0.0.1/",
    "file:///etc/passwd", "ftp://1.1.1.1/", "gopher://127.0.0.1:6379/_FLUSHALL", "http://1.1.1.1/",
    "//127.0.0.1/", "https:///", "https://", "", "https://1.1.1.1:99999/", "https://[::1/",
    "https://1.1.1.1/ \r\nX: 1", "https://1.1.1.1/路", "https://a b/", "https://\x00/",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every connection that is tried, none of which happens."""
    tried: list[Any] = []

    def refuse(_self: socket.socket, address: Any) -> None:
        tried.append(address)
        raise OSError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


@pytest.mark.parametrize("url", URLS)
def test_no_connection_is_tried(url: str, connections: list[Any]) -> None:
    with pytest.raises(Unreachable):
        post(url, body=b"{}", headers={}, networks=[])
    assert connections == []


def named(*addresses: str) -> Any:
    def resolve(_host: str, port: int, **_options: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    return resolve


def test_one_private_address_among_public_ones_forbids_the_name(
    connections: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", named("1.1.1.1", "10.0.0.1"))
    with pytest.raises(Forbidden):
        post("https://rebinding.example/", body=b"{}", headers={}, networks=[])
    assert connections == []


def test_the_address_that_was_checked_is_the_one_connected_to(
    connections: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is asked for once, so what it says the second time is of no use."""
    asked: list[str] = []

    def resolve(host: str, port: int, **_options: Any) -> list[Any]:
        asked.append(host)
        return named("1.1.1.1" if len(asked) == 1 else "127.0.0.1")(host, port)  # type: ignore[no-any-return]  # as the resolver's own

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(Unreachable):
        post("https://rebinding.example/", body=b"{}", headers={}, networks=[])
    assert (asked, connections) == (["rebinding.example"], [("1.1.1.1", 443)])


@contextmanager
def hanging(*hosts: str) -> Iterator[list[str]]:
    """The system's resolver, which has no answer for these until the block ends."""
    end, asked, real = Event(), [], socket.getaddrinfo

    def resolve(host: str, *rest: Any, **options: Any) -> list[Any]:
        if host not in hosts:
            return list(real(host, *rest, **options))
        asked.append(host)
        end.wait(LONGEST)
        raise socket.gaierror

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", resolve)
        try:
            yield asked
        finally:
            end.set()


def test_a_name_that_nobody_answers_for_is_not_waited_for(
    connections: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "LOOKUP", 0.2)
    began = time.monotonic()
    with hanging("hang.example") as asked:
        for _each in range(3):
            with pytest.raises(Unreachable, match=SLOW_NAME):
                post("https://hang.example/", body=b"{}", headers={}, networks=[])
        assert time.monotonic() - began < LONGEST / 2
        assert (asked, connections) == (["hang.example"], [])  # once, however often it is tried


def test_looking_up_is_within_the_deadline(
    receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the name took is not there for the answer any more: 0.2 of 3 seconds are left."""
    receiver.always["/"], real = hang, socket.getaddrinfo

    def resolve(*given: Any, **options: Any) -> list[Any]:
        time.sleep(2.8)
        return list(real(*given, **options))

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(Unreachable):
        post(
            receiver.address("/"), body=b"{}", headers={}, deadline=3,
            networks=settings.OUTBOUND_NETWORKS,
        )  # fmt: skip
    ended = time.monotonic()
    assert all(ended - each.at < 2 for each in receiver.received)


def test_a_network_is_reached_only_where_it_is_named(receiver: Receiver, settings: Any) -> None:
    named = settings.OUTBOUND_NETWORKS
    assert post(receiver.address("/"), body=b"{}", headers={}, networks=named).status == 200
    with pytest.raises(Forbidden):
        post(receiver.address("/"), body=b"{}", headers={}, networks=[])
    assert len(receiver.received) == 1
