"""Addresses: of ours, without their last slash; and of the caller."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware
from rest_framework.request import Request


class _SameMethod(HttpResponsePermanentRedirect):
    """308: a client told 301 would come again with GET, and its filing would be lost unseen."""

    status_code = 308


class KeepMethod(CommonMiddleware):
    """Django's own middleware, whose redirects keep the method and the body."""

    response_redirect_class = _SameMethod


def address_of(request: HttpRequest | Request) -> str:
    """Where the caller sits: his address, or his network where it is IPv6 and he has many.

    Behind a proxy of ours it is what the proxy itself wrote last; what stands before that in the
    header was written by the caller.
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
