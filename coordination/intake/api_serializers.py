"""The shapes that the API reads and writes, made from the models and the kinds.

They know types alone; whether a value is right is said by the models' fields and the verbs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.urls import reverse
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from coordination.groups.queries import Serving, serving_each
from coordination.intake.api_clock import CLOCK, Clock
from coordination.intake.api_lines import LINES_IN, LINES_OUT, LineOut, camel, meta
from coordination.intake.api_service import Service, shown_service
from coordination.intake.api_shown import columns_of
from coordination.intake.feed.shape import actor_of
from coordination.tickets.filing.drafts import Draft
from coordination.tickets.flow import FLOW, Verb
from coordination.tickets.kinds.base import Line
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.check import MOST_LINES
from coordination.tickets.lines.queries import deliveries_of
from coordination.tickets.models import Fulfilment, Ticket, TicketEvent
from coordination.tickets.queries import allowed_verbs
from coordination.tickets.queries_links import RELATIONS, Linked, link_to_opened, links_of
from coordination.tickets.queries_words import text_of
from coordination.tickets.urgency import FILED
from projects.access.models import ApiKey
from projects.access.problems import pointer
from projects.access.shape import StrictModelSerializer, StrictSerializer
from projects.record.clock import now
from projects.record.refusals import FieldError
from projects.record.sealed_fields import opened_or

ENTERPRISE_VERBS: Final = (
    Verb.SUPPLEMENT, Verb.ADD_LINES, Verb.WITHDRAW, Verb.REDO, Verb.CONFIRM, Verb.URGE,
)  # fmt: skip
ROUTE_OF: Final[dict[str, str]] = {
    **{verb: f"ticket-{verb}" for verb in ENTERPRISE_VERBS},
    Verb.ADD_LINES: "ticket-lines",
    Verb.ATTACH: "ticket-attachments",
    Verb.COMMENT: "ticket-comments",
}


class ContactIn(StrictSerializer):
    name = serializers.CharField(help_text="At most 40 characters.")
    mobile = serializers.CharField(help_text="A mobile number of 11 digits.")


class ProjectRef(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class OfficerRef(serializers.Serializer[Any]):
    name = serializers.CharField()
    mobile = serializers.CharField(help_text="The office mobile; may be empty.")


class AllowedAction(serializers.Serializer[Any]):
    verb = serializers.ChoiceField(choices=[(each, FLOW[each].label) for each in ROUTE_OF])
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, named as the framework's own attribute
    href = serializers.CharField(help_text="Where to POST it.")
    required = serializers.ListField(  # type: ignore[assignment]  # a field of ours, named as the framework's own attribute
        child=serializers.CharField(), help_text="What must be sent with it."
    )


class Warned(serializers.Serializer[Any]):
    """Something that should be otherwise."""

    pointer = serializers.CharField(help_text="A JSON pointer into the ticket.")
    code = serializers.CharField(help_text="Stable; for programs.")
    detail = serializers.CharField(help_text="In the caller's language; for people.")


class LinkOut(serializers.Serializer[Any]):
    """Another ticket, and what this one is to it."""

    number = serializers.CharField()
    relation = serializers.ChoiceField(choices=list(RELATIONS))
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, named as the framework's own attribute


class TicketSummary(Clock, serializers.ModelSerializer[Ticket]):
    """A ticket as a list shows it."""

    kind = serializers.ChoiceField(choices=list(KINDS))
    kind_label = serializers.SerializerMethodField()
    project = ProjectRef()
    status_label = serializers.CharField(source="get_status_display")
    group = serializers.SerializerMethodField(help_text="The service group's name.")
    liaison = OfficerRef(source="handler", allow_null=True, help_text="Who handles it.")

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = (
            "number", "kind", "kind_label", "project", "title", "urgency", "status",
            "status_label", "group", "liaison", "needed_by", "filed_at", "changed_at",
            "ended_at", "version", *CLOCK,
        )  # fmt: skip

    def to_representation(self, instance: Ticket) -> dict[str, Any]:
        """As ``columns_of`` has it; what it has not is asked of the field, a whole ticket's."""
        return self._said(columns_of(instance), instance)

    def _said(self, known: Mapping[str, Any], ticket: Any) -> dict[str, Any]:
        return {
            name: known[name] if name in known else getattr(self, f"get_{name}")(ticket)
            for name in self.Meta.fields
        }

    # For the document alone.

    def get_kind_label(self, ticket: Ticket) -> str:
        raise NotImplementedError

    def get_group(self, ticket: Ticket) -> str | None:
        raise NotImplementedError


