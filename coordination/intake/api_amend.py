"""The API by which an enterprise amends its ticket, or proposes it."""

from typing import Any, Final

from rest_framework import serializers

from coordination.amendments.flow import AmendmentVerb
from coordination.intake.api_actions import Action, documented
from coordination.intake.api_bodies import NOTE
from coordination.intake.api_filing import path_as_sent
from coordination.intake.api_lines import LINES_AMENDED, camel
from coordination.intake.api_words import TICKET_FIELDS
from coordination.tickets.models import Ticket
from projects.access import document
from projects.access.answers import described
from projects.access.shape import StrictModelSerializer, StrictSerializer, Words
from projects.record.refusals import Invalid

_FIELDS: Final = ("title", "detail", "contact", "needed_by", "lines")
_SAYS: Final = described(**TICKET_FIELDS)
_OPTIONAL: Final = {**_SAYS, "title": {**_SAYS["title"], "required": False}}


class ContactAmendment(StrictSerializer):
    """What of the contact is to be changed."""

    name = serializers.CharField(required=False, help_text="The person's name.")
    mobile = serializers.CharField(
        required=False, help_text="A mobile number, or a landline with its area code."
    )


class _Changes(StrictModelSerializer):
    contact = ContactAmendment(required=False)
    lines = serializers.ListField(
        child=serializers.DictField(), required=False,
        help_text="Of each line its `position`, and those of the kind's fields to be changed.",
    )  # fmt: skip


class Amendment(_Changes):
    """What is to be changed, as the API's document has it: whatever the kind."""

    note = Words(required=False, allow_blank=True, help_text=NOTE)

    class Meta:
        model = Ticket
        fields = (*_FIELDS, "note")
        extra_kwargs = _OPTIONAL


class AmendmentProposal(_Changes):
    """What is to be changed, and why."""

    reason = serializers.CharField(help_text="Why; at most 2,000 characters.")

    class Meta:
        model = Ticket
        fields = (*_FIELDS, "reason")
        extra_kwargs = _OPTIONAL


def _of_kinds(shape: type[_Changes]) -> dict[str, Any]:
    """The same for each kind, with the fields of its own lines."""
    return {
        kind: type(
            f"{camel(kind)}{shape.__name__}", (shape,), {"lines": line(many=True, required=False)}
        )
        for kind, line in LINES_AMENDED.items()
    }


class _Amending(Action):
    """Takes the fields that are to be changed, of the ticket and of its lines."""

    shapes: Any

    def shape_for(self, ticket: Ticket) -> serializers.Serializer[Any]:
        shape: serializers.Serializer[Any] = self.shapes[ticket.kind]()
        return shape

    def perform(self, verb: str, **inputs: Any) -> Ticket:
        contact = inputs.pop("contact", {})
        changes: dict[str, Any] = {
            name: inputs.pop(name) for name in _FIELDS if name in inputs and name != "lines"
        }
        changes |= {f"contact_{name}": value for name, value in contact.items()}
        try:
            return super().perform(verb, changes=changes, **inputs)
        except Invalid as refused:
            raise Invalid(map(path_as_sent, refused.errors)) from refused


@documented(
    "amend_ticket",
    "Amend a ticket before it is accepted",
    Amendment,
    "Until somebody accepts it. Send what is to be changed and nothing else; of a line its "
    "`position` and the fields to be changed. Urgency and kind stay. The event keeps what was "
    "there before and after.",
    [document.example(
        "Another mobile and another plate",
        {
            "contact": {"mobile": "13900139000"}, "lines": [{"position": 1, "plate": "豫C54321"}],
            "note": "换车换司机",
        },
    )],
)  # fmt: skip
class AmendTicket(_Amending):
    verb = AmendmentVerb.AMEND
    shapes = _of_kinds(Amendment)


@documented(
    "propose_amendment",
    "Propose an amendment of a ticket that is being handled",
    AmendmentProposal,
    "From acceptance until it is resolved. Nothing changes until the handler adopts it; he may "
    "also reject it with a reason. A new proposal replaces one that still waits, which is "
    "`proposed_amendment` of the ticket; it is withdrawn when the ticket ends.",
    [document.example(
        "Another title", {"title": "钢材运输车辆通行", "reason": "货物名称填写有误"}
    )],
)  # fmt: skip
class ProposeAmendment(_Amending):
    verb = AmendmentVerb.PROPOSE
    shapes = _of_kinds(AmendmentProposal)
