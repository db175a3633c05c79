"""The fields of a ticket's clock: the light, whether it is paused, and the deadlines.

Their values come from ``api_shown``.
"""

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from coordination.tickets.clocks.lights import Light
from coordination.tickets.models import Ticket

CLOCK: Final = ("light", "clock_stands", "accept_due", "due_at", "answer_due")


class Clock(serializers.Serializer[Any]):
    """Added to the fields of a ticket."""

    light = serializers.SerializerMethodField(
        help_text="Green, yellow near the deadline, red past it; null without a clock."
    )
    clock_stands = serializers.SerializerMethodField(
        help_text="It awaits the enterprise's answer, and its clock does not run."
    )
    accept_due = serializers.DateTimeField(
        allow_null=True, help_text="By when it is to be accepted."
    )
    due_at = serializers.DateTimeField(
        allow_null=True, help_text="By when it is to be resolved; null until it is accepted."
    )
    answer_due = serializers.DateTimeField(
        allow_null=True, help_text="By when the question is to be answered; null without one."
    )

    @extend_schema_field(
        {"oneOf": [{"type": "string", "enum": list(Light.values)}, {"type": "null"}]}
    )
    def get_light(self, ticket: Ticket) -> str | None:
        raise NotImplementedError

    def get_clock_stands(self, ticket: Ticket) -> bool:
        raise NotImplementedError
