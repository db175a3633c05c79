"""The serializers of events, and of what they changed."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from coordination.intake.api_words import LABEL
from coordination.intake.feed.shape import actor_of, represent_changes
from coordination.tickets.flow import FLOW, Status
from coordination.tickets.models import TicketEvent
from coordination.tickets.queries_words import text_of, word_of


class ChangeOut(serializers.Serializer[Any]):
    """One field of a ticket, before and after."""

    pointer = serializers.CharField(help_text="A JSON pointer into the ticket.")
    label = serializers.CharField(help_text="The field's name, for people.")  # type: ignore[assignment]  # a field of ours, named as the framework's own attribute
    before = serializers.CharField(
        allow_null=True, help_text="What it was, as a text; null if nothing."
    )
    after = serializers.CharField(
        allow_null=True, help_text="What it is, or would be; null if nothing."
    )
    before_name = serializers.CharField(
        allow_null=True, help_text="The name of the place that it was; null of all else."
    )
    after_name = serializers.CharField(
        allow_null=True,
        help_text="The name of the place that it is, or would be; null of all else.",
    )


class Proposed(serializers.Serializer[Any]):
    """An amendment that waits for its decision."""

    seq = serializers.IntegerField(
        help_text="The event that proposed it, counted from 1 in its ticket."
    )
    at = serializers.DateTimeField(help_text="When it was proposed.")
    reason = serializers.CharField(allow_null=True, help_text="Why; null once it is erased.")
    changes = ChangeOut(many=True, help_text="What is to be changed.")


class Actor(serializers.Serializer[Any]):
    """Who did it."""

    kind = serializers.ChoiceField(
        choices=["officer", "enterprise", "system"],
        help_text="An officer of the desk, the enterprise, or the system by itself.",
    )
    name = serializers.CharField(allow_null=True, help_text="By name; null of the system.")


class StatusOrNull(serializers.ChoiceField):
    """A status; null instead of an empty one."""

    def get_attribute(self, instance: Any) -> Any:
        return super().get_attribute(instance) or None


class Event(serializers.Serializer[TicketEvent]):
    """One step of a ticket's timeline."""

    seq = serializers.IntegerField(
        help_text="Its place in the ticket's timeline, counted from 1; there may be gaps."
    )
    verb = serializers.ChoiceField(
        choices=[(rule.verb, rule.label) for rule in FLOW.rules()], help_text="What was done."
    )
    label = serializers.CharField(source="verb_label", help_text=LABEL)  # type: ignore[assignment]  # a field of ours, named as the framework's own attribute
    to = serializers.ChoiceField(
        choices=Status.choices, source="to_status", help_text="The ticket's status after it."
    )
    actor = serializers.SerializerMethodField(help_text="Who did it.")
    at = serializers.DateTimeField(source="recorded_at", help_text="When it was done.")
    text = serializers.SerializerMethodField(help_text="Its text by field; empty once erased.")
    changes = serializers.SerializerMethodField(
        help_text="What was amended, or proposed to be; empty of other events, and once erased."
    )

    def get_fields(self) -> dict[str, Any]:
        # "from" is a keyword of Python, so it cannot be declared like the others.
        before = StatusOrNull(
            choices=Status.choices, source="from_status", allow_null=True,
            help_text="The ticket's status before it; null of the first.",
        )  # fmt: skip
        return {**super().get_fields(), "from": before}

    @extend_schema_field(Actor)
    def get_actor(self, event: TicketEvent) -> dict[str, str | None]:
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
        "reason": word_of(proposal, "reason") or None, "changes": represent_changes(proposal),
    }  # fmt: skip
