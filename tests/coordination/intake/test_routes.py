"""Every route × method × caller. A route that is in no row here fails the build."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.test import APIClient

from coordination.delivery.models import WebhookEndpoint
from coordination.delivery.signing import written_id
from coordination.delivery.webhooks.endpoints import looked_up, open_webhook
from coordination.delivery.webhooks.replay import send_test_webhook
from coordination.tickets.attachments.attach import attach
from projects.access.keys import issue_key, revoke_key
from projects.access.models import ApiKey, Scope
from projects.progress.reporters import name_reporter
from projects.record.clock import clock_at, now
from tests.coordination.intake.scene import client_with
from tests.coordination.intake.test_act import record
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    """Which scope each method asks for, and whose object the address names, if any.

    ``names`` are what the address is made with, in its order.
    """

    scopes: dict[str, Scope]
    names: str = ""


_READ: Final = {"GET": Scope.READ}
_ACT: Final = {"POST": Scope.ACT}
_KEYS: Final = {"POST": Scope.KEYS}
_HOOKS: Final = {"POST": Scope.WEBHOOKS}
MATRIX: Final[dict[str, Route]] = {
    "bulletins": Route(_READ),
    "bulletin": Route(_READ, "day"),
    "bulletin-file": Route(_READ, "day kind"),
    "bulletin-tickets": Route(_READ, "day"),
    "bulletin-extra": Route(_READ, "year issue"),
    "bulletin-extra-file": Route(_READ, "year issue kind"),
    "bulletin-extra-tickets": Route(_READ, "year issue"),
    "feed": Route(_READ),
    "keys": Route({"GET": Scope.KEYS, **_KEYS}),
    "key": Route({"GET": Scope.KEYS}, "key_id"),
    "key-rotate": Route(_KEYS, "key_id"),
    "key-revoke": Route(_KEYS, "key_id"),
    "now": Route(_READ),
    "projects": Route(_READ),
    "project": Route(_READ, "code"),
    "project-reports": Route({**_READ, **_ACT}, "code"),
    "project-reports-unchanged": Route(_ACT, "code"),
    "project-investment": Route(_READ, "code"),
    "project-investment-acknowledgement": Route(_ACT, "code"),
    "project-investment-months": Route(_ACT, "code"),
    "project-reporters": Route({**_READ, **_ACT}, "code"),
    "project-reporter-end": Route(_ACT, "code reporter"),
    "tickets": Route({"GET": Scope.READ, "POST": Scope.FILE}),
    "tickets-bulk": Route({"POST": Scope.FILE}),
    "tickets-upload": Route({"POST": Scope.FILE}),
    "ticket": Route(_READ, "number"),
    "ticket-events": Route(_READ, "number"),
    "ticket-supplement": Route(_ACT, "number"),
    "ticket-withdraw": Route(_ACT, "number"),
    "ticket-lines": Route(_ACT, "number"),
    "ticket-amend": Route(_ACT, "number"),
    "ticket-propose-amendment": Route(_ACT, "number"),
    "ticket-urge": Route(_ACT, "number"),
    "ticket-redo": Route(_ACT, "number"),
    "ticket-revive": Route(_ACT, "number"),
    "ticket-confirm": Route(_ACT, "number"),
    "ticket-comments": Route(_ACT, "number"),
    "ticket-attachments": Route({**_READ, **_ACT}, "number"),
    "ticket-attachment": Route(_READ, "number attachment"),
    "ticket-attachment-withdraw": Route(_ACT, "number attachment"),
    "webhooks": Route({"GET": Scope.WEBHOOKS, **_HOOKS}),
    "webhook": Route(
        {"GET": Scope.WEBHOOKS, "PATCH": Scope.WEBHOOKS, "DELETE": Scope.WEBHOOKS}, "endpoint_id"
    ),
    "webhook-secret": Route(_HOOKS, "endpoint_id"),
    "webhook-test": Route(_HOOKS, "endpoint_id"),
    "webhook-deliveries": Route({"GET": Scope.WEBHOOKS}, "endpoint_id"),
    "webhook-delivery": Route({"GET": Scope.WEBHOOKS}, "endpoint_id message"),
    "webhook-delivery-retry": Route(_HOOKS, "endpoint_id message"),
    "webhook-replay": Route(_HOOKS, "endpoint_id"),
}
CELLS: Final = [(name, method) for name in MATRIX for method in METHODS]


def routes() -> Iterator[str]:
    """The name of every address below /api/v1/, as the URLconf has them."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[str]:
        for pattern in patterns:
            here = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, here)
            elif isinstance(pattern, URLPattern) and here.startswith("api/v1/"):
                yield str(pattern.name)

    return walk(get_resolver().url_patterns, "")


