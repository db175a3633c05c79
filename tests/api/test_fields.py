"""What may be written by each route, and what is read from it: one table, nothing beside it."""

from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from projects.access.keys import issue_key
from projects.access.models import Scope
from tests.api.scene import client_with
from tests.api.test_act import record
from tests.api.test_routes import MATRIX
from tests.factories.coordination import desk, filed

pytestmark = pytest.mark.django_db
_FILED: Final = "contact detail kind lines needed_by opened_lines project title urgency"
_KEY: Final = "created_at expires_at id last_used_at name replaces revoked_at scopes"
_TICKET: Final = (
    "allowed_actions changed_at contact detail ended_at filed_at group kind kind_label liaison "
    "lines links needed_by number project redo_count satisfaction status status_label title "
    "urge_count urged_at urgency version warnings"
)
_PAGE: Final = "next previous results"
_PROJECT: Final = (
    "annual_investment code district level name phase planned_resumption resumed_on sector "
    "service total_investment"
)
_BULLETIN: Final = "blocks built_at cut_off edition figures hash period series"
_EVENT: Final = "actor at from label seq text to verb"

# operation → what is taken, what is given
FIELDS: Final[dict[str, tuple[str, str]]] = {
    "GET bulletins": ("", _PAGE),
    "GET bulletin": ("", _BULLETIN),
    "GET feed": ("", "next results"),
    "GET keys": ("", _PAGE),
    "POST keys": ("expires_at name scopes", f"{_KEY} token"),
    "GET key": ("", _KEY),
    "POST key-rotate": ("overlap_days", f"{_KEY} token"),
    "POST key-revoke": ("", _KEY),
    "GET projects": ("", _PAGE),
    "GET project": ("", _PROJECT),
    "GET tickets": ("", _PAGE),
    "POST tickets": (_FILED, _TICKET),
    "GET ticket": ("", _TICKET),
    "GET ticket-events": ("", _PAGE),
    "POST ticket-supplement": ("answer", _TICKET),
    "POST ticket-withdraw": ("reason", _TICKET),
    "POST ticket-lines": ("lines", _TICKET),
    "POST ticket-urge": ("note", _TICKET),
    "POST ticket-redo": ("reason", _TICKET),
    "POST ticket-confirm": ("note satisfaction", _TICKET),
    "POST ticket-comments": ("text", _EVENT),
}


class Document:
    """The OpenAPI document, its references followed."""

    def __init__(self) -> None:
        self.whole: dict[str, Any] = Client().get("/api/schema/?format=json").json()

    def names(self, schema: Any) -> set[str]:
        """The members of an object, whichever of its kinds it is."""
        if "$ref" in schema:
            found: Any = self.whole
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            return self.names(found)
        of_kinds = [self.names(each) for each in schema.get("oneOf", schema.get("anyOf", []))]
        return set(schema.get("properties", {})).union(*of_kinds)

    def operation(self, name: str, method: str) -> Any:
        """What is said of it."""
        parameter = MATRIX[name].names
        url = reverse(f"api:{name}", args=["it"] if parameter else [])
        return self.whole["paths"][url.replace("/it/", f"/{{{parameter}}}/")][method.lower()]

    def fields(self, name: str, method: str) -> tuple[str, str]:
        """What it takes and what it gives."""
        said = self.operation(name, method)
        taken = said.get("requestBody", {}).get("content", {}).get("application/json", {})
        given = next(each for status, each in said["responses"].items() if status < "300")
        read = given["content"]["application/json"]["schema"]
        return " ".join(sorted(self.names(taken.get("schema", {})))), " ".join(
            sorted(self.names(read))
        )


def test_each_operation_takes_and_gives_what_is_stated() -> None:
    document = Document()
    found = {
        f"{method} {name}": document.fields(name, method)
        for name, route in MATRIX.items()
        for method in route.scopes
    }
    assert found == {
        operation: (taken, " ".join(sorted(given.split())))
        for operation, (taken, given) in FIELDS.items()
    }


@pytest.mark.parametrize("operation", [each for each in FIELDS if each.startswith("POST")])
def test_what_is_not_taken_is_named_and_nothing_is_done(operation: str) -> None:
    at = desk()
    ticket = filed(at)
    _key, token = issue_key(enterprise=at.enterprise, name="a", scopes=list(Scope), by=at.director)
    name = operation.removeprefix("POST ")
    given = {"number": ticket.number, "key_id": at.key.key_id}.get(MATRIX[name].names)
    over = {"status": "closed", "enterprise": 1, "id": 1, "per_minute": 0}
    taken = {"kind": "vehicle_pass", "project": at.project.code} if name == "tickets" else {}
    before = record()
    answer = client_with(token).post(
        reverse(f"api:{name}", args=[given] if given else []), {**taken, **over},
        headers={"Idempotency-Key": "k-1", "If-Match": f'"v{ticket.version}"'},
    )  # fmt: skip
    named = {each["pointer"] for each in answer.json()["errors"] if each["code"] == "unknown"}
    assert (answer.status_code, named) == (422, {f"/{each}" for each in over})
    assert record() == before
