"""The bodies of an enterprise's verbs on its ticket; the verbs check the values."""

from typing import Final

from rest_framework import serializers

from projects.access.shape import StrictSerializer, Whole, Words

NOTE: Final = "A remark; at most 2,000 characters."


class ContactIn(StrictSerializer):
    """Whom to call about the ticket."""

    name = serializers.CharField(help_text="The person's name; at most 40 characters.")
    mobile = serializers.CharField(
        help_text="A mobile number of 11 digits, or a landline with its area code: 0379-65233520."
    )


class SupplementIn(StrictSerializer):
    """The answer to a question."""

    answer = serializers.CharField(help_text="What was asked for; at most 2,000 characters.")


class ReasonIn(StrictSerializer):
    """Why it is done."""

    reason = serializers.CharField(help_text="Why; at most 2,000 characters.")


class UrgeIn(StrictSerializer):
    """What is to be said with it."""

    note = Words(required=False, allow_blank=True, help_text=NOTE)


class ConfirmIn(StrictSerializer):
    """How satisfied the enterprise is."""

    satisfaction = Whole(help_text="1 (very dissatisfied) to 5 (very satisfied).")
    note = Words(required=False, allow_blank=True, help_text=NOTE)


class CommentIn(StrictSerializer):
    """What is to be said."""

    text = serializers.CharField(help_text="What is to be said; at most 2,000 characters.")
