"""Parse the settings of outgoing messages. Raises ValueError if one is invalid."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, Final
from urllib.parse import unquote, urlsplit

_DOMAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_MAIL: Final = {  # scheme → back end, port, STARTTLS, implicit TLS
    "smtp": ("smtp", 25, False, False),
    "smtp+tls": ("smtp", 587, True, False),
    "smtps": ("smtp", 465, False, True),
    "console": ("console", 0, False, False),
    "file": ("filebased", 0, False, False),
    "none": ("dummy", 0, False, False),
}


def mail(address: str) -> dict[str, Any]:
    """Django's settings for the mail server, or for the directory that stores mail."""
    url = urlsplit(address)
    if url.scheme not in _MAIL or (url.scheme.startswith("smtp") and not url.hostname):
        raise ValueError("must be smtp+tls://user:password@host:587, or smtps://, or smtp://")
    backend, port, by_starttls, from_the_start = _MAIL[url.scheme]
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{backend}.EmailBackend",
        "EMAIL_OFFERED": url.scheme != "none",
        "EMAIL_HOST": url.hostname or "",
        "EMAIL_PORT": url.port or port,
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": by_starttls,
        "EMAIL_USE_SSL": from_the_start,
        "EMAIL_FILE_PATH": url.path,
    }


def networks(given: Sequence[str]) -> list[IPv4Network | IPv6Network]:
    """Parse each as a network; a single address is a network of one."""
    return [ip_network(each) for each in given]


def domains(given: Sequence[str]) -> frozenset[str]:
    """Each as the part of an e-mail address after the @, in small letters."""
    found = frozenset(each.strip().lower().removeprefix("@") for each in given)
    for each in found:
        if not _DOMAIN.fullmatch(each):
            raise ValueError("must be domains such as zdb.example.gov.cn, separated by commas")
    return found
