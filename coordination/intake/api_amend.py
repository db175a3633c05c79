"""The API by which an enterprise amends its ticket, or proposes it."""

from typing import Any, Final

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from coordination.amendments.flow import AmendmentVerb
from coordination.intake.api_actions import Action, documented
from coordination.intake.api_filing import path_as_sent
from coordination.intake.api_lines import LINES_AMENDED, camel, meta
from coordination.tickets.models import Ticket
from projects.access import document
from projects.access.shape import StrictModelSerializer, StrictSerializer
from projects.record.refusals import Invalid

_FIELDS: Final = ("title", "detail", "contact", "needed_by", "lines")


class ContactAmendment(StrictSerializer):
    name = serializers.CharField(required=False)
    mobile = serializers.CharField(required=False)


def _shape(kind: str, name: str, said: str, word: serializers.CharField) -> type[Any]:
    """The body: what is to be changed of a ticket of this kind, and a word about it."""
    own_meta = meta(Ticket, (*_FIELDS, said))
    own_meta.extra_kwargs = {"title": {"required": False}}  # type: ignore[attr-defined]  # an option of the framework
    lines = LINES_AMENDED[kind](
        many=True, required=False,
        help_text="The lines to be changed, each with its `position` and what is to be changed.",
    )  # fmt: skip
    return type(
        f"{camel(kind)}{name}", (StrictModelSerializer,),
        {
            "contact": ContactAmendment(required=False), "lines": lines, said: word,
            "Meta": own_meta,
        },
    )  # fmt: skip


AMENDMENTS: Final[dict[str, Any]] = {
    kind: _shape(kind, "Amendment", "note", serializers.CharField(required=False, allow_blank=True))
    for kind in LINES_AMENDED
}
PROPOSALS: Final[dict[str, Any]] = {
    kind: _shape(kind, "AmendmentProposal", "reason", serializers.CharField())
    for kind in LINES_AMENDED
}


def _any_of(name: str, shapes: dict[str, Any]) -> PolymorphicProxySerializer:
    return PolymorphicProxySerializer(
        component_name=name, serializers=list(shapes.values()), resource_type_field_name=None
    )


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
    _any_of("Amendment", AMENDMENTS),
    "Until somebody accepts it. Send what is to be changed and nothing else; of a line its "
    "`position` and the fields to be changed. Urgency and kind stay. The event keeps what was "
    "there before and after.",
    [document.example(
        "Another mobile",
        {"contact": {"mobile": "13900139000"}, "note": "联系人换号"},
    )],
)  # fmt: skip
class AmendTicket(_Amending):
    verb = AmendmentVerb.AMEND
    shapes = AMENDMENTS


@documented(
    "propose_amendment",
    "Propose an amendment of a ticket that is being handled",
    _any_of("AmendmentProposal", PROPOSALS),
    "From acceptance until it is resolved. Nothing changes until the handler adopts it; he may "
    "also reject it with a reason. A new proposal replaces one that still waits, which is "
    "`proposed_amendment` of the ticket; it is withdrawn when the ticket ends.",
    [document.example(
        "Another title", {"title": "钢材运输车辆通行", "reason": "货物名称填写有误"}
    )],
)  # fmt: skip
class ProposeAmendment(_Amending):
    verb = AmendmentVerb.PROPOSE
    shapes = PROPOSALS
