"""Rate limits: a bucket for each key, and for each address of requests without one.

One script in Valkey takes a request out of the bucket, which fills evenly over a minute (GCRA).
A limit must never cost a filing: if Valkey does not answer within a quarter of a second, requests
are not limited, and the process tries again only after five seconds.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from projects.access.addresses import address_of
from projects.access.models import ApiKey
from projects.access.problems import Problem

log = logging.getLogger(__name__)

WINDOW: Final = 60  # seconds
_PATIENCE: Final = 0.25  # seconds, for the connection and for the answer each
_REST: Final = 5.0  # seconds until Valkey is tried again after a failure
_QUOTA: Final = "zhitongche.quota"
# The bucket is one number: the moment (µs) at which it will be full again.
_TAKE: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local each, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + each
if full - now > window then
    return {-1, full - each - now, full - now - window}
end
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
return {math.floor((window - (full - now)) / each), full - now, 0}
"""
_MICRO: Final = 1_000_000


@dataclass(frozen=True)
class Policy:
    """A limit in requests a minute; ``name`` is its name in the headers."""

    name: str
    per_minute: int


@dataclass(frozen=True)
class Quota:
    """What is left: requests, seconds until the bucket is full, seconds to wait if refused."""

    policy: Policy
    left: int
    whole_in: int
    wait: int


class Circuit:
    """A circuit breaker: after a failure open for ``rest`` seconds, then one call tries again."""

    def __init__(self, rest: float) -> None:
        self.rest = rest
        self._asks_again_at = 0.0

    def ask[Answer](self, question: Callable[[], Answer]) -> Answer | None:
        """Return the answer; None if the circuit is open or the call fails."""
        if self._asks_again_at:
            if time.monotonic() < self._asks_again_at:
                return None
            self._asks_again_at = time.monotonic() + self.rest  # others skip the call
        try:
            answer = question()
        except (redis.RedisError, OSError) as error:
            self._asks_again_at = time.monotonic() + self.rest
            log.warning("no limits for %g s, Valkey is away: %s", self.rest, error)
            return None
        self._asks_again_at = 0.0
        return answer


_circuit: Final = Circuit(_REST)


@cache
def _script() -> Callable[..., Any]:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )  # fmt: skip
    return client.register_script(_TAKE)


def take(policy: Policy, who: str) -> Quota | None:
    """Take one request out of the bucket; None without a limit or if Valkey is unavailable."""
    if not policy.per_minute:
        return None
    each, window = WINDOW * _MICRO / policy.per_minute, WINDOW * _MICRO
    key = f"zhitongche:limit:{policy.name}:{who}"
    answer = _circuit.ask(lambda: _script()(keys=[key], args=[f"{each:.0f}", window]))
    if answer is None:
        return None
    left, whole_in, wait = (int(each) for each in answer)
    refused = left < 0
    return Quota(policy, max(left, 0), _seconds(whole_in), _seconds(wait) if refused else 0)


def _seconds(micro: int) -> int:
    return max(1, -(-micro // _MICRO))


def _charge(request: HttpRequest | Request, policy: Policy, who: str) -> None:
    quota = take(policy, who)
    if quota is None:
        return
    request.META[_QUOTA] = quota
    if quota.wait:
        raise Problem(
            "too-many-requests",
            _("At most %(number)d requests a minute.") % {"number": policy.per_minute},
            wait=quota.wait,
        )


def charge_key(request: HttpRequest | Request, key: ApiKey) -> None:
    """Count a request of the key. Raises Problem (429) beyond its limit."""
    own = key.per_minute
    _charge(request, Policy("key", settings.RATE_PER_KEY if own is None else own), key.key_id)


def charge_address(request: HttpRequest | Request) -> None:
    """Count a request without a valid key. Raises Problem (429) beyond the address's limit."""
    _charge(request, Policy("address", settings.RATE_PER_ADDRESS), address_of(request))


class ByAddress(BaseThrottle):
    """The throttle of pages that need no key; elsewhere the authentication counts."""

    def allow_request(self, request: Request, view: Any) -> bool:  # noqa: ARG002 - the framework names it
        """Return True, or raise Problem (429)."""
        if not request.authenticators:
            charge_address(request)
        return True


def show_quota(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """Middleware: send what is left, in the headers of draft-ietf-httpapi-ratelimit-headers."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        quota: Quota | None = request.META.get(_QUOTA)
        if quota is not None:
            name = quota.policy.name
            response["RateLimit-Policy"] = f'"{name}";q={quota.policy.per_minute};w={WINDOW}'
            response["RateLimit"] = f'"{name}";r={quota.left};t={quota.whole_in}'
        return response

    return answer
