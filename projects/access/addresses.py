"""Redirects for addresses with or without the last slash, and the caller's IP address."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware
from rest_framework.request import Request


class _SameMethod(HttpResponsePermanentRedirect):
    """A 308 redirect: clients repeat a request after a 301 by GET, and would lose its body."""

    status_code = 308


class KeepMethod(CommonMiddleware):
    """Django's own middleware, whose redirects keep the method and the body."""

    response_redirect_class = _SameMethod


def address_of(request: HttpRequest | Request) -> str:
    """The caller's IP address; for IPv6 his /64 network, because he has many addresses.

    Behind our proxy it is the last entry of X-Forwarded-For, which the proxy wrote; the entries
    before it were written by the caller.
    """
    given: str = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        given = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or given
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)
