"""How the API shows who serves a project."""

from typing import Any

from rest_framework import serializers

from coordination.groups.queries_acting import Serving


class Service(serializers.Serializer[Any]):
    """Who serves a project now."""

    group = serializers.CharField(help_text="The service group.")
    answers_as = serializers.ChoiceField(
        choices=["liaison", "deputy", "group_lead", "member", "duty_desk"],
        help_text="As what: the next answers where the one before cannot act.",
    )
    liaison = serializers.CharField(
        allow_null=True, help_text="Whom to call; null where the centre's duty desk answers."
    )
    mobile = serializers.CharField(help_text="The office phone; may be empty.")
    stands_in_for = serializers.CharField(
        allow_null=True, help_text="The liaison, where somebody else answers for him."
    )


def represent_service(serving: Serving | None) -> dict[str, Any] | None:
    """The group and the officer who answers for it, as JSON; None where nobody serves it."""
    if serving is None:
        return None
    assignment, officer = serving.assignment, serving.officer
    stands_in = officer is None or officer.pk != assignment.liaison_id
    return {
        "group": assignment.group.name,
        "answers_as": serving.answers_as,
        "liaison": officer.name if officer else None,
        "mobile": officer.mobile if officer else "",
        "stands_in_for": assignment.liaison.name if stands_in else None,
    }
