"""Redirects for addresses with or without the last slash, and the caller's IP address."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware
from rest_framework.request import Request

from projects.record.acts import acting_from

type Answer = Callable[[HttpRequest], HttpResponse]


class _SameMethod(HttpResponsePermanentRedirect):
    """A 308 redirect: clients repeat a request after a 301 by GET, and would lose its body."""

    status_code = 308


class KeepMethod(CommonMiddleware):
    """Django's own middleware, whose redirects keep the method and the body."""

    response_redirect_class = _SameMethod


type Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _caller(request: HttpRequest | Request) -> Address | None:
    """The caller's IP address; None if it cannot be read.

    Each of our proxies adds the address that it was called from to X-Forwarded-For. So behind two
    of them it is the last entry but one; the entries before were written by the caller.
    """
    hops = [request.META.get("REMOTE_ADDR", "")]
    if settings.PROXY_COUNT:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        hops = [each.strip() for each in forwarded if each.strip()][-settings.PROXY_COUNT :] or hops
    try:
        address = ipaddress.ip_address(hops[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def address_of(request: HttpRequest | Request) -> str:
    """The caller as limits count him: for IPv6 his /64 network, because he has many addresses."""
    address = _caller(request)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or "unknown")


def locked_address(request: HttpRequest) -> str | None:
    """The same as a plain address, for django-axes."""
    found = address_of(request).partition("/")[0]
    return None if found == "unknown" else found


def remember_address(get_response: Answer) -> Answer:
    """Middleware: acts that the request leads to are recorded with the caller's address."""

    def answer(request: HttpRequest) -> HttpResponse:
        address = _caller(request)
        with acting_from(str(address) if address else None):
            return get_response(request)

    return answer
