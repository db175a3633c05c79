"""Who serves a project, as the API shows it: the group, and whom to call today."""

from typing import Any

from rest_framework import serializers

from coordination.groups.models import Assignment, Officer


class Service(serializers.Serializer[Any]):
    """Who answers for a project now."""

    group = serializers.CharField(help_text="The service group.")
    liaison = serializers.CharField(help_text="Whom to call: the liaison, or his deputy.")
    mobile = serializers.CharField(help_text="The office mobile; may be empty.")
    stands_in_for = serializers.CharField(
        allow_null=True, help_text="The liaison who is on leave, where the deputy answers for him."
    )


def shown_service(assignment: Assignment | None, officer: Officer | None) -> dict[str, Any] | None:
    """The one assignment in force, and the officer who answers by it; None where nobody does."""
    if assignment is None or officer is None:
        return None
    stands_in = officer.pk != assignment.liaison_id
    return {
        "group": assignment.group.name,
        "liaison": officer.name,
        "mobile": officer.mobile,
        "stands_in_for": assignment.liaison.name if stands_in else None,
    }