@dataclass(frozen=True)
class Whole:
    """A ticket, read as one, with what its enterprise is shown beside its row."""

    ticket: Ticket
    lines: Sequence[Line]
    linked: Sequence[Linked]
    by: ApiKey
    served: Serving | None
    warned: Sequence[FieldError]
    deliveries: Mapping[int, Sequence[Fulfilment]] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ticket, name)


def read_whole(ticket: Ticket, by: ApiKey) -> Whole:
    """A ticket that was there before."""
    lines = KINDS[ticket.kind].read_lines(ticket.pk)
    served = serving_each([ticket.project_id], now()).get(ticket.project_id)
    if served is not None:  # mostly the ticket's own group and handler, which need not be read
        if ticket.group_id == served.assignment.group_id:
            ticket.group = served.assignment.group
        if ticket.handler_id == served.officer.pk:
            ticket.handler = served.officer
    warned = KINDS[ticket.kind].warn(lines, ticket.filed_at)
    return Whole(ticket, lines, links_of(ticket, by), by, served, warned, deliveries_of(ticket))


def whole_of(filed: Draft, by: ApiKey) -> Whole:
    """One just filed: all of it is known, and nothing is read again."""
    links = [link_to_opened(filed.opened.ticket)] if filed.opened else []
    return Whole(filed.ticket, filed.lines, links, by, filed.served, filed.warned)


def represent(whole: Whole) -> dict[str, Any]:
    """The whole ticket as its enterprise sees it."""
    return _shows(whole.ticket.kind).shown(whole)


class FiledTicket(TicketSummary):
    """A ticket just filed, as a list shows it, with what is to be known of its filing."""

    warnings = serializers.SerializerMethodField(
        help_text="What should be otherwise about the lines; the ticket is filed all the same."
    )
    links = serializers.SerializerMethodField(help_text="The enterprise's own tickets alone.")

    class Meta(TicketSummary.Meta):
        fields = (*TicketSummary.Meta.fields, "warnings", "links")

    def shown(self, whole: Whole) -> dict[str, Any]:
        """As an answer says it: a whole ticket has all that its row has, and more."""
        return self._said(columns_of(whole.ticket), whole)

    @extend_schema_field(Warned(many=True))
    def get_warnings(self, whole: Whole) -> list[dict[str, str]]:
        return [
            {"pointer": pointer(each.path), "code": each.code, "detail": str(each.message)}
            for each in whole.warned
        ]

    @extend_schema_field(LinkOut(many=True))
    def get_links(self, whole: Whole) -> list[dict[str, str]]:
        return [
            {"number": each.ticket.number, "relation": each.relation, "label": str(each.label)}
            for each in whole.linked
        ]


class _WholeTicket(FiledTicket):
    contact = serializers.SerializerMethodField()
    lines = serializers.SerializerMethodField()
    service = serializers.SerializerMethodField(
        help_text="Who serves the project now, and whom to call; null where nobody does."
    )
    allowed_actions = serializers.SerializerMethodField()

    class Meta(TicketSummary.Meta):
        fields = (
            *TicketSummary.Meta.fields,
            "detail", "contact", "satisfaction", "redo_count", "urge_count", "urged_at",
            "lines", "warnings", "links", "service",
            "allowed_actions",
        )  # fmt: skip

    @extend_schema_field(ContactIn)
    def get_contact(self, ticket: Ticket) -> dict[str, str]:
        return {name: opened_or(ticket, f"contact_{name}", "") for name in ("name", "mobile")}

    @extend_schema_field(Service(allow_null=True))
    def get_service(self, whole: Whole) -> dict[str, Any] | None:
        return shown_service(whole.served)

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


def _filing(kind: str, line: type[serializers.ModelSerializer[Any]]) -> type[Any]:
    """What is sent to file a ticket of the kind."""
    opening = KINDS[kind].opens
    opened = opening and LINES_IN[opening.kind](
        many=True, required=False,
        help_text=f"Of the {opening.kind} ticket that is opened with it, where a line wants one; "
        "left out, they are added to it later.",
    )  # fmt: skip
    return type(
        f"{camel(kind)}Filing",
        (StrictModelSerializer,),
        {
            "kind": serializers.ChoiceField(choices=[kind]),
            "project": serializers.CharField(help_text="The project's code."),
            "urgency": serializers.ChoiceField(
                choices=[(each.value, each.label) for each in FILED], required=False
            ),
            "contact": ContactIn(),
            "lines": line(many=True, help_text=f"1 to {MOST_LINES} lines."),
            **({"opened_lines": opened} if opened else {}),
            "Meta": meta(
                Ticket,
                (
                    "kind", "project", "title", "detail", "urgency", "contact", "needed_by",
                    "lines", *(["opened_lines"] if opened else []),
                ),
            ),
        },
    )  # fmt: skip


