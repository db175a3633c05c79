"""The API of tickets: file, list, read, and the events of one ticket."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coordination.intake.api_events import Event
from coordination.intake.api_examples import FILING_EXAMPLES
from coordination.intake.api_filing import file_ticket
from coordination.intake.api_filters import TicketFilter, TicketPages, require_known_project
from coordination.intake.api_masks import masked_for
from coordination.intake.api_serializers import (
    Filing,
    TicketSummary,
    Whole,
    WholeTicket,
    read_whole,
    represent,
    whole_of_filed,
)
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries import tickets_for, timeline
from coordination.tickets.queries_authors import names_of
from coordination.tickets.queries_responsible import answering_instead
from projects.access import document
from projects.access.authentication import caller_of
from projects.access.conditional import etag, unless_unchanged
from projects.access.filters import Filters
from projects.access.models import ApiKey, Scope
from projects.access.once import once
from projects.access.pages import NewestFirst
from projects.record.clock import now
from projects.record.finding import get_or_missing


def own_ticket(request: Request, number: str) -> Ticket:
    """The caller's ticket. Raises Missing where there is none, or it is another enterprise's."""
    tickets = tickets_for(caller_of(request)).select_related("project", "group", "handler")
    return get_or_missing(tickets, number=number)


def respond_with_ticket(ticket: Ticket, by: ApiKey) -> Response:
    """The whole ticket as JSON, with its ETag."""
    return _respond(read_whole(ticket, by))


def _respond(whole: Whole, *, status: int = 200) -> Response:
    body = represent(whole)
    return Response(body, status, headers={"ETag": etag(whole.ticket.version, body)})


class TicketList(GenericAPIView[Ticket]):
    queryset = Ticket.objects.none()
    serializer_class = TicketSummary
    pagination_class = TicketPages
    filter_backends = (Filters,)
    filterset_class = TicketFilter
    scopes: ClassVar = {"POST": Scope.FILE}

    def get_queryset(self) -> QuerySet[Ticket]:
        return tickets_for(caller_of(self.request)).select_related("project", "group", "handler")

    @extend_schema(
        operation_id="list_tickets",
        summary="List the enterprise's tickets, the newest first",
        description=("By cursor: follow `next`. Unknown parameters and orders are refused."),
        responses={
            document.LIST: TicketSummary(many=True),
            **document.problems((*document.LISTING, 404)),
        },
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        if not page:
            require_known_project(self.request)
        context = {"instead": answering_instead(page, now())}
        rows = TicketSummary(page, many=True, context=context).data
        return self.get_paginated_response(masked_for(caller_of(request), rows, "external_id"))

    @extend_schema(
        operation_id="file_ticket",
        summary="File a ticket",
        description=(
            "For a project that the enterprise takes part in today. It goes straight to the "
            "group and the liaison that serve the project. All errors are named at once."
        ),
        parameters=[document.IDEMPOTENCY_KEY, document.ETAG, document.LOCATION],
        filters=False,
        request=Filing,
        responses={201: WholeTicket, **document.problems(document.FILING)},
        examples=FILING_EXAMPLES,
    )
    def post(self, request: Request) -> Response:
        return once(request, operation="tickets", perform=lambda: _file(request))


def _file(request: Request) -> Response:
    by = caller_of(request)
    draft = file_ticket(request.data, by=by)
    response = _respond(whole_of_filed(draft, by), status=201)
    response["Location"] = reverse("api:ticket", args=[draft.ticket.number])
    return response


class TicketDetail(APIView):
    @extend_schema(
        operation_id="read_ticket",
        summary="Read a ticket",
        description=(
            "With its lines and what was met of them, its deadlines, who serves the project, and "
            "in `allowed_actions` the actions that are allowed now: where to POST each, and what "
            "to send. Send the `ETag` as `If-Match` with it."
        ),
        parameters=[document.ETAG, document.IF_NONE_MATCH],
        responses={200: WholeTicket, 304: None, **document.problems(document.READING)},
    )
    def get(self, request: Request, number: str) -> Response:
        response = respond_with_ticket(own_ticket(request, number), caller_of(request))
        return unless_unchanged(request, response)


class OldestFirst(NewestFirst):
    ordering = "seq"


class EventList(GenericAPIView[TicketEvent]):
    queryset = TicketEvent.objects.none()
    serializer_class = Event
    pagination_class = OldestFirst

    @extend_schema(
        operation_id="list_ticket_events",
        summary="List what happened to a ticket, the oldest first",
        description="Every step with its actor and its text.",
        responses={
            document.LIST: Event(many=True),
            **document.problems({*document.LISTING, *document.READING}),
        },
    )
    def get(self, request: Request, number: str) -> Response:
        by = caller_of(request)
        events = timeline(own_ticket(request, number), by)
        page: Any = self.paginate_queryset(events) or []
        shown = Event(page, many=True, context={"names": names_of(page)}).data
        return self.get_paginated_response(masked_for(by, shown, "text", "changes"))
