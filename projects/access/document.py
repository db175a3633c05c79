"""What the OpenAPI document says of every operation alike: headers and problems."""

from collections.abc import Iterable
from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers


class ProblemError(serializers.Serializer[Any]):
    pointer = serializers.CharField(help_text="A JSON pointer into the request's body.")
    code = serializers.CharField(help_text="Stable; for programs.")
    detail = serializers.CharField(help_text="In the caller's language; for people.")


class Problem(serializers.Serializer[Any]):
    """An RFC 9457 problem."""

    type = serializers.CharField(
        help_text="Stable; for programs. The address of a page about it, below `/problems/`."
    )
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    ticket_status = serializers.CharField(
        required=False, help_text="With not-allowed: the state in which the ticket is."
    )
    errors = ProblemError(many=True, required=False)  # type: ignore[assignment]


IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description="New for each deed; the same again for each retry of it.",
)  # fmt: skip
IF_MATCH: Final = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description="The ETag of the ticket as it was read.",
)  # fmt: skip
ETAG: Final = OpenApiParameter(
    "ETag", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[200, 201],
    description="The ticket's version, for If-Match.",
)  # fmt: skip
LOCATION: Final = OpenApiParameter(
    "Location", {"type": "string", "format": "uri-reference"}, OpenApiParameter.HEADER,
    response=[201], description="The address of what was made.",
)  # fmt: skip

_SAID: Final = {
    400: "The request cannot be read, or has no Idempotency-Key.",
    401: "No key, or one that is unknown, revoked or expired.",
    403: "The key lacks the scope.",
    404: "There is no such object, or it is not the caller's.",
    409: "Not allowed in the present state, or the same request is still under way.",
    410: "No longer there; where the feed does not know a cursor, go on from an earlier one.",
    412: "It changed since it was read.",
    413: "The body is larger than any that is taken; it was not read.",
    415: "The body is not in the form that is asked for.",
    422: "Values are not valid, or the Idempotency-Key was used for another request.",
    428: "There is no If-Match.",
    429: "Too often; wait for the seconds in Retry-After.",
    503: "The database does not answer; come again after the seconds in Retry-After.",
}
_ANYWHERE: Final = (400, 429, 503)
READING: Final = (401, 403, 404)
FOLLOWING: Final = (401, 403, 410, 422)
LISTING: Final = (401, 403, 422)
UPLOADING: Final = (400, 401, 403, 404, 409, 413, 415, 422)
FILING: Final = (400, 401, 403, 404, 409, 422)
BULK: Final = (400, 401, 403, 409, 413, 422)
ACTING: Final = (400, 401, 403, 404, 409, 412, 422, 428)


def problems(statuses: Iterable[int]) -> dict[Any, OpenApiResponse]:
    """The documented problems with these statuses."""
    return {
        (status, "application/problem+json"): OpenApiResponse(Problem, _SAID[status])
        for status in sorted({*statuses, *_ANYWHERE})
    }
