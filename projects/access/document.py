"""The parts of the OpenAPI document that all operations share: headers and problems."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from projects.access.problem_types import PROBLEMS
from projects.access.request_ids import HEADER


class ErrorCode(serializers.CharField):
    """The code of an error, of the closed list in ``error_codes.py``."""


class ProblemError(serializers.Serializer[Any]):
    """One thing that is wrong, and where."""

    pointer = serializers.CharField(
        help_text="A JSON pointer into the request's body; `/name` of a parameter or header; empty "
        "where no one place is meant."
    )
    code = ErrorCode()
    detail = serializers.CharField(help_text="In the caller's language; for people.")
    number = serializers.CharField(
        allow_null=True,
        help_text="With `taken`: the number of the ticket that has the value already; otherwise "
        "null.",
    )


class Problem(serializers.Serializer[Any]):
    """An RFC 9457 problem."""

    type = serializers.CharField(
        help_text="Stable; for programs. The address of a page about it, below `/problems/`."
    )
    title = serializers.CharField(help_text="The type in words; for people.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    detail = serializers.CharField(
        help_text="What is wrong, or what to do, in the caller's language; for people."
    )
    ticket_status = serializers.CharField(
        allow_null=True,
        help_text="With `not-allowed`: the status in which the ticket is; otherwise null.",
    )
    errors = ProblemError(
        many=True,
        help_text="Each thing that is wrong. With `not-allowed` the reason, where it is "
        "another than the state; otherwise empty.",
    )  # type: ignore[assignment]  # a field of ours, named as the framework's own attribute


IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description="1 to 255 visible ASCII characters; new for each operation, the same for each "
    "retry of it. Kept with the answer for seven days after the operation; later it counts as new.",
)  # fmt: skip
IF_MATCH: Final = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description="The ETag of the ticket as it was read.",
)  # fmt: skip
IF_NONE_MATCH: Final = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER,
    description="The ETag of what the caller has: 304 if it is still the same.",
)  # fmt: skip
ETAG: Final = OpenApiParameter(
    "ETag", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[200, 201, 304],
    description="Of this answer, for If-None-Match, and of the ticket's version, for If-Match.",
)  # fmt: skip
LOCATION: Final = OpenApiParameter(
    "Location", OpenApiTypes.URI_REF, OpenApiParameter.HEADER, response=[201],
    description="The address of what was made.",
)  # fmt: skip
ACCEPT_LANGUAGE: Final = {
    "name": "Accept-Language", "in": "header", "required": False,
    "schema": {"type": "string"},
    "description": "The language of labels and problems: `zh-hans` (where left out) or `en`.",
}  # fmt: skip

_DESCRIPTIONS: Final = {
    400: "The request cannot be read, has no Idempotency-Key, or an unknown parameter.",
    401: "No key, or one that is unknown, revoked or expired.",
    403: "The key lacks the scope.",
    404: "The object does not exist, or is not the caller's.",
    406: "Only JSON is available.",
    409: "Not allowed in the present state, or for the reason in `errors[].code`; or the same "
    "request is still in progress.",
    410: "No longer there; for an unknown cursor of the feed, continue from an earlier one.",
    412: "It changed since it was read.",
    413: "The body is too large; it was not read.",
    415: "The body has another media type than required.",
    422: "Values are not valid, or the Idempotency-Key was used for another request.",
    428: "If-Match is missing.",
    429: "Too many requests; wait for the seconds in Retry-After.",
    503: "The database does not answer; retry after the seconds in Retry-After.",
}
_EVERYWHERE: Final = (400, 401, 403, 406, 429, 503)
_BODY: Final = (409, 413, 415, 422)
READING: Final = (*_EVERYWHERE, 404)
FOLLOWING: Final = (*_EVERYWHERE, 410, 422)
LISTING: Final = (*_EVERYWHERE, 422)
FILING: Final = (*_EVERYWHERE, *_BODY, 404)
UPLOADING: Final = FILING
BULK: Final = (*_EVERYWHERE, *_BODY)
ACTING: Final = (*FILING, 412, 428)

# Problem types that only lists return, and those that only POSTs return.
_OF_LISTS: Final = {"unknown-parameter"}
_OF_POSTS: Final = {"idempotency-key-missing", "idempotency-key-reused", "in-flight"}
_NEVER_OF_A_KEY: Final = {"forbidden"}  # of the pagination
_RETRY_AFTER: Final = {
    "schema": {"type": "integer"},
    "description": "After how many seconds to try again.",
}
# By name in the document's components, since every answer has them.
HEADERS: Final = {
    HEADER: {
        "schema": {"type": "string"},
        "description": "The request's id, as it is in our log: the caller's own, if it sent one.",
    },
    "RateLimit-Policy": {
        "schema": {"type": "string"},
        "description": 'The limit: `"key";q=600;w=60` is 600 requests in 60 seconds for the key, '
        '`"address"` for an address without one. Absent where there is no limit.',
    },
    "RateLimit": {
        "schema": {"type": "string"},
        "description": 'What is left: with `"key";r=599;t=1` 599 requests now, and all of them '
        "again in 1 second. Absent where there is no limit.",
    },
}
_EVERY: Final = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
_HEADERS_OF: Final[Mapping[str, dict[str, Any]]] = {
    "401": {
        "WWW-Authenticate": {
            "schema": {"type": "string"}, "description": "`Bearer`: a key is wanted.",
        }
    },
    "429": {"Retry-After": _RETRY_AFTER},
    "503": {"Retry-After": _RETRY_AFTER},
}  # fmt: skip
_REPLAYED: Final = {
    "Idempotent-Replayed": {
        "schema": {"type": "string", "enum": ["true"]},
        "description": "Set where this is the stored answer of an earlier request.",
    }
}
_DONE: Final = {
    "200": "As it is now.", "201": "It was made.", "204": "It is done.",
    "207": "Some were filed, some refused.", "304": "Unchanged.",
}  # fmt: skip


# The key of a list's answer. With its media type it sorts before the problems, and by the first
# answer drf-spectacular tells whether a view gives a list.
LIST: Final = (200, "application/json")


def problems(statuses: Iterable[int]) -> dict[Any, OpenApiResponse]:
    """The documented problems with these statuses."""
    return {
        (status, "application/problem+json"): OpenApiResponse(Problem, _DESCRIPTIONS[status])
        for status in sorted(statuses)
    }


_IN_ADDRESSES: Final = {
    "number": "The ticket's number.",
    "code": "The project's code.",
    "key_id": "The key's id: the part before the dot.",
    "message": "The message's id, `msg_…`.",
}


def described(name: str) -> str:
    """Description of a path parameter."""
    return _IN_ADDRESSES.get(name, "As an earlier answer gave it.")


def complete(answer: dict[str, Any], *, status: str, method: str) -> None:
    """Add to an answer the headers of its status, and an example of each problem."""
    headers = {**_EVERY, **_HEADERS_OF.get(status, {})}
    if method == "POST" and status[0] == "2":
        headers |= _REPLAYED
    answer.setdefault("headers", {}).update(headers)
    answer["description"] = answer.get("description") or _DONE.get(status, "")
    for media, body in answer.get("content", {}).items():
        if media == "application/problem+json":
            body["examples"] = _examples(int(status), method)


def _examples(status: int, method: str) -> dict[str, Any]:
    left_out = _NEVER_OF_A_KEY | (_OF_LISTS if method == "POST" else _OF_POSTS)
    return {
        code: {"value": _example(code, status, str(each.title))}
        for code, each in PROBLEMS.items()
        if each.status == status and code not in left_out
    }


def _example(code: str, status: int, title: str) -> dict[str, Any]:
    wrong = _WRONG.get(code)
    return {
        "type": f"/problems/{code}", "title": title, "status": status, "detail": title,
        "ticket_status": "closed" if code == "not-allowed" else None,
        "errors": [wrong] if wrong else [],
    }  # fmt: skip


_WRONG: Final = {
    "invalid": {
        "pointer": "/lines/0/plate", "code": "plate", "detail": "This is not a number plate.",
        "number": None,
    },
    "unknown-parameter": {
        "pointer": "/colour", "code": "unknown", "detail": "There is no such parameter.",
        "number": None,
    },
}  # fmt: skip


def example(name: str, value: Any) -> OpenApiExample:
    """An example of a request that can be sent as it is."""
    return OpenApiExample(name, value=value, request_only=True)
