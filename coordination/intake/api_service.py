"""How the API shows who serves a project."""

from typing import Any

from rest_framework import serializers

from coordination.groups.queries import Serving


class Service(serializers.Serializer[Any]):
    """Who serves a project now."""

    group = serializers.CharField(help_text="The service group.")
    liaison = serializers.CharField(help_text="Whom to call: the liaison, or his deputy.")
    mobile = serializers.CharField(help_text="The office mobile; may be empty.")
    stands_in_for = serializers.CharField(
        allow_null=True, help_text="The liaison who is on leave, where the deputy answers for him."
    )


def represent_service(serving: Serving | None) -> dict[str, Any] | None:
    """The group and the officer who answers for it, as JSON; None where nobody serves it."""
    if serving is None:
        return None
    assignment, officer = serving.assignment, serving.officer
    stands_in = officer.pk != assignment.liaison_id
    return {
        "group": assignment.group.name,
        "liaison": officer.name,
        "mobile": officer.mobile,
        "stands_in_for": assignment.liaison.name if stands_in else None,
    }
