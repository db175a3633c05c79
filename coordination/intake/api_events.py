"""The serializers of events, and of what they changed."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from coordination.intake.feed.shape import actor_of, represent_changes
from coordination.tickets.flow import FLOW
from coordination.tickets.models import TicketEvent
from coordination.tickets.queries_words import text_of, word_of


class ChangeOut(serializers.Serializer[Any]):
    """One field of a ticket, before and after."""

    pointer = serializers.CharField(help_text="A JSON pointer into the ticket.")
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, named as the framework's own attribute
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)


class Proposed(serializers.Serializer[Any]):
    """An amendment that waits for its decision."""

    seq = serializers.IntegerField(help_text="The event that proposed it.")
    at = serializers.DateTimeField()
    reason = serializers.CharField()
    changes = ChangeOut(many=True)


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
    text = serializers.SerializerMethodField(help_text="Its text by field; empty once erased.")
    changes = serializers.SerializerMethodField(
        help_text="What was amended, or proposed to be; empty of other events, and once erased."
    )

    def get_fields(self) -> dict[str, Any]:
        # "from" is a keyword of Python, so it cannot be declared like the others.
        return {**super().get_fields(), "from": serializers.CharField(source="from_status")}

    @extend_schema_field(Actor)
    def get_actor(self, event: TicketEvent) -> dict[str, str]:
        return actor_of(event, self.context.get("names"))

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_text(self, event: TicketEvent) -> dict[str, Any]:
        return text_of(event)

    @extend_schema_field(ChangeOut(many=True))
    def get_changes(self, event: TicketEvent) -> list[dict[str, str | None]]:
        return represent_changes(event)


def represent_proposal(proposal: TicketEvent | None) -> dict[str, Any] | None:
    """The proposal that waits for its decision, as JSON."""
    if proposal is None:
        return None
    return {
        "seq": proposal.seq, "at": timezone.localtime(proposal.recorded_at).isoformat(),
        "reason": word_of(proposal, "reason"), "changes": represent_changes(proposal),
    }  # fmt: skip
