"""The serializers of tickets, made from the models and the kinds.

They check types only; the models' fields and the verbs check values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Final

from django.urls import reverse
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from coordination.amendments.flow import AmendmentVerb
from coordination.amendments.queries import open_proposal
from coordination.groups.queries_acting import Serving
from coordination.intake.api_bodies import ContactIn
from coordination.intake.api_clock import CLOCK, Clock
from coordination.intake.api_events import Proposed, represent_proposal
from coordination.intake.api_lines import LINES_IN, LINES_OUT, LineOut, camel, meta
from coordination.intake.api_masks import masked_ticket
from coordination.intake.api_service import (
    ContactOut,
    OfficerRef,
    ProjectRef,
    Service,
    represent_service,
)
from coordination.intake.api_shown import Instead, columns_of
from coordination.intake.api_words import LABEL, TICKET_FIELDS
from coordination.tickets.filing.drafts import Draft
from coordination.tickets.flow import FLOW, Verb
from coordination.tickets.kinds.base import Line
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.check import MOST_LINES
from coordination.tickets.lines.queries import deliveries_of
from coordination.tickets.models import Fulfilment, Ticket, TicketEvent
from coordination.tickets.queries import allowed_verbs
from coordination.tickets.queries_links import RELATIONS, Linked, link_to_opened, links_of
from coordination.tickets.queries_responsible import answering_instead, serving_now
from coordination.tickets.urgency import FILED
from projects.access.answers import TextOrNull, described
from projects.access.document import ErrorCode
from projects.access.models import ApiKey
from projects.access.problems import shown
from projects.access.shape import StrictModelSerializer, StrictSerializer, Words
from projects.record.clock import now
from projects.record.refusals import FieldError
from projects.record.sealed_fields import opened_or

ENTERPRISE_VERBS: Final = (
    Verb.SUPPLEMENT, Verb.ADD_LINES, Verb.WITHDRAW, Verb.REDO, Verb.CONFIRM, Verb.URGE,
    Verb.REVIVE,
)  # fmt: skip
ROUTE_OF: Final[dict[str, str]] = {
    AmendmentVerb.AMEND: "ticket-amend",
    AmendmentVerb.PROPOSE: "ticket-propose-amendment",
    **{verb: f"ticket-{verb}" for verb in ENTERPRISE_VERBS},
    Verb.ADD_LINES: "ticket-lines",
    Verb.ATTACH: "ticket-attachments",
    Verb.COMMENT: "ticket-comments",
}


class AllowedAction(serializers.Serializer[Any]):
    """What the caller may do with the ticket now."""

    verb = serializers.ChoiceField(
        choices=[(verb, FLOW[verb].label) for verb in ROUTE_OF], help_text="The action."
    )
    label = serializers.CharField(help_text=LABEL)  # type: ignore[assignment]  # a field of ours, named as the framework's own attribute
    href = serializers.CharField(help_text="Where to POST it.")
    required = serializers.ListField(  # type: ignore[assignment]  # a field of ours, named as the framework's own attribute
        child=serializers.CharField(), help_text="What must be sent with it."
    )


class Warned(serializers.Serializer[Any]):
    """Something that the enterprise should correct, although the ticket is filed."""

    pointer = serializers.CharField(help_text="A JSON pointer into the ticket.")
    code = ErrorCode()
    detail = serializers.CharField(help_text="In the caller's language; for people.")


class LinkOut(serializers.Serializer[Any]):
    """A linked ticket, and this ticket's relation to it."""

    number = serializers.CharField(help_text="The other ticket's number.")
    relation = serializers.ChoiceField(
        choices=list(RELATIONS), help_text="What this ticket is to the other."
    )
    label = serializers.CharField(help_text=LABEL)  # type: ignore[assignment]  # a field of ours, named as the framework's own attribute


class TicketSummary(Clock, serializers.ModelSerializer[Ticket]):
    """A ticket as a list shows it."""

    kind = serializers.ChoiceField(choices=list(KINDS), help_text=TICKET_FIELDS["kind"])
    kind_label = serializers.SerializerMethodField(help_text=LABEL)
    project = ProjectRef()
    title = TextOrNull(help_text=f"{TICKET_FIELDS['title']} Null once it is erased.")
    status_label = serializers.CharField(source="get_status_display", help_text=LABEL)
    group = serializers.SerializerMethodField(
        help_text="The service group's name; null where none has it yet."
    )
    external_id = serializers.CharField(
        allow_null=True, help_text="The enterprise's own reference; null without one."
    )
    liaison = OfficerRef(
        source="handler", allow_null=True,
        help_text="Who answers for it now: its handler, or who stands in while he cannot act; "
        "null where nobody handles it yet, or the duty desk does.",
    )  # fmt: skip

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = (
            "number", "kind", "kind_label", "project", "title", "urgency", "status",
            "status_label", "group", "liaison", "needed_by", "external_id", "filed_at",
            "changed_at", "ended_at", "version", *CLOCK,
        )  # fmt: skip
        extra_kwargs: ClassVar = described(**TICKET_FIELDS)

    def to_representation(self, instance: Ticket) -> dict[str, Any]:
        """The fields as ``columns_of`` gives them."""
        instead: Instead = self.context.get("instead", {})
        return self._represent(columns_of(instance, instead), instance)

    def _represent(self, columns: Mapping[str, Any], ticket: Any) -> dict[str, Any]:
        """Each field from ``columns``, or else from its ``get_`` method."""
        return {
            name: columns[name] if name in columns else getattr(self, f"get_{name}")(ticket)
            for name in self.Meta.fields
        }

    # Never called: drf-spectacular reads the fields' types from these two.

    def get_kind_label(self, ticket: Ticket) -> str:
        raise NotImplementedError

    def get_group(self, ticket: Ticket) -> str | None:
        raise NotImplementedError


