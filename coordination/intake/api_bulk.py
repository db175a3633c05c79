"""The API of filing many tickets with one request."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from drf_spectacular.utils import (
    OpenApiExample,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coordination.intake.api_examples import FILING_EXAMPLES
from coordination.intake.api_filing import file_each
from coordination.intake.api_masks import masked_for
from coordination.intake.api_serializers import FILINGS, FiledTicket, whole_of_filed
from coordination.tickets.filing.drafts import Draft
from coordination.tickets.filing.submit import MOST_AT_ONCE, MOST_LINES_AT_ONCE, require_room
from projects.access import document
from projects.access.authentication import caller_of
from projects.access.models import ApiKey, Scope
from projects.access.once import once
from projects.access.parsers import BulkJSONParser
from projects.access.problems import mistakes_of, of_refusal
from projects.access.shape import StrictSerializer, Truth, merge, read_body
from projects.record.refusals import Invalid, Refusal

SOME_REFUSED: Final = 207


@extend_schema_field(
    PolymorphicProxySerializer(
        component_name="Filing", serializers=FILINGS, resource_type_field_name="kind", many=True
    )
)
class _Filings(serializers.ListField):
    """Not checked as a whole: each ticket is read alone, so that all mistakes are named."""


class BulkIn(StrictSerializer):
    """Many tickets."""

    tickets = _Filings(
        help_text=f"1 to {MOST_AT_ONCE}, of any kinds, with {MOST_LINES_AT_ONCE} lines together."
    )
    all_or_nothing = Truth(
        required=False, help_text="File none where one is refused; false where it is left out."
    )


class Result(serializers.Serializer[Any]):
    """The result for one ticket: either the filed ticket or a problem."""

    index = serializers.IntegerField(help_text="Its place in the request, counted from 0.")
    status = serializers.ChoiceField(
        choices=[201, 404, 422], help_text="The HTTP status, as if it had been filed alone."
    )
    ticket = FiledTicket(allow_null=True, help_text="As filed; null where it was refused.")
    problem = document.Problem(allow_null=True, help_text="Why not; null where it was filed.")


class BulkOut(serializers.Serializer[Any]):
    """What became of each ticket."""

    filed = serializers.IntegerField(help_text="How many were filed.")
    refused = serializers.IntegerField(help_text="How many were refused.")
    results = Result(many=True, help_text="In the order of the request.")


def results_of(outcomes: Sequence[Draft | Refusal], by: ApiKey) -> dict[str, Any]:
    """The body of the response: how many were filed and refused, and each result."""
    refused = sum(isinstance(outcome, Refusal) for outcome in outcomes)
    return {
        "filed": len(outcomes) - refused,
        "refused": refused,
        "results": [_result(index, outcome, by) for index, outcome in enumerate(outcomes)],
    }


def _result(index: int, outcome: Draft | Refusal, by: ApiKey) -> dict[str, Any]:
    if isinstance(outcome, Refusal):
        problem = of_refusal(outcome, below=("tickets", index))
        return {"index": index, "status": problem["status"], "ticket": None, "problem": problem}
    filed = _FILED_TICKET.represent(whole_of_filed(outcome, by))
    (ticket,) = masked_for(by, [filed], "external_id")
    return {"index": index, "status": 201, "ticket": ticket, "problem": None}


_FILED_TICKET: Final = FiledTicket()


def require_all(outcomes: Sequence[Draft | Refusal]) -> None:
    """Raise Invalid with all mistakes of all tickets, where any is refused."""
    errors = [
        error.below("tickets", index)
        for index, outcome in enumerate(outcomes)
        if isinstance(outcome, Refusal)
        for error in outcome.errors
    ]
    if errors:
        raise Invalid(errors)


def _count_lines(items: Sequence[Any]) -> int:
    """The number of lines that were sent; ``items`` are not checked yet."""
    lists = [item[name] for item in items if isinstance(item, dict)
             for name in ("lines", "opened_lines") if isinstance(item.get(name), list)]  # fmt: skip
    return sum(map(len, lists))


def file_many(request: Request) -> Response:
    """File the tickets of the body. Raises Invalid where none of them may be filed."""
    by = caller_of(request)
    values, errors = read_body(BulkIn(), request.data)
    if errors:
        judge = partial(_file, **{"tickets": [], **values, "all_or_nothing": True}, by=by)
        raise Invalid(merge(errors, mistakes_of(judge)))
    body = results_of(_file(**values, by=by), by)
    return Response(body, SOME_REFUSED if body["refused"] else 200)


def _file(*, tickets: list[Any], all_or_nothing: bool = False, by: ApiKey) -> list[Draft | Refusal]:
    require_room(len(tickets), _count_lines(tickets))
    outcomes = file_each(tickets, all_or_nothing=all_or_nothing, by=by)
    if all_or_nothing:
        require_all(outcomes)
    return outcomes


_EXAMPLE: Final = OpenApiExample(
    "Two of two kinds", request_only=True,
    value={"tickets": [filing.value for filing in FILING_EXAMPLES[:2]], "all_or_nothing": False},
)  # fmt: skip


class BulkFiling(APIView):
    scope = Scope.FILE
    parser_classes = (BulkJSONParser,)

    @extend_schema(
        operation_id="file_tickets",
        summary="File many tickets at once",
        description=(
            "Each by the rules of a single filing. Valid tickets are filed even if others are "
            "refused (207), unless all_or_nothing is set. Pointers start at the request's body. "
            "Identical tickets are filed twice. Read a whole ticket at its own address."
        ),
        parameters=[document.IDEMPOTENCY_KEY],
        request=BulkIn,
        responses={200: BulkOut, 207: BulkOut, **document.problems(document.BULK)},
        examples=[_EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        return once(request, operation="tickets/bulk", perform=lambda: file_many(request))
