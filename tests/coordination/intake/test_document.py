"""The OpenAPI document: valid, without a key, and true of what is really answered."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from config.embedded import PROJECT
from coordination.bulletins.week import SHANGHAI
from coordination.delivery.models import Delivery
from coordination.delivery.signing import written_id
from coordination.delivery.webhooks.endpoints import looked_up, open_webhook
from coordination.delivery.webhooks.replay import send_test_webhook
from coordination.intake.api_filters import TicketFilter, TicketPages
from coordination.intake.feed.sequence import sequence
from coordination.tickets.attachments.attach import attach
from coordination.tickets.flow import Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.verbs.handle import accept
from coordination.tickets.verbs.link import mark_duplicate
from coordination.tickets.verbs.registry import perform
from projects.access.keys import issue_key
from projects.access.models import ApiKey, Scope
from projects.access.problem_types import PROBLEMS
from projects.house.rooms import webhook_topics
from projects.investment.issue import issue_plan
from projects.investment.plan import set_plan
from projects.progress.report import report
from projects.progress.reporters import name_reporter
from projects.record.clock import clock_at, now
from projects.register.registration import add_participant
from tests.coordination.intake.scene import client_with, filing
from tests.coordination.intake.served_document import operations, served, todays
from tests.coordination.intake.test_act import BY_STAFF
from tests.coordination.intake.test_routes import MATRIX
from tests.factories.bulletins import draft_of, in_force
from tests.factories.coordination import LINES, Desk, desk, filed, project

CHINESE = re.compile("[\u4e00-\u9fff]")
EXAMPLE: dict[str, Any] = {"application/json": {"examples": {"Nothing": {"value": {}}}}}
BODILESS: dict[str, Any] = {"required": True, "content": EXAMPLE}  # as good as an empty object
JSON = {"application/json"}  # a form has no example: it is shown by a line of curl
REPORTS = "/api/v1/projects/{code}/reports/"
INVESTMENT = "/api/v1/projects/{code}/investment/"
PROBLEM = "application/problem+json"
pytestmark = pytest.mark.django_db


@pytest.fixture
def spec() -> dict[str, Any]:
    return todays()


def test_it_is_valid_and_the_same_in_both_forms(spec: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(spec).validate()
    assert spec["openapi"] == "3.1.0"
    written = Client().get("/api/schema/")
    assert yaml.safe_load(written.content) == spec


def address(name: str, names: list[str]) -> str:
    """As the document writes it."""
    made = reverse(f"api:{name}", args=[9000 + place for place, _name in enumerate(names)])
    for place, each in enumerate(names):
        made = made.replace(str(9000 + place), f"{{{each}}}")
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
        assert operation["description"], path
        assert operation["security"] == [{"key": []}], path
        assert not CHINESE.search(operation["summary"] + operation["description"]), path
        answers = set(operation["responses"])
        assert answers >= {"401", "403", "406", "503"}, (path, method)
        assert all(each["description"] for each in operation["responses"].values()), path
        assert "Retry-After" in operation["responses"]["503"]["headers"]
        assert all(each["description"] for each in operation["parameters"]), (path, method)
        headers = {each["name"] for each in operation["parameters"]}
        assert "Accept-Language" in headers
        if method == "post":
            assert "Idempotency-Key" in headers, path
            assert answers >= {"400", "409", "413", "415", "422"}, path
            assert operation.get("requestBody", BODILESS)["required"], path
            done = [each for code, each in operation["responses"].items() if code[0] == "2"]
            assert all("Idempotent-Replayed" in each["headers"] for each in done)


def test_it_names_its_server_and_what_it_sends_to_others(spec: dict[str, Any]) -> None:
    assert [each["url"] for each in spec["servers"]] == ["http://testserver"]
    elsewhere = Client().get("/api/schema/?format=json", headers={"Host": "localhost:8318"})
    assert elsewhere.json()["servers"][0]["url"] == "http://localhost:8318"
    (sent,) = spec["webhooks"].values()
    body = sent["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["properties"]["type"]["enum"]) == set(webhook_topics())
    headers = {each["name"] for each in sent["post"]["parameters"]}
    assert headers == {"webhook-id", "webhook-timestamp", "webhook-signature"}
    at = desk()
    key, _token = issue_key(enterprise=at.enterprise, name="w", scopes=list(Scope), by=at.director)
    endpoint, _secret = open_webhook(to=looked_up("https://erp.example.cn/hooks"), by=key)
    filed(at)
    sequence()
    send_test_webhook(endpoint=endpoint, by=key)
    bodies = [each.body for each in Delivery.objects.filter(endpoint=endpoint)]
    assert sorted(each["type"] for each in bodies) == ["ticket.submitted", "webhook.test"]
    check = Draft202012Validator({**body, "components": spec["components"]})
    assert [list(check.iter_errors(each)) for each in bodies] == [[], []]


def test_lists_say_what_they_can_be_asked(spec: dict[str, Any]) -> None:
    for path, method, operation in operations(spec):
        schema = operation["responses"].get("200", {}).get("content", {}).get("application/json")
        if method != "get" or "Paginated" not in str(schema):
            continue
        asked = {each["name"]: each["schema"] for each in operation["parameters"]}
        assert {"cursor", "limit"} <= set(asked), path
        assert (asked["limit"]["minimum"], asked["limit"]["maximum"]) == (1, 200)
        assert "400" in operation["responses"], path
    listing = spec["paths"]["/api/v1/tickets/"]["get"]["parameters"]
    asked = {each["name"]: each["schema"] for each in listing if each["in"] == "query"}
    assert set(asked) == {*TicketFilter.base_filters, "cursor", "limit", "ordering"}
    assert asked["ordering"]["enum"] == list(TicketPages.orders)


def test_every_example_is_what_its_schema_says(spec: dict[str, Any]) -> None:
    shown = 0
    for path, method, operation in operations(spec):
        said = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (each.get("content", {}) for each in said):
            for media in content.values():
                schema = {**media["schema"], "components": spec["components"]}
                for example in media.get("examples", {}).values():
                    errors = list(Draft202012Validator(schema).iter_errors(example["value"]))
                    assert errors == [], (path, method, errors)
                    shown += 1
        taken = operation.get("requestBody", BODILESS)["content"]
        assert all(each["examples"] for kind, each in taken.items() if kind in JSON), path
    assert shown > 100


def test_every_problem_there_is_has_its_example(spec: dict[str, Any]) -> None:
    shown = {
        example["value"]["type"].removeprefix("/problems/")
        for _path, _method, operation in operations(spec)
        for answer in operation["responses"].values()
        for example in answer.get("content", {}).get(PROBLEM, {}).get("examples", {}).values()
    }
    # Of no operation that there is: a page's, a method that it has not, no foresight at all.
    never = {"forbidden", "method-not-allowed", "internal"}
    assert shown == set(PROBLEMS) - never


def test_the_documentation_has_every_problem_in_both_languages() -> None:
    text = (PROJECT / "docs/api.md").read_text(encoding="utf-8")
    said = re.findall(r"^\| (\d{3}) `([a-z-]+)` \|", text, re.MULTILINE)
    expected = [(str(each.status), code) for code, each in PROBLEMS.items()]
    for_keys = sorted(each for each in expected if each[1] != "forbidden")
    assert sorted(said) == sorted([*for_keys, *for_keys])


# What brings a ticket to where the operation's examples may be sent.
WAYS: dict[str, tuple[str, tuple[Verb, ...]]] = {
    "supplement_ticket": ("supplement", (Verb.ASK,)),
    "withdraw_ticket": ("withdraw", ()),
    "redo_ticket": ("redo", (Verb.ACCEPT, Verb.FULFIL, Verb.RESOLVE)),
    "confirm_ticket": ("confirm", (Verb.ACCEPT, Verb.FULFIL, Verb.RESOLVE)),
    "urge_ticket": ("urge", ()),
    "comment_ticket": ("comments", ()),
    "add_lines": ("lines", ()),
    "amend_ticket": ("amend", ()),
    "propose_amendment": ("propose-amendment", (Verb.ACCEPT,)),
}


def examples_of(spec: dict[str, Any]) -> Iterator[tuple[str, str, str, Any]]:
    for path, method, operation in operations(spec):
        content = operation.get("requestBody", BODILESS)["content"].get("application/json", {})
        for title, example in content.get("examples", {}).items() if method == "post" else ():
            yield operation["operationId"], f"{method} {path}", title, example["value"]


@pytest.mark.parametrize("month", [3, 7])
def test_every_example_does_what_it_says(month: int) -> None:
    """Each one, as it stands, through the API that it documents, whatever day it is."""
    with clock_at(datetime(2020, month, 9, 10, tzinfo=SHANGHAI)):
        at, spec = desk(), served()
        plan_issued(at)
        _key, token = issue_key(
            enterprise=at.enterprise, name="all", scopes=list(Scope), by=at.director
        )
        client, sent = client_with(token), []
        for number, (operation, _where, title, value) in enumerate(examples_of(spec)):
            address, version = prepared(at, operation, title)
            body = with_project(value, at.project.code)
            headers = {"Idempotency-Key": f"k-{number}", **version}
            answer = client.post(address, body, headers=headers)
            assert answer.status_code in {200, 201}, (operation, title, answer.json())
            sent.append(operation)
    posts = {
        each["operationId"]
        for _path, method, each in operations(spec)
        if method == "post" and JSON & set(each.get("requestBody", BODILESS)["content"])
    }
    assert set(sent) == posts


def with_project(value: Any, code: str) -> Any:
    """The same of a project that there is, wherever one is named."""
    if isinstance(value, list):
        return [with_project(each, code) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: code if name == "project" else with_project(each, code)
        for name, each in value.items()
    }


OF_A_WEBHOOK = {
    "rotate_webhook_secret": "api:webhook-secret", "test_webhook": "api:webhook-test",
    "replay_webhook": "api:webhook-replay",
    "retry_webhook_delivery": "api:webhook-delivery-retry",
}  # fmt: skip
OF_NOTHING_YET = {
    "file_ticket": "api:tickets", "file_tickets": "api:tickets-bulk", "issue_key": "api:keys",
    "open_webhook": "api:webhooks", "report_day": "api:project-reports",
    "name_reporter": "api:project-reporters", "end_reporter": "api:project-reporter-end",
}  # fmt: skip
OF_A_PROJECT = {
    "report_day": "api:project-reports",
    "report_day_unchanged": "api:project-reports-unchanged",
    "acknowledge_plan": "api:project-investment-acknowledgement",
    "state_month": "api:project-investment-months",
}  # fmt: skip


def plan_issued(at: Desk) -> None:
    """The project's plan of this year is waiting for the owner."""
    year = timezone.localdate(now()).year
    set_plan(project=at.project, year=year, quarters={1: Decimal(1)}, by=at.director)
    issue_plan(project=at.project, year=year, by=at.director)


