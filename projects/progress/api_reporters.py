"""A project's reporters over HTTP: whom the caller's enterprise named to report on it."""

from functools import cache, partial
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.access import document
from projects.access.answers import described
from projects.access.authentication import caller_of
from projects.access.models import ApiKey
from projects.access.once import once
from projects.access.pages import NewestFirst
from projects.access.shape import (
    StrictModelSerializer,
    StrictSerializer,
    Words,
    judged,
    require_shape,
)
from projects.progress.models import Reporter
from projects.progress.queries import reported_project
from projects.progress.queries_reporting import active_reporters
from projects.progress.reporters import end_reporter, name_reporter
from projects.record.finding import typed_row
from projects.record.masks import mask_email, mask_name, mask_phone
from projects.record.refusals import Missing
from projects.register.models import Project


class ReporterIn(StrictModelSerializer):
    """A person of the caller's enterprise."""

    name = Words(help_text="At most 40 characters.")
    mobile = Words(required=False, allow_blank=True, help_text="A mobile, or a landline.")
    email = Words(
        required=False, allow_blank=True,
        help_text="The daily link goes there. Without one an officer hands it over.",
    )  # fmt: skip

    class Meta:
        model = Reporter
        fields = ("name", "mobile", "email")


class ProjectReporter(serializers.ModelSerializer[Reporter]):
    """A person who reports on the project for the caller's enterprise, without a key."""

    id = serializers.CharField(source="pk", help_text="Names the reporter in addresses.")
    name = serializers.SerializerMethodField(help_text="Masked for a key that reads masked.")
    mobile = serializers.SerializerMethodField(help_text="As the name; null if there is none.")
    email = serializers.SerializerMethodField(help_text="As the name; null if there is none.")

    class Meta:
        model = Reporter
        fields = ("id", "name", "mobile", "email", "named_at", "ended_at")
        extra_kwargs: ClassVar = described(
            named_at="Since when.", ended_at="Until when; null while the person reports."
        )

    def get_name(self, row: Reporter) -> str:
        return mask_name(row.name) if self._by.sees_masked else row.name

    def get_mobile(self, row: Reporter) -> str | None:
        return (mask_phone(row.mobile) if self._by.sees_masked else row.mobile) or None

    def get_email(self, row: Reporter) -> str | None:
        return (mask_email(row.email) if self._by.sees_masked else row.email) or None

    @property
    def _by(self) -> ApiKey:
        by: ApiKey = self.context["by"]
        return by


class NothingIn(StrictSerializer):
    """An empty object."""


def _project(request: Request, code: str) -> Project:
    return reported_project(caller_of(request).enterprise, code)


def _shown(row: Reporter, by: ApiKey) -> dict[str, Any]:
    shown: dict[str, Any] = ProjectReporter(row, context={"by": by}).data
    return shown


class ReporterList(GenericAPIView[Reporter]):
    queryset = Reporter.objects.none()
    serializer_class = ProjectReporter
    pagination_class = NewestFirst
    filter_backends = ()

    @extend_schema(
        operation_id="list_reporters",
        summary="List who reports on a project for the enterprise, the newest first",
        description="Those whom the caller's enterprise, or an officer for it, named, while they "
        "report. Nobody sees another enterprise's.",
        responses={
            document.LIST: ProjectReporter(many=True), **document.problems(document.LISTING),
        },
    )  # fmt: skip
    def get(self, request: Request, code: str) -> Response:
        by, project = caller_of(request), _project(request, code)
        rows = active_reporters().filter(project=project, enterprise=by.enterprise)
        page = self.paginate_queryset(rows)
        shown = ProjectReporter(page or [], many=True, context={"by": by}).data
        return self.get_paginated_response(shown)

    @extend_schema(
        operation_id="name_reporter",
        summary="Name a person who reports on a project",
        description="The person needs no account and no key: on each day whose report is missing "
        "a message carries a link to a page for that project and that day.",
        parameters=[document.IDEMPOTENCY_KEY],
        request=ReporterIn,
        responses={201: ProjectReporter, **document.problems(document.FILING)},
        examples=[
            document.example(
                "A clerk on the site",
                {"name": "王五", "mobile": "13700137000", "email": "site@example.com"},
            )
        ],
    )
    def post(self, request: Request, code: str) -> Response:
        by, project = caller_of(request), cache(partial(_project, request, code))

        def do() -> Response:
            verb = partial(name_reporter, project=project(), by=by)
            return Response(_shown(judged(ReporterIn(), request.data, verb), by), 201)

        return once(request, operation=f"projects/{code}/reporters", prepare=project, perform=do)


class EndReporter(APIView):
    @extend_schema(
        operation_id="end_reporter",
        summary="End it that a person reports on a project",
        description="The person is asked no longer, and links that were sent open nothing.",
        parameters=[document.IDEMPOTENCY_KEY],
        request=NothingIn,
        responses={200: ProjectReporter, **document.problems(document.FILING)},
    )
    def post(self, request: Request, code: str, reporter: str) -> Response:
        by = caller_of(request)

        def found() -> Reporter:
            rows = Reporter.objects.filter(enterprise=by.enterprise, project__code=code)
            row = typed_row(rows, reporter)
            if row is None:
                raise Missing
            return row

        def do() -> Response:
            require_shape(NothingIn(), request.data)
            return Response(_shown(end_reporter(reporter=found(), by=by), by))

        operation = f"projects/{code}/reporters/{reporter}/end"
        return once(request, operation=operation, prepare=found, perform=do)