@dataclass
class Scene:
    """One enterprise's objects, and callers of every sort."""

    at: Desk
    address: dict[str, str]
    callers: dict[str, APIClient | Client] = field(default_factory=dict)


def build() -> Scene:
    at, other = desk(), desk()
    ticket = filed(at)
    attach(ticket=ticket, file=SimpleUploadedFile("a.txt", b"a"), by=at.key)
    scopes = list(Scope)
    everything: dict[str, Any] = {"name": "a", "scopes": scopes, "by": at.director}
    soon = now() + timedelta(hours=1)
    expiring = issue_key(enterprise=at.enterprise, expires_at=soon, **everything)
    revoked = issue_key(enterprise=at.enterprise, **everything)
    revoke_key(key=revoked[0], by=at.director)
    endpoint, _secret = open_webhook(to=looked_up("https://erp.example.cn/hooks"), by=expiring[0])
    delivery = send_test_webhook(endpoint=endpoint, by=expiring[0])
    reporter = name_reporter(project=at.project, name="王五", by=at.key)
    session = Client()
    session.force_login(at.director)
    scene = Scene(
        at,
        {
            "number": ticket.number, "code": at.project.code, "key_id": at.key.key_id,
            "day": "2020-03-09", "year": "2020", "issue": "1", "kind": "pdf",
            "attachment": "1", "reporter": str(reporter.pk),
            "endpoint_id": endpoint.endpoint_id,
            "message": written_id(delivery.message_id),
        },
    )  # fmt: skip
    scene.callers = {
        "anonymous": client_with(""),
        "nonsense": client_with("x.y"),
        "expired": client_with(expiring[1]),
        "revoked": client_with(revoked[1]),
        "session": session,
        "other": client_with(issue_key(enterprise=other.enterprise, **everything)[1]),
        "own": client_with(issue_key(enterprise=at.enterprise, **everything)[1]),
    }
    return scene


def call(scene: Scene, caller: str, name: str, method: str) -> Any:
    route = MATRIX[name]
    url = reverse(f"api:{name}", args=[scene.address[each] for each in route.names.split()])
    headers = {"Idempotency-Key": f"{caller}-{name}", "If-Match": '"v1"'}
    client = scene.callers[caller]
    return client.generic(method, url, "{}", content_type="application/json", headers=headers)


def test_every_route_is_in_the_matrix() -> None:
    assert sorted(routes()) == sorted(MATRIX)


@pytest.mark.parametrize("caller", ["anonymous", "nonsense", "expired", "revoked", "session"])
def test_nobody_gets_in_without_a_key_that_opens(caller: str) -> None:
    scene = build()
    before = record(), list(ApiKey.objects.values())
    with clock_at(now() + timedelta(hours=2)):
        for name, method in CELLS:
            answer = call(scene, caller, name, method)
            said = (answer.status_code, answer["Content-Type"])
            assert said == (401, "application/problem+json"), (name, method)
            assert answer["WWW-Authenticate"] == "Bearer"
    assert (record(), list(ApiKey.objects.values())) == before


def test_methods_that_a_route_has_not() -> None:
    scene = build()
    for name, method in CELLS:
        if method not in MATRIX[name].scopes:
            answer = call(scene, "own", name, method)
            said = (answer.status_code, answer.json()["type"])
            assert said == (405, "/problems/method-not-allowed"), (name, method)


