"""The API of the event feed: all events of the enterprise's tickets, in one order."""

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coordination.intake.api_events import Event
from coordination.intake.api_masks import masked_for
from coordination.intake.api_service import ProjectRef
from coordination.intake.api_words import TICKET_FIELDS
from coordination.intake.feed.follow import LONGEST_WAIT, follow
from coordination.intake.feed.queries import START, Place, cursor_of, last_cursor, place_after
from coordination.intake.feed.sequence import sequence
from coordination.intake.models import FeedEntry
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from coordination.tickets.queries_authors import names_of
from projects.access import document
from projects.access.authentication import caller_of
from projects.access.models import ApiKey
from projects.access.shape import judged

LATEST = "latest"
_RETRY_AFTER = OpenApiParameter(
    "Retry-After", OpenApiTypes.INT, OpenApiParameter.HEADER, response=[200],
    description="Of an empty answer: the seconds after which to ask again.",
)  # fmt: skip


class FeedQuery(serializers.Serializer[Any]):
    """The parameters: where to go on from, how many, how long to wait for the first."""

    after = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=40,
        help_text="The `next` of the last answer; empty for the beginning, `latest` for the end.",
    )  # fmt: skip
    limit = serializers.IntegerField(
        required=False, default=50, min_value=1, max_value=200, help_text="How many to a page."
    )
    wait = serializers.IntegerField(
        required=False, default=0, min_value=0, max_value=LONGEST_WAIT,
        help_text="Seconds to wait for something new.",
    )  # fmt: skip


class TicketOfEvent(serializers.Serializer[Any]):
    """The ticket of an event."""

    number = serializers.CharField(help_text=TICKET_FIELDS["number"])
    kind = serializers.ChoiceField(choices=list(KINDS), help_text=TICKET_FIELDS["kind"])
    project = ProjectRef()
    external_id = serializers.SerializerMethodField(
        help_text="The enterprise's own reference; null without one."
    )

    def get_external_id(self, ticket: Ticket) -> str | None:
        return ticket.external_id or None


class Entry(Event):
    """An event of any ticket, with its place in the feed."""

    cursor = serializers.SerializerMethodField(help_text="This event's place in the feed.")
    ticket = TicketOfEvent()

    def get_cursor(self, event: Any) -> str:
        return cursor_of(event.feed_entry)


class EventPage(serializers.Serializer[Any]):
    """What is new, and the cursor from which to go on."""

    results = Entry(many=True, help_text="The events, the earliest first.")
    next = serializers.CharField(
        help_text="A cursor: keep it, and send it as `after` next time. There always is one."
    )


def _page(entries: list[FeedEntry], after: str, by: ApiKey) -> Response:
    events: Any = [entry.event for entry in entries]
    shown = Entry(events, many=True, context={"names": names_of(events)}).data
    next_cursor = cursor_of(entries[-1]) if entries else after or START
    return Response(
        {"results": masked_for(by, shown, "text", "changes", "ticket"), "next": next_cursor}
    )


class Feed(APIView):
    parameters: ClassVar = frozenset({"after", "limit", "wait"})

    @extend_schema(
        operation_id="follow_events",
        summary="Follow what happens to the enterprise's tickets",
        description=(
            "Every event of every ticket, once, in an order that never skips one. Keep `next`, "
            "and go on from it; an empty page means that nothing is new. With `wait` the answer "
            "comes as soon as there is something, or empty after that many seconds; empty at once, "
            "with Retry-After, where as many callers of the enterprise wait as may."
        ),
        parameters=[FeedQuery, _RETRY_AFTER],
        responses={200: EventPage, **document.problems(document.FOLLOWING)},
    )
    def get(self, request: Request) -> Response:
        query, by = FeedQuery(), caller_of(request)

        def place(*, after: str = "", **others: int) -> tuple[str, Place, dict[str, int]]:
            if after == LATEST:
                sequence()
                after = last_cursor(by)
            return after, place_after(after, by), others

        after, begin, others = judged(query, request.query_params.dict(), place)
        entries, ask_again_in = follow(place=begin, by=by, **others)
        response = _page(entries, after, by)
        if ask_again_in:
            response["Retry-After"] = str(ask_again_in)
        return response
