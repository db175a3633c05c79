"""How the API shows a project, a person, and who serves a project."""

from typing import Any

from rest_framework import serializers

from coordination.groups.queries_acting import Serving
from coordination.staff.models import Officer
from projects.register.models import Project


class ProjectRef(serializers.Serializer[Any]):
    """A project, wherever an answer names one."""

    code = serializers.CharField(help_text="The project's code, as it is used in addresses.")
    name = serializers.CharField(help_text="The project's name.")


class ContactOut(serializers.Serializer[Any]):
    """Whom to call about the ticket; null once it is erased."""

    name = serializers.CharField(allow_null=True, help_text="The person's name.")
    mobile = serializers.CharField(
        allow_null=True, help_text="The number: digits, with an area code's hyphen."
    )


class OfficerRef(serializers.Serializer[Any]):
    """An officer of the desk, wherever an answer names one."""

    name = serializers.CharField(help_text="The officer's name.")
    mobile = serializers.CharField(
        allow_null=True, help_text="The office phone; null where none is entered."
    )


class Service(serializers.Serializer[Any]):
    """Who serves a project now."""

    group = serializers.CharField(help_text="The service group's name.")
    answers_as = serializers.ChoiceField(
        choices=["liaison", "deputy", "group_lead", "member", "duty_desk"],
        help_text="As what: the next answers where the one before cannot act.",
    )
    liaison = OfficerRef(
        allow_null=True, help_text="Whom to call; null where the centre's duty desk answers."
    )
    stands_in_for = OfficerRef(
        allow_null=True,
        help_text="The liaison, where somebody else answers for him; otherwise null.",
    )


def represent_project(project: Project) -> dict[str, str]:
    """The project as JSON."""
    return {"code": project.code, "name": project.name}


def represent_officer(officer: Officer | None) -> dict[str, str | None] | None:
    """The officer as JSON."""
    return {"name": officer.name, "mobile": officer.mobile or None} if officer else None


def represent_service(serving: Serving | None) -> dict[str, Any] | None:
    """The group and the officer who answers for it, as JSON; None where nobody serves it."""
    if serving is None:
        return None
    assignment, officer = serving.assignment, serving.officer
    stands_in = officer is None or officer.pk != assignment.liaison_id
    return {
        "group": assignment.group.name,
        "answers_as": serving.answers_as,
        "liaison": represent_officer(officer),
        "stands_in_for": represent_officer(assignment.liaison if stands_in else None),
    }
