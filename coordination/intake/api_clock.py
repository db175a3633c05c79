"""The fields of a ticket's clock: the light, whether it is paused, and the deadlines.

Their values come from ``api_shown``.
"""

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from coordination.tickets.clocks.lights import Light
from coordination.tickets.models import Ticket

CLOCK: Final = (
    "light", "clock_stands", "accept_due", "due_at", "due_is_provisional", "answer_due",
    "answer_is_provisional",
)  # fmt: skip


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
    due_is_provisional = serializers.BooleanField(
        help_text=(
            "Whether the running deadline (accept_due until it is accepted, then due_at) is "
            "provisional: the days off of its year are not entered yet, so every day from Monday "
            "to Friday counts as worked. It is reckoned again once they are entered, and the "
            "later of the two deadlines holds."
        )
    )
    answer_due = serializers.DateTimeField(
        allow_null=True, help_text="By when the question is to be answered; null without one."
    )
    answer_is_provisional = serializers.BooleanField(
        help_text="The same of answer_due; false without a question."
    )

    @extend_schema_field(
        {"oneOf": [{"type": "string", "enum": list(Light.values)}, {"type": "null"}]}
    )
    def get_light(self, ticket: Ticket) -> str | None:
        raise NotImplementedError

    def get_clock_stands(self, ticket: Ticket) -> bool:
        raise NotImplementedError
