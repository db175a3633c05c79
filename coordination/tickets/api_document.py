"""What the OpenAPI document says of every operation alike: headers, problems, examples."""

from collections.abc import Iterable
from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers


class ProblemError(serializers.Serializer[Any]):
    pointer = serializers.CharField(help_text="A JSON pointer into the request's body.")
    code = serializers.CharField(help_text="Stable; for programs.")
    detail = serializers.CharField(help_text="In the caller's language; for people.")


class Problem(serializers.Serializer[Any]):
    """An RFC 9457 problem."""

    type = serializers.CharField(help_text="Stable; for programs.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
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
    "Location", OpenApiTypes.URI, OpenApiParameter.HEADER, response=[201],
    description="The address of what was made.",
)  # fmt: skip

_SAID: Final = {
    400: "The request cannot be read, or has no Idempotency-Key.",
    401: "No key, or one that is unknown, revoked or expired.",
    404: "There is no such object, or it is not the caller's.",
    409: "Not allowed in the present state, or the same request is still under way.",
    410: "The feed does not know this cursor; go on from an earlier one.",
    412: "The ticket changed since it was read.",
    422: "Values are not valid, or the Idempotency-Key was used for another request.",
    428: "There is no If-Match.",
}
READING: Final = (401, 404)
FOLLOWING: Final = (401, 410, 422)
LISTING: Final = (400, 401)
FILING: Final = (400, 401, 404, 409, 422)
ACTING: Final = (400, 401, 404, 409, 412, 422, 428)


def problems(statuses: Iterable[int]) -> dict[Any, OpenApiResponse]:
    """The documented problems with these statuses."""
    return {
        (status, "application/problem+json"): OpenApiResponse(Problem, _SAID[status])
        for status in statuses
    }


def _filing(kind: str, title: str, line: dict[str, Any]) -> OpenApiExample:
    value = {
        "kind": kind,
        "project": "LY2020-001",
        "title": title,
        "urgency": "urgent",
        "contact": {"name": "王师傅", "mobile": "13800138000"},
        "lines": [line],
    }
    return OpenApiExample(title, value=value, request_only=True)


FILING_EXAMPLES: Final = [
    _filing(
        "vehicle_pass",
        "钢材运输车通行",
        {
            "pass_type": "B", "plate": "豫C12345", "carrier": "洛阳示例物流", "driver_name": "李四",
            "driver_mobile": "13900139000", "cargo_category": "钢材", "origin": "410305",
            "destination": "410311", "valid_from": "2020-03-09", "valid_to": "2020-03-16",
        },
    ),
    _filing(
        "worker_return",
        "三十名工人返岗",
        {
            "headcount": 30, "origin": "411502", "departs_at": "2020-03-10T08:00:00+08:00",
            "arrives_at": "2020-03-10T16:00:00+08:00", "mode": "coach", "seats": 50,
            "health_declared": True, "temperature_checked": True, "receiver": "赵六",
            "receiver_mobile": "13700137000",
        },
    ),
    _filing(
        "material_supply",
        "水泥短缺",
        {
            "item": "水泥", "specification": "P.O 42.5", "quantity": "500", "unit": "吨",
            "in_stock": "120", "needed_by": "2020-03-20", "shortage": "transport",
        },
    ),
]  # fmt: skip