@dataclass(frozen=True)
class Whole:
    """A ticket, with the other rows that its enterprise is shown."""

    ticket: Ticket
    lines: Sequence[Line]
    linked: Sequence[Linked]
    by: ApiKey
    serving: Serving | None  # who serves the project now
    warnings: Sequence[FieldError]
    deliveries: Mapping[int, Sequence[Fulfilment]] = field(default_factory=dict)
    instead: Instead = field(default_factory=dict)
    proposal: TicketEvent | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ticket, name)


def read_whole(ticket: Ticket, by: ApiKey) -> Whole:
    """Read everything that the enterprise is shown of an existing ticket."""
    lines = KINDS[ticket.kind].read_lines(ticket.pk)
    at = now()
    serving = serving_now([ticket.project_id], at).get(ticket.project_id)
    instead: Instead = {}
    if serving is not None and ticket.group_id == serving.assignment.group_id:
        ticket.group = serving.assignment.group
    if serving is not None and serving.officer and ticket.handler_id == serving.officer.pk:
        ticket.handler = serving.officer  # mostly so, and he need not be read again
    else:
        instead = answering_instead([ticket], at)
    warnings = KINDS[ticket.kind].warn(lines, ticket.filed_at)
    return Whole(
        ticket, lines, links_of(ticket, by), by, serving, warnings, deliveries_of(ticket), instead,
        open_proposal(ticket),
    )  # fmt: skip


def whole_of_filed(draft: Draft, by: ApiKey) -> Whole:
    """The same of a ticket just filed, without reading anything again."""
    links = [link_to_opened(draft.opened.ticket)] if draft.opened else []
    return Whole(draft.ticket, draft.lines, links, by, draft.served, draft.warned)


def represent(whole: Whole) -> dict[str, Any]:
    """The ticket as JSON, with all that the caller may see."""
    shown = _serializer_of(whole.ticket.kind).represent(whole)
    return masked_ticket(shown) if whole.by.sees_masked else shown


class FiledTicket(TicketSummary):
    """A ticket just filed, as a list shows it, with warnings and links."""

    warnings = serializers.SerializerMethodField(
        help_text="What should be corrected in the lines; the ticket is filed all the same."
    )
    links = serializers.SerializerMethodField(help_text="The enterprise's own tickets alone.")

    class Meta(TicketSummary.Meta):
        fields = (*TicketSummary.Meta.fields, "warnings", "links")

    def represent(self, whole: Whole) -> dict[str, Any]:
        """The ticket's own columns, and the further fields of this serializer."""
        return self._represent(columns_of(whole.ticket, whole.instead), whole)

    @extend_schema_field(Warned(many=True))
    def get_warnings(self, whole: Whole) -> list[dict[str, str | None]]:
        return [
            {name: said for name, said in shown(error).items() if name != "number"}
            for error in whole.warnings
        ]

    @extend_schema_field(LinkOut(many=True))
    def get_links(self, whole: Whole) -> list[dict[str, str]]:
        return [
            {"number": link.ticket.number, "relation": link.relation, "label": str(link.label)}
            for link in whole.linked
        ]


class _WholeTicket(FiledTicket):
    detail = TextOrNull(
        help_text=f"{TICKET_FIELDS['detail']} Null where there is none, or once it is erased."
    )
    contact = serializers.SerializerMethodField()
    lines = serializers.SerializerMethodField(help_text="What is asked for, each by itself.")
    service = serializers.SerializerMethodField(
        help_text="Who serves the project now; null where nobody does."
    )
    proposed_amendment = serializers.SerializerMethodField(
        help_text="An amendment that waits for the handler's decision; null if there is none."
    )
    allowed_actions = serializers.SerializerMethodField(
        help_text="What the caller may do with it now."
    )

    class Meta(TicketSummary.Meta):
        fields = (
            *TicketSummary.Meta.fields,
            "detail", "contact", "satisfaction", "redo_count", "urge_count", "urged_at",
            "lines", "warnings", "links", "service", "proposed_amendment", "allowed_actions",
        )  # fmt: skip

    @extend_schema_field(ContactOut)
    def get_contact(self, ticket: Ticket) -> dict[str, str | None]:
        return {
            name: opened_or(ticket, f"contact_{name}", "") or None for name in ("name", "mobile")
        }

    @extend_schema_field(Service(allow_null=True))
    def get_service(self, whole: Whole) -> dict[str, Any] | None:
        return represent_service(whole.serving)

    @extend_schema_field(Proposed(allow_null=True))
    def get_proposed_amendment(self, whole: Whole) -> dict[str, Any] | None:
        return represent_proposal(whole.proposal)

    @extend_schema_field(AllowedAction(many=True))
    def get_allowed_actions(self, whole: Whole) -> list[dict[str, Any]]:
        return [
            {
                "verb": verb,
                "label": FLOW.label_of(verb),
                "href": reverse(f"api:{ROUTE_OF[verb]}", args=[whole.ticket.number]),
                "required": list(FLOW[verb].required),
            }
            for verb in allowed_verbs(whole.ticket, whole.by)
            if verb in ROUTE_OF
        ]


