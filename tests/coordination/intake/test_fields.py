"""What may be written by each route, and what is read from it: one table, nothing beside it."""

from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from coordination.tickets.models import Ticket
from tests.coordination.intake.test_act import record
from tests.coordination.intake.test_routes import MATRIX, build

pytestmark = pytest.mark.django_db
_FILED: Final = "contact detail external_id kind lines needed_by opened_lines project title urgency"
_AMENDED: Final = "contact detail lines needed_by"
_KEY: Final = "created_at expires_at id last_used_at name replaces revoked_at scopes"
_TICKET: Final = (
    "accept_due allowed_actions answer_due answer_is_provisional changed_at clock_stands "
    "contact detail due_at due_is_provisional ended_at external_id filed_at group kind "
    "kind_label liaison light lines links needed_by number project proposed_amendment "
    "redo_count satisfaction service status status_label title urge_count urged_at urgency "
    "version warnings"
)
_PAGE: Final = "next previous results"
_PROJECT: Final = (
    "annual_investment code district level name national_code participations phase "
    "planned_resumption resumed_on sector service total_investment"
)
_BULLETIN: Final = (
    "blocks built_at corrections cut_off edition figures files hash issue own period series "
    "supplement"
)
_EVENT: Final = "actor at changes from label seq text to verb"
_REPORT: Final = (
    "day halt halt_words halted_until month_investment problems progress reason resumed "
    "workers_on_site workers_required"
)
_REPORTER: Final = "email ended_at id mobile name named_at"
_INVESTMENT: Final = (
    "annual_plan gap light missing needed_monthly plan quarters rate time_progress year year_actual"
)
_ATTACHMENT: Final = "actor at href media_type name note number sha256 size state"
_WEBHOOK: Final = (
    "created_at description disabled_at disabled_because disabled_note failing_since id "
    "is_enabled topics url version"
)

_DELIVERY: Final = "attempts created_at id is_kept next_try_at settled_at state tries type"

# operation → what is taken, what is given
FIELDS: Final[dict[str, tuple[str, str]]] = {
    "GET bulletins": ("", _PAGE),
    "GET bulletin": ("", _BULLETIN),
    "GET bulletin-file": ("", ""),
    "GET bulletin-tickets": ("", _PAGE),
    "GET bulletin-extra": ("", _BULLETIN),
    "GET bulletin-extra-file": ("", ""),
    "GET bulletin-extra-tickets": ("", _PAGE),
    "GET feed": ("", "next results"),
    "GET keys": ("", _PAGE),
    "POST keys": ("expires_at name scopes", f"{_KEY} token"),
    "GET key": ("", _KEY),
    "POST key-rotate": ("overlap_days", f"{_KEY} token"),
    "POST key-revoke": ("", _KEY),
    "GET now": ("", "in_a_week is_working_day next_working_day now today"),
    "GET projects": ("", _PAGE),
    "GET project": ("", _PROJECT),
    "GET project-investment": ("", _INVESTMENT),
    "POST project-investment-acknowledgement": ("", _INVESTMENT),
    "POST project-investment-months": (
        "amount evidence month paid reason year",
        "amount evidence month paid reason recorded_at revision year",
    ),
    "GET project-reports": ("", _PAGE),
    "POST project-reports": (
        _REPORT, f"{_REPORT} flags is_unchanged recorded_at reported_by revision",
    ),
    "POST project-reports-unchanged": (
        "day", f"{_REPORT} flags is_unchanged recorded_at reported_by revision",
    ),
    "GET project-reporters": ("", _PAGE),
    "POST project-reporters": ("email mobile name", _REPORTER),
    "POST project-reporter-end": ("", _REPORTER),
    "GET tickets": ("", _PAGE),
    "POST tickets": (_FILED, _TICKET),
    "POST tickets-bulk": ("all_or_nothing tickets", "filed refused results"),
    "POST tickets-upload": (
        "file good_rows kind shown",
        "errors filed notices refused results right shown tickets",
    ),
    "GET ticket": ("", _TICKET),
    "GET ticket-events": ("", _PAGE),
    "POST ticket-supplement": ("answer", _TICKET),
    "POST ticket-withdraw": ("reason", _TICKET),
    "POST ticket-amend": (f"{_AMENDED} note title", _TICKET),
    "POST ticket-propose-amendment": (f"{_AMENDED} reason title", _TICKET),
    "POST ticket-lines": ("lines", _TICKET),
    "POST ticket-urge": ("note", _TICKET),
    "POST ticket-redo": ("reason", _TICKET),
    "POST ticket-revive": ("reason", _TICKET),
    "POST ticket-confirm": ("note satisfaction", _TICKET),
    "POST ticket-comments": ("text", _EVENT),
    "GET ticket-attachments": ("", _PAGE),
    "POST ticket-attachments": ("file note", _ATTACHMENT),
    "GET ticket-attachment": ("", ""),
    "POST ticket-attachment-withdraw": ("reason", _ATTACHMENT),
    "GET webhooks": ("", _PAGE),
    "POST webhooks": ("description topics url", f"{_WEBHOOK} secret"),
    "GET webhook": ("", _WEBHOOK),
    "PATCH webhook": ("description is_enabled topics url", _WEBHOOK),
    "DELETE webhook": ("", ""),
    "POST webhook-secret": ("overlap_hours", f"{_WEBHOOK} secret"),
    "POST webhook-test": ("", _DELIVERY),
    "GET webhook-delivery": ("", _DELIVERY),
    "POST webhook-delivery-retry": ("", _DELIVERY),
    "GET webhook-deliveries": ("", _PAGE),
    "POST webhook-replay": ("message only_failed since until", "number"),
}  # fmt: skip
FORMS: Final = frozenset({"tickets-upload", "ticket-attachments"})


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
        names = MATRIX[name].names.split()
        url = reverse(f"api:{name}", args=[str(990 + place) for place in range(len(names))])
        for place, parameter in enumerate(names):
            url = url.replace(str(990 + place), f"{{{parameter}}}")
        return self.whole["paths"][url][method.lower()]

    def fields(self, name: str, method: str) -> tuple[str, str]:
        """What it takes and what it gives."""
        said = self.operation(name, method)
        taken: set[str] = set()
        for each in said.get("requestBody", {}).get("content", {}).values():
            taken |= self.names(each["schema"])
        given = next(each for status, each in said["responses"].items() if status < "300")
        read = given.get("content", {}).get("application/json", {}).get("schema", {})
        return " ".join(sorted(taken)), " ".join(sorted(self.names(read)))


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
    scene = build()
    name = operation.removeprefix("POST ")
    given = [scene.address[each] for each in MATRIX[name].names.split()]
    over = {"status": "closed", "enterprise": 1, "id": 1, "per_minute": 0}
    taken = {"kind": "vehicle_pass", "project": scene.at.project.code} if name == "tickets" else {}
    version = Ticket.objects.get().version
    before = record()
    answer: Any = scene.callers["own"].post(
        reverse(f"api:{name}", args=given), {**taken, **over},
        format="multipart" if name in FORMS else "json",
        headers={"Idempotency-Key": "k-1", "If-Match": f'"v{version}"'},
    )  # fmt: skip
    named = {each["pointer"] for each in answer.json()["errors"] if each["code"] == "unknown"}
    assert (answer.status_code, named) == (422, {f"/{each}" for each in over})
    assert record() == before
