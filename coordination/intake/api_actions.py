"""The API of an enterprise's verbs on its ticket: one address for each verb."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from coordination.intake.api import own_ticket, respond_with_ticket
from coordination.intake.api_bodies import CommentIn, ConfirmIn, ReasonIn, SupplementIn, UrgeIn
from coordination.intake.api_events import Event
from coordination.intake.api_examples import LINES_EXAMPLES
from coordination.intake.api_masks import masked_for
from coordination.intake.api_serializers import MORE_LINES, MoreLines, WholeTicket
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for
from coordination.tickets.verbs.converse import add_comment
from coordination.tickets.verbs.registry import perform
from projects.access import document
from projects.access.authentication import caller_of
from projects.access.conditional import on_version
from projects.access.once import once
from projects.access.shape import judged
from projects.record.finding import get_or_missing


class Action(APIView):
    """POST: do one verb, once, on the version of the ticket that the caller has read."""

    verb: ClassVar[str]
    shape: ClassVar[type[Serializer[Any]]]

    def shape_for(self, _ticket: Ticket) -> Serializer[Any]:
        return self.shape()

    def perform(self, verb: str, **inputs: Any) -> Ticket:
        """Do the verb."""
        return perform(verb, **inputs)

    def post(self, request: Request, number: str) -> Response:
        by = caller_of(request)

        @cache  # prepared, so that no refusal reveals another enterprise's ticket
        def ticket() -> Ticket:
            return get_or_missing(tickets_for(by).only("kind", "version"), number=number)

        def act(version: int | None) -> Response:
            verb = partial(self.perform, self.verb, ticket=ticket(), version=version, by=by)
            return respond_with_ticket(judged(self.shape_for(ticket()), request.data, verb), by)

        return once(
            request, operation=f"tickets/{number}/{self.verb}", prepare=ticket,
            perform=lambda: on_version(request, ticket().version, act),
        )  # fmt: skip


def documented(
    name: str, summary: str, shape: Any, description: str, examples: Sequence[OpenApiExample]
) -> Callable[[type[Action]], type[Action]]:
    operation = extend_schema(
        operation_id=name,
        summary=summary,
        description=description,
        examples=list(examples),
        parameters=[document.IDEMPOTENCY_KEY, document.IF_MATCH, document.ETAG],
        request=shape,
        responses={200: WholeTicket, **document.problems(document.ACTING)},
    )
    return extend_schema_view(post=operation)


@documented(
    "supplement_ticket",
    "Answer the question that was asked",
    SupplementIn,
    "While the answer is awaited the clock stands; with it the ticket goes on from where it was. A "
    "question that is not answered by `answer_due` lapses; an answer is still taken then, once, "
    "but it changes neither the status nor the deadline.",
    [document.example("An answer", {"answer": "车辆走连霍高速，由洛阳西站下。"})],
)
class SupplementTicket(Action):
    verb = Verb.SUPPLEMENT
    shape = SupplementIn


@documented(
    "add_lines",
    "Add lines to an open ticket",
    MoreLines,
    "Lines of the ticket's own kind, until it is resolved or has ended.",
    LINES_EXAMPLES,
)
class AddLines(Action):
    """Takes lines of the ticket's own kind."""

    verb = Verb.ADD_LINES

    def shape_for(self, ticket: Ticket) -> Serializer[Any]:
        serializer: Serializer[Any] = MORE_LINES[ticket.kind]()
        return serializer


@documented(
    "withdraw_ticket",
    "Withdraw a ticket",
    ReasonIn,
    "Until it is resolved; a withdrawn ticket has ended for good.",
    [document.example("A reason", {"reason": "货物已改由铁路运输。"})],
)
class WithdrawTicket(Action):
    verb = Verb.WITHDRAW
    shape = ReasonIn


@documented(
    "redo_ticket",
    "Send a resolved ticket back",
    ReasonIn,
    "A resolved ticket goes back to whoever handles it. There is no new term, but the time from "
    "the resolution to now is added to the deadline if it had not passed.",
    [document.example("A reason", {"reason": "卡口仍未放行。"})],
)
class RedoTicket(Action):
    verb = Verb.REDO
    shape = ReasonIn


@documented(
    "revive_ticket",
    "Revive a duplicate whose original was declined or withdrawn",
    ReasonIn,
    "Within thirty days of the original's end. It goes to whoever serves the project now and has "
    "an acceptance term of its own.",
    [document.example("A reason", {"reason": "车辆仍需通行。"})],
)
class ReviveTicket(Action):
    verb = Verb.REVIVE
    shape = ReasonIn


@documented(
    "confirm_ticket",
    "Confirm that a ticket is settled",
    ConfirmIn,
    "The ticket is closed with the enterprise's satisfaction.",
    [document.example("Satisfied", {"satisfaction": 5, "note": "当天放行。"})],
)
class ConfirmTicket(Action):
    verb = Verb.CONFIRM
    shape = ConfirmIn


@documented(
    "urge_ticket",
    "Urge a ticket; once a day",
    UrgeIn,
    "Its handler, and who stands in for him, get a notice. A second time on the same day is "
    "refused (409, `urged-today`).",
    [document.example("A note", {"note": "车辆已在卡口等候三小时。"})],
)
class UrgeTicket(Action):
    verb = Verb.URGE
    shape = UrgeIn


class CommentTicket(APIView):
    @extend_schema(
        operation_id="comment_ticket",
        summary="Comment on a ticket",
        description="In any state, and without `If-Match`: it changes nothing but the timeline.",
        examples=[document.example("A comment", {"text": "车队已到达偃师。"})],
        parameters=[document.IDEMPOTENCY_KEY],
        request=CommentIn,
        responses={201: Event, **document.problems(document.FILING)},
    )
    def post(self, request: Request, number: str) -> Response:
        by = caller_of(request)
        ticket = cache(partial(own_ticket, request, number))

        def do() -> Response:
            comment = partial(add_comment, ticket=ticket(), by=by)
            event = Event(judged(CommentIn(), request.data, comment)).data
            return Response(masked_for(by, [event], "text", "changes")[0], 201)

        operation = f"tickets/{number}/comments"
        return once(request, operation=operation, prepare=ticket, perform=do)