class _Reference(Words):
    """The enterprise's own reference in a filing."""

    def __init__(self) -> None:
        super().__init__(
            required=False, allow_blank=True,
            help_text="The enterprise's own reference: at most 64 visible characters, and no "
            "other of its tickets has it. No personal data.",
        )  # fmt: skip


def _filing(kind: str, line: type[serializers.ModelSerializer[Any]]) -> type[Any]:
    """The serializer of a filing of the kind."""
    opening = KINDS[kind].opens
    opened_lines = opening and LINES_IN[opening.kind](
        many=True, required=False,
        help_text=f"Of the {opening.kind} ticket that is opened with it, where a line wants one; "
        "left out, they are added to it later.",
    )  # fmt: skip
    return type(
        f"{camel(kind)}Filing",
        (StrictModelSerializer,),
        {
            "__doc__": "What an enterprise asks for, for one project.",
            "kind": serializers.ChoiceField(choices=[kind], help_text=TICKET_FIELDS["kind"]),
            "project": serializers.CharField(help_text="The project's code."),
            "urgency": serializers.ChoiceField(
                choices=[(urgency.value, urgency.label) for urgency in FILED], required=False,
                help_text="How urgent it is; `normal` where left out.",
            ),
            "contact": ContactIn(),
            "external_id": _Reference(),
            "lines": line(many=True, help_text=f"1 to {MOST_LINES} lines."),
            **({"opened_lines": opened_lines} if opened_lines else {}),
            "Meta": meta(
                Ticket,
                (
                    "kind", "project", "title", "detail", "urgency", "contact", "needed_by",
                    "external_id", "lines", *(["opened_lines"] if opened_lines else []),
                ),
                described(**TICKET_FIELDS),
            ),
        },
    )  # fmt: skip


def _ticket(kind: str, line: type[LineOut]) -> type[_WholeTicket]:
    """The serializer of a whole ticket of the kind."""

    @extend_schema_field(line(many=True))
    def get_lines(_self: _WholeTicket, whole: Whole) -> Any:
        serializer = _line_serializer(line)
        return [serializer.represent(row, whole.deliveries) for row in whole.lines]

    attributes = {
        "__doc__": "A ticket with all that its enterprise may see.",
        "kind": serializers.ChoiceField(choices=[kind], help_text=TICKET_FIELDS["kind"]),
        "get_lines": get_lines,
        "Meta": _WholeTicket.Meta,
    }
    return type(f"{camel(kind)}Ticket", (_WholeTicket,), attributes)


FILINGS: Final[dict[str, Any]] = {name: _filing(name, line) for name, line in LINES_IN.items()}
TICKETS: Final[dict[str, Any]] = {name: _ticket(name, line) for name, line in LINES_OUT.items()}


# Made once for all answers, since they keep no state.
@cache
def _serializer_of(kind: str) -> _WholeTicket:
    serializer: _WholeTicket = TICKETS[kind]()
    return serializer


@cache
def _line_serializer(line: type[LineOut]) -> LineOut:
    return line()


Filing: Final = PolymorphicProxySerializer(
    component_name="Filing", serializers=FILINGS, resource_type_field_name="kind"
)
WholeTicket: Final = PolymorphicProxySerializer(
    component_name="Ticket", serializers=TICKETS, resource_type_field_name="kind"
)


def _lines_only(kind: str, line: type[serializers.ModelSerializer[Any]]) -> type[Any]:
    lines = line(many=True, help_text=f"As many as make at most {MOST_LINES} with those there are.")
    attributes = {"__doc__": "Further lines of a ticket.", "lines": lines}
    return type(f"{camel(kind)}Lines", (StrictSerializer,), attributes)


MORE_LINES: Final[dict[str, Any]] = {
    name: _lines_only(name, line) for name, line in LINES_IN.items()
}
MoreLines: Final = PolymorphicProxySerializer(
    component_name="MoreLines", serializers=list(MORE_LINES.values()), resource_type_field_name=None
)


class UnknownKind(StrictModelSerializer):
    """A filing with an unknown kind, read so that its other mistakes are named too."""

    kind = serializers.ChoiceField(choices=list(KINDS))
    project = serializers.CharField()
    contact = ContactIn()
    external_id = _Reference()
    lines = serializers.JSONField()

    class Meta:
        model = Ticket
        fields = (
            "kind", "project", "title", "detail", "urgency", "contact", "needed_by",
            "external_id", "lines",
        )  # fmt: skip