def prepared(at: Desk, operation: str, title: str) -> tuple[str, dict[str, str]]:
    """Where the example goes, and the version of what it changes."""
    if operation in WAYS:
        action, way = WAYS[operation]
        kinds = {kind.example.title: kind.name for kind in KINDS.values()}
        ticket = filed(at, kinds.get(title, "vehicle_pass"))
        for verb in way:
            ticket = perform(verb, ticket=ticket, by=at.liaison, **BY_STAFF[verb])
        url = reverse(f"api:ticket-{action}", args=[ticket.number])
        return url, {"If-Match": f'"v{ticket.version}"'}
    if operation == "revive_ticket":
        original, ticket = filed(at), filed(at)
        mark_duplicate(ticket=ticket, number=original.number, reason="重复", by=at.liaison)
        perform(Verb.WITHDRAW, ticket=original, by=at.key, reason="已自行解决")
        ticket.refresh_from_db()
        return reverse("api:ticket-revive", args=[ticket.number]), {
            "If-Match": f'"v{ticket.version}"'
        }
    if operation in {"rotate_key", "revoke_key"}:
        key, _token = issue_key(enterprise=at.enterprise, name="old", by=at.director)
        return reverse(f"api:key-{operation.split('_', maxsplit=1)[0]}", args=[key.key_id]), {}
    if operation in OF_A_WEBHOOK:
        key = ApiKey.objects.get(name="all")
        endpoint, _secret = open_webhook(to=looked_up("https://erp.example.cn/hooks"), by=key)
        place = [endpoint.endpoint_id]
        if operation == "retry_webhook_delivery":
            sent = send_test_webhook(endpoint=endpoint, by=key)
            Delivery.objects.filter(pk=sent.pk).update(state="dead")
            place.append(written_id(sent.message_id))
        return reverse(OF_A_WEBHOOK[operation], args=place), {}
    if operation == "withdraw_attachment":
        ticket = filed(at)
        attach(ticket=ticket, file=SimpleUploadedFile("a.txt", b"a"), by=at.key)
        return reverse("api:ticket-attachment-withdraw", args=[ticket.number, 1]), {}
    return reverse((OF_NOTHING_YET | OF_A_PROJECT)[operation], args=of_a_project(at, operation)), {}


