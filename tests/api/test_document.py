"""The OpenAPI document: valid, without a key, and true of what is really answered."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from coordination.bulletins.build import build
from coordination.bulletins.week import SHANGHAI
from coordination.tickets.handle import accept
from projects.access.models import Scope
from projects.record.clock import clock_at
from tests.api.scene import client_with, filing
from tests.api.test_routes import MATRIX
from tests.factories.coordination import LINES, desk, filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def spec() -> dict[str, Any]:
    answer = Client().get("/api/schema/?format=json")
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_it_is_valid_and_the_same_in_both_forms(spec: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(spec).validate()
    assert spec["openapi"] == "3.1.0"
    written = Client().get("/api/schema/")
    assert yaml.safe_load(written.content) == spec


def address(name: str, names: list[str]) -> str:
    """As the document writes it."""
    made = reverse(f"api:{name}", args=[9000 + place for place, _name in enumerate(names)])
    for place, each in enumerate(names):
        made = made.replace(f"/{9000 + place}/", f"/{{{each}}}/")
    return made


def test_every_route_and_method_is_in_it(spec: dict[str, Any]) -> None:
    described = sorted((path, method) for path, method, _operation in operations(spec))
    asked = sorted(
        (
            address(name, route.names.split()),
            method.lower(),
        )
        for name, route in MATRIX.items()
        for method in route.scopes
    )
    assert described == asked


def test_every_operation_says_what_it_needs_and_what_may_go_wrong(spec: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _path, _method, operation in operations(spec)]
    assert len(ids) == len(set(ids))
    for path, method, operation in operations(spec):
        assert operation["summary"], path
        assert operation["security"] == [{"key": []}], path
        answers = set(operation["responses"])
        assert answers >= {"401", "403"}, (path, method)
        headers = {each["name"] for each in operation.get("parameters", [])}
        if method == "post":
            assert "Idempotency-Key" in headers, path
            assert answers >= {"400", "409", "422"}, path


def validator(spec: dict[str, Any], path: str, method: str, status: int) -> Draft202012Validator:
    answer = spec["paths"][path][method]["responses"][str(status)]["content"]
    (media,) = answer.values()
    return Draft202012Validator({**media["schema"], "components": spec["components"]})


@pytest.mark.parametrize("kind", LINES)
def test_what_is_answered_is_what_is_described(spec: dict[str, Any], kind: str) -> None:
    at = desk()
    ticket = filed(at, kind)
    accept(ticket=ticket, by=at.liaison)
    client = client_with(at.token)
    headers = {"Idempotency-Key": "k"}
    filed_now = client.post(
        "/api/v1/tickets/", filing(kind, project=at.project.code), headers=headers
    )
    wrong = client.post(
        "/api/v1/tickets/", filing(kind, title=""), headers={"Idempotency-Key": "l"}
    )
    bare = "/api/v1/tickets/{number}/"
    asked: list[tuple[str, str, int, Any]] = [
        ("/api/v1/tickets/", "post", 201, filed_now),
        ("/api/v1/tickets/", "post", 404, wrong),
        ("/api/v1/tickets/", "get", 200, client.get("/api/v1/tickets/")),
        (bare, "get", 200, client.get(f"/api/v1/tickets/{ticket.number}/")),
        (bare, "get", 404, client.get("/api/v1/tickets/none/")),
        (bare + "events/", "get", 200, client.get(f"/api/v1/tickets/{ticket.number}/events/")),
        ("/api/v1/events/", "get", 200, client.get("/api/v1/events/")),
        ("/api/v1/projects/", "get", 200, client.get("/api/v1/projects/")),
        ("/api/v1/keys/", "get", 403, client.get("/api/v1/keys/")),
    ]
    for path, method, status, answer in asked:
        assert answer.status_code == status, (path, answer.json())
        errors = list(validator(spec, path, method, status).iter_errors(answer.json()))
        assert errors == [], (path, [(each.json_path, each.message) for each in errors])


@pytest.mark.django_db(transaction=True)
def test_a_bulletin_is_what_is_described(spec: dict[str, Any]) -> None:
    cut_off = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
    with clock_at(cut_off - timedelta(days=1)):
        at = desk()
        filed(at)
    build(cut_off=cut_off)
    client = client_with(at.token)
    for path, url in (
        ("/api/v1/bulletins/", "/api/v1/bulletins/"),
        ("/api/v1/bulletins/{day}/", "/api/v1/bulletins/2020-03-09/"),
    ):
        answer = client.get(url)
        assert answer.status_code == 200
        errors = list(validator(spec, path, "get", 200).iter_errors(answer.json()))
        assert errors == [], [(each.json_path, each.message) for each in errors]


def test_the_pages_about_it_load_nothing_from_elsewhere() -> None:
    page = Client().get("/api/docs/").content.decode()
    hosts = set(re.findall(r"(?:src|href|url)\s*[=:(]\s*[\"']?((?:https?:)?//[^\"')\s]+)", page))
    assert hosts == set()


def test_scopes_have_no_secret_names() -> None:
    assert [scope.value for scope in Scope] == ["read", "file", "act", "keys", "webhooks"]


def test_health() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
