"""The API of the caller's projects, each with who serves it."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coordination.intake.api_service import Service, represent_service
from coordination.tickets.queries_responsible import serving_now
from projects.access import document
from projects.access.answers import described
from projects.access.authentication import caller_of
from projects.access.models import ApiKey
from projects.access.pages import NewestFirst
from projects.record.clock import now
from projects.record.finding import get_or_missing
from projects.register.models import ParticipantRole, Project, ProjectParticipant
from projects.register.queries import projects_of


class DistrictRef(serializers.Serializer[Any]):
    """A district or county."""

    code = serializers.CharField(help_text="Its six-digit code of GB/T 2260.")
    name = serializers.CharField(help_text="Its name.")


class Participation(serializers.Serializer[Any]):
    """In which role the enterprise takes part, and when."""

    role = serializers.ChoiceField(choices=ParticipantRole.choices, help_text="As what.")
    since = serializers.DateField(help_text="The first day.")
    until = serializers.DateField(
        allow_null=True, help_text="The first day on which it no longer does; null while open."
    )


class ProjectOut(serializers.ModelSerializer[Project]):
    """A project in which the enterprise takes part."""

    district = DistrictRef()
    national_code = serializers.SerializerMethodField(
        help_text="Its code on the national platform for investment projects; null if not known."
    )
    participations = serializers.SerializerMethodField(help_text="The caller's own, as of today.")
    service = serializers.SerializerMethodField(
        help_text="Who serves it now; null where nobody does."
    )

    class Meta:
        model = Project
        fields = (
            "code", "name", "national_code", "level", "phase", "sector", "district",
            "total_investment",
            "annual_investment", "planned_resumption", "resumed_on", "participations", "service",
        )  # fmt: skip
        extra_kwargs: ClassVar = described(
            code="The project's code, as it is used in addresses.",
            name="The project's name.",
            level="Whose key project it is.",
            phase="How far it is this year.",
            sector="What is built.",
            total_investment="All of it, in 亿元 (a hundred million yuan).",
            annual_investment="What is planned for the year, in 亿元 (a hundred million yuan).",
            planned_resumption="The day planned for resuming or starting work; null if none is.",
            resumed_on="The day on which work resumed or started, by the daily reports; null if "
            "it has not.",
        )

    def get_national_code(self, project: Project) -> str | None:
        return project.national_code or None

    @extend_schema_field(Service(allow_null=True))
    def get_service(self, project: Project) -> dict[str, Any] | None:
        """Who serves it now; null where nobody does."""
        return represent_service(self.context["serving"].get(project.pk))

    @extend_schema_field(Participation(many=True))
    def get_participations(self, project: Project) -> list[dict[str, Any]]:
        own: list[ProjectParticipant] = project.own  # type: ignore[attr-defined]  # what the queryset prefetched
        return [
            {"role": row.role, "since": row.during.lower, "until": row.during.upper} for row in own
        ]


def own_projects(by: ApiKey, at: datetime) -> QuerySet[Project]:
    """The projects of the register in which the caller takes part today.

    Each has the attribute ``own``, the caller's participations.
    """
    today = timezone.localdate(at)
    own = ProjectParticipant.objects.filter(enterprise=by.enterprise, during__contains=today)
    return (
        projects_of(by.enterprise, on=today)
        .filter(left_at__isnull=True)
        .select_related("district")
        .prefetch_related(
            Prefetch("participants", own.order_by("pk"), to_attr="own"),
        )
    )


def represent(projects: list[Project], at: datetime) -> list[dict[str, Any]]:
    """The projects as JSON; who serves them is read once for all of them."""
    context = {"serving": serving_now([project.pk for project in projects], at)}
    return list(ProjectOut(projects, many=True, context=context).data)


class ProjectList(GenericAPIView[Project]):
    queryset = Project.objects.none()
    serializer_class = ProjectOut
    pagination_class = NewestFirst

    @extend_schema(
        operation_id="list_projects",
        summary="List the projects that the enterprise takes part in",
        description=(
            "Today, in any role; each with the enterprise's part in it, and who serves it: one "
            "group and one liaison, or who answers while he cannot act: his deputy, the group's "
            "lead, another member of the group, the duty desk."
        ),
        responses={document.LIST: ProjectOut(many=True), **document.problems(document.LISTING)},
    )
    def get(self, request: Request) -> Response:
        at = now()
        page = self.paginate_queryset(own_projects(caller_of(request), at))
        return self.get_paginated_response(represent(page or [], at))


class ProjectDetail(APIView):
    @extend_schema(
        operation_id="read_project",
        summary="Read a project",
        description="One that the enterprise takes part in today, as it is listed.",
        responses={200: ProjectOut, **document.problems(document.READING)},
    )
    def get(self, request: Request, code: str) -> Response:
        at = now()
        project = get_or_missing(own_projects(caller_of(request), at), code=code)
        return Response(represent([project], at)[0])