def of_a_project(at: Desk, operation: str) -> list[Any]:
    """What the address of a project's operation is made with."""
    if operation == "end_reporter":
        return [at.project.code, name_reporter(project=at.project, name="王五", by=at.key).pk]
    if operation == "report_day_unchanged":
        site, today = project(by=at.director), timezone.localdate(now())
        part: dict[str, Any] = {"project": site, "enterprise": at.enterprise, "role": "owner"}
        add_participant(**part, start=date(2020, 1, 1), by=at.director)
        report(project=site, day=today - timedelta(days=1), resumed=True, by=at.key)
        return [site.code]
    is_of_it = operation in OF_A_PROJECT or operation in {"report_day", "name_reporter"}
    return [at.project.code] if is_of_it else []


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
    reports = f"/api/v1/projects/{at.project.code}/reports/"
    reported = client.post(
        reports, {"day": "2020-03-09", "resumed": True}, headers={"Idempotency-Key": "m"}
    )
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
        ("/api/v1/tickets/", "get", 400, client.get("/api/v1/tickets/?colour=red")),
        (REPORTS, "post", 201, reported),
        (INVESTMENT, "get", 200, client.get(INVESTMENT.format(code=at.project.code))),
        (REPORTS, "get", 200, client.get(reports)),
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
    in_force(draft_of(cut_off))
    client = client_with(at.token)
    for path, url in (
        ("/api/v1/bulletins/", "/api/v1/bulletins/"),
        ("/api/v1/bulletins/{day}/", "/api/v1/bulletins/2020-03-09/"),
        ("/api/v1/bulletins/{day}/tickets/", "/api/v1/bulletins/2020-03-09/tickets/"),
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
    assert [scope.value for scope in Scope] == [
        "read", "read_masked", "file", "act", "keys", "webhooks",
    ]  # fmt: skip


def test_health() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