def everything() -> list[Any]:
    keys = list(ApiKey.objects.values("key_id", "revoked_at", "expires_at"))
    return [record(), keys, list(WebhookEndpoint.objects.values())]


def test_another_enterprises_objects_are_not_there() -> None:
    scene = build()
    before = everything()
    for name, method in CELLS:
        route = MATRIX[name]
        if method in route.scopes and route.names not in {"", "day"}:
            answer = call(scene, "other", name, method)
            assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
            assert scene.at.enterprise.name not in answer.content.decode()
    assert everything() == before


def test_each_method_asks_for_its_scope() -> None:
    scene = build()
    for name, method in CELLS:
        needed = MATRIX[name].scopes.get(method)
        if needed is None:
            continue
        enough = {needed, Scope.READ_MASKED} if needed == Scope.READ else {needed}
        if name == "ticket-attachment":
            # In a file nothing is masked, and who reads masked has no webhooks.
            enough = {needed, Scope.WEBHOOKS}
        others = [scope for scope in Scope if scope not in enough]
        for scopes, refused in (([needed], False), (others, True)):
            _key, token = issue_key(
                enterprise=scene.at.enterprise, name="b", scopes=scopes, by=scene.at.director
            )
            scene.callers["some"] = client_with(token)
            answer = call(scene, "some", name, method)
            assert (answer.status_code == 403) == refused, (name, method, scopes)
            ApiKey.objects.filter(name="b").update(revoked_at=now())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_problems_of_the_protocol(language: str) -> None:
    scene = build()
    own = scene.callers["own"]
    assert isinstance(own, APIClient)
    own.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    own._credentials["HTTP_ACCEPT_LANGUAGE"] = language  # type: ignore[attr-defined]  # the client's own headers
    tickets = reverse("api:tickets")
    as_text = own.post(tickets, "a", content_type="text/plain", headers={"Idempotency-Key": "k"})
    asked: list[tuple[Any, int, str]] = [
        (own.get("/api/v1/nowhere/"), 404, "not-found"),
        (own.get(f"{tickets}%00/"), 404, "not-found"),
        (own.get(f"{tickets}?x=%00"), 400, "malformed"),
        (own.delete(tickets), 405, "method-not-allowed"),
        (own.get(tickets, headers={"Accept": "text/csv"}), 406, "not-acceptable"),
        (as_text, 415, "unsupported-media-type"),
    ]
    titles = set()
    for answer, status, kind in asked:
        body = answer.json()
        assert (answer.status_code, body["type"]) == (status, f"/problems/{kind}")
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["Content-Language"] == language
        titles.add(body["title"])
    chinese = {each for each in titles if any("一" <= mark <= "龥" for mark in each)}
    assert chinese == (titles if language == "zh-hans" else set())


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("?format=xml", "*/*"), ("?format=csv", "application/json"), ("?format=api", "*/*"),
        ("", "application/xml"), ("", "text/csv"), ("?format=json", "application/xml"),
    ],
)  # fmt: skip
def test_an_answer_in_a_format_that_there_is_not(query: str, accept: str) -> None:
    scene = build()
    before = everything()
    addresses = [reverse(f"api:{name}") for name in ("now", "tickets", "feed", "tickets-upload")]
    client = scene.callers["own"]
    for address in [*addresses, "/api/schema/"]:
        method = client.post if address == reverse("api:tickets-upload") else client.get
        answer: Any = method(address + query, headers={"Accept": accept, "Idempotency-Key": "k"})
        body = answer.json()
        assert (answer.status_code, body["type"]) == (406, "/problems/not-acceptable"), address
        assert answer["Content-Type"] == "application/problem+json"
    filed: Any = client.post(
        reverse("api:tickets") + query, {}, headers={"Accept": accept, "Idempotency-Key": "k"}
    )
    assert filed.status_code == 406
    assert everything() == before
