"""The serializers of webhooks; they check types only, the verbs check values."""

from datetime import timedelta
from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _
from rest_framework import serializers

from coordination.delivery.models import Attempt, Because, Delivery, State, WebhookEndpoint
from coordination.delivery.signing import written_id
from coordination.delivery.webhooks.replay import MOST_AT_ONCE
from coordination.delivery.webhooks.rotate import LONGEST_OVERLAP, USUAL_OVERLAP
from projects.access.answers import TextOrNull, described
from projects.access.shape import Moment, StrictSerializer, Truth, Until, Whole, Words
from projects.record.sealed_fields import is_there, opened_or


class Webhook(serializers.ModelSerializer[WebhookEndpoint]):
    """An endpoint without its secret."""

    id = serializers.CharField(source="endpoint_id", help_text="By which addresses name it.")
    url = serializers.SerializerMethodField(
        help_text="Where messages are sent; null once it cannot be decrypted."
    )
    description = TextOrNull(help_text="What it is for; null where nobody said.")
    topics = serializers.ListField(
        child=serializers.CharField(), help_text="What it hears of; all where it is empty."
    )
    disabled_because = serializers.ChoiceField(
        choices=Because.choices, allow_null=True,
        help_text="Null while it is enabled. `gone`: the receiver answered 410; `failing`: nothing "
        "arrived for five days.",
    )  # fmt: skip
    disabled_note = TextOrNull(help_text="What the centre said, where it was the one, or null.")
    failing_since = serializers.DateTimeField(
        allow_null=True, help_text="Since when nothing has arrived; null once something does."
    )

    class Meta:
        model = WebhookEndpoint
        fields: tuple[str, ...] = (
            "id", "url", "description", "topics", "is_enabled", "disabled_because",
            "disabled_note", "disabled_at", "failing_since", "created_at", "version",
        )  # fmt: skip
        extra_kwargs: ClassVar = described(
            is_enabled="Whether messages are sent to it.",
            disabled_at="When it was disabled; null while it is enabled.",
            created_at="When it was made.",
            version="Counts its changes; `If-Match` compares it.",
        )

    def get_url(self, endpoint: WebhookEndpoint) -> str | None:
        return opened_or(endpoint, "kept", {}).get("url") or None

    def to_representation(self, endpoint: WebhookEndpoint) -> dict[str, Any]:
        """Return the endpoint; ``disabled_because`` is null while it is enabled."""
        shown = super().to_representation(endpoint)
        return {**shown, "disabled_because": shown["disabled_because"] or None}


class WebhookWithSecret(Webhook):
    """An endpoint with a new secret, which is shown this once."""

    secret = serializers.SerializerMethodField(
        help_text="`whsec_…`. Null where the answer is given again."
    )

    class Meta(Webhook.Meta):
        fields = (*Webhook.Meta.fields, "secret")

    def get_secret(self, _endpoint: WebhookEndpoint) -> str | None:
        secret: str | None = self.context["secret"]
        return secret


class _About(StrictSerializer):
    description = Words(
        required=False, allow_blank=True, help_text="What it is for; at most 120 characters."
    )
    topics = serializers.ListField(
        child=serializers.CharField(), required=False,
        help_text="Such as `ticket.accepted`; all where none is given.",
    )  # fmt: skip


class WebhookIn(_About):
    """A webhook to be opened."""

    url = serializers.CharField(help_text="Public, https://, at most 500 characters.")


class WebhookChange(_About):
    """Members that are left out stay unchanged."""

    url = serializers.CharField(
        required=False, help_text="Public, https://, at most 500 characters."
    )
    is_enabled = Truth(required=False, help_text="True enables it again, false disables it.")


class SecretIn(StrictSerializer):
    """How long both secrets sign."""

    overlap_hours = Whole(
        required=False,
        help_text=f"For how many hours the old secret still signs beside the new one: 0 to "
        f"{LONGEST_OVERLAP}, {USUAL_OVERLAP} where left out.",
    )  # fmt: skip


class ReplayIn(StrictSerializer):
    """Either one message, or a period."""

    message = serializers.CharField(required=False, help_text="Its id, `msg_…`.")
    since = Moment(required=False, help_text="The begin of a period.")
    until = Until(
        required=False,
        help_text=f"The end of the period, itself left out; at most {MOST_AT_ONCE} messages.",
    )
    only_failed = Truth(
        required=False, help_text="Of a span: what was given up, and not what arrived."
    )


class Replayed(serializers.Serializer[Any]):
    """What is sent again."""

    number = serializers.IntegerField(help_text="How many are on their way again.")


class NothingIn(StrictSerializer):
    """An empty object."""


_SECOND: Final = timedelta(milliseconds=1)


class Try(serializers.ModelSerializer[Attempt]):
    """One attempt to send it."""

    duration_ms = serializers.SerializerMethodField(help_text="How long it took, in milliseconds.")
    detail = serializers.SerializerMethodField(
        help_text="Why it failed, for people; null if it did not."
    )

    class Meta:
        model = Attempt
        fields = ("started_at", "duration_ms", "is_success", "status", "detail")
        extra_kwargs: ClassVar = described(
            started_at="When it began.",
            is_success="Whether the receiver answered 2xx.",
            status="The HTTP status of the answer; null if none came.",
        )

    def get_duration_ms(self, attempt: Attempt) -> int:
        return attempt.duration // _SECOND

    def get_detail(self, attempt: Attempt) -> str | None:
        return _(attempt.detail) if attempt.detail else None


class WebhookDelivery(serializers.ModelSerializer[Delivery]):
    """A message and its attempts."""

    id = serializers.SerializerMethodField(help_text="The `webhook-id`, the same in every try.")
    type = serializers.CharField(source="topic", help_text="What it is about.")
    next_try_at = serializers.SerializerMethodField(
        help_text="When it is tried next; null once it is settled."
    )
    is_kept = serializers.SerializerMethodField(help_text="Whether it can still be replayed.")
    attempts = Try(many=True, help_text="The tries, the earliest first.")

    class Meta:
        model = Delivery
        fields = (
            "id", "type", "state", "tries", "created_at", "next_try_at", "settled_at", "is_kept",
            "attempts",
        )  # fmt: skip
        extra_kwargs: ClassVar = described(
            state="What became of it.",
            tries="How many times it was tried.",
            created_at="When it was put into the outbox.",
            settled_at="When it was delivered or given up; null until then.",
        )

    def get_id(self, delivery: Delivery) -> str:
        return written_id(delivery.message_id)

    def get_next_try_at(self, delivery: Delivery) -> str | None:
        due = serializers.DateTimeField().to_representation(delivery.due_at)
        return due if delivery.state == State.PENDING else None

    def get_is_kept(self, delivery: Delivery) -> bool:
        return is_there(delivery, "body")