def _ticket(kind: str, line: type[LineOut]) -> type[_WholeTicket]:
    """A whole ticket of the kind."""

    @extend_schema_field(line(many=True))
    def get_lines(_self: _WholeTicket, whole: Whole) -> Any:
        shows = _line_shows(line)
        return [shows.shown(each, whole.deliveries) for each in whole.lines]

    attributes = {
        "kind": serializers.ChoiceField(choices=[kind]),
        "get_lines": get_lines,
        "Meta": _WholeTicket.Meta,
    }
    return type(f"{camel(kind)}Ticket", (_WholeTicket,), attributes)


FILINGS: Final[dict[str, Any]] = {name: _filing(name, line) for name, line in LINES_IN.items()}
TICKETS: Final[dict[str, Any]] = {name: _ticket(name, line) for name, line in LINES_OUT.items()}


# Made once and used for every answer: they keep nothing of what they have shown.
@cache
def _shows(kind: str) -> _WholeTicket:
    made: _WholeTicket = TICKETS[kind]()
    return made


@cache
def _line_shows(line: type[LineOut]) -> LineOut:
    return line()


Filing: Final = PolymorphicProxySerializer(
    component_name="Filing", serializers=FILINGS, resource_type_field_name="kind"
)
WholeTicket: Final = PolymorphicProxySerializer(
    component_name="Ticket", serializers=TICKETS, resource_type_field_name="kind"
)


def _lines_only(kind: str, line: type[serializers.ModelSerializer[Any]]) -> type[Any]:
    lines = line(many=True, help_text=f"As many as make at most {MOST_LINES} with those there are.")
    return type(f"{camel(kind)}Lines", (StrictSerializer,), {"lines": lines})


MORE_LINES: Final[dict[str, Any]] = {
    name: _lines_only(name, line) for name, line in LINES_IN.items()
}
MoreLines: Final = PolymorphicProxySerializer(
    component_name="MoreLines", serializers=list(MORE_LINES.values()), resource_type_field_name=None
)


class UnknownKind(StrictModelSerializer):
    """A filing of no kind that there is: read as far as it can be."""

    kind = serializers.ChoiceField(choices=list(KINDS))
    project = serializers.CharField()
    contact = ContactIn()
    lines = serializers.JSONField(required=False)

    class Meta:
        model = Ticket
        fields = (
            "kind", "project", "title", "detail", "urgency", "contact", "needed_by", "lines",
        )  # fmt: skip


class Actor(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["officer", "enterprise", "system"])
    name = serializers.CharField()


class Event(serializers.Serializer[TicketEvent]):
    """One step of a ticket's timeline."""

    seq = serializers.IntegerField()
    verb = serializers.ChoiceField(choices=[(rule.verb, rule.label) for rule in FLOW.rules()])
    label = serializers.CharField(source="verb_label")  # type: ignore[assignment]  # a field of ours, named as the framework's own attribute
    to = serializers.CharField(source="to_status")
    actor = serializers.SerializerMethodField()
    at = serializers.DateTimeField(source="recorded_at")
    text = serializers.SerializerMethodField(help_text="What was said; empty once erased.")

    def get_fields(self) -> dict[str, Any]:
        # "from" is a word of Python's, so it cannot be declared like the others.
        return {**super().get_fields(), "from": serializers.CharField(source="from_status")}

    @extend_schema_field(Actor)
    def get_actor(self, event: TicketEvent) -> dict[str, str]:
        return actor_of(event)

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_text(self, event: TicketEvent) -> dict[str, Any]:
        return text_of(event)


class SupplementIn(StrictSerializer):
    answer = serializers.CharField()


class ReasonIn(StrictSerializer):
    reason = serializers.CharField()


class UrgeIn(StrictSerializer):
    note = serializers.CharField(required=False, allow_blank=True)


class ConfirmIn(StrictSerializer):
    satisfaction = serializers.IntegerField(help_text="1 to 5.")
    note = serializers.CharField(required=False, allow_blank=True)


class CommentIn(StrictSerializer):
    text = serializers.CharField()
