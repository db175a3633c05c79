"""One week's bulletin over HTTP, with the caller's own projects and tickets in it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coordination.bulletins.api import BulletinSerializer
from coordination.bulletins.api_shape import (
    DeclaredFigures,
    DeclaredHashes,
    DeclaredProjects,
    marks_for_all,
)
from coordination.bulletins.issues.addresses import place_of
from coordination.bulletins.issues.later import Correction, corrections_of
from coordination.bulletins.issues.queries import issue_of
from coordination.bulletins.issues.supplement import supplement_of
from coordination.bulletins.media_types import MEDIA_TYPES
from coordination.bulletins.models import Bulletin, Format, Issue, Language
from coordination.bulletins.queries_own import own_projects_in, own_tickets_in
from coordination.bulletins.served import file_answer
from coordination.bulletins.week import cut_off_on
from coordination.intake.api_service import ProjectRef
from coordination.tickets.flow import Status
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from projects.access import document
from projects.access.answers import described
from projects.access.authentication import caller_of
from projects.access.conditional import etag_of, unless_unchanged
from projects.access.file_views import FileView
from projects.access.pages import NewestFirst
from projects.house.blocks import Audience
from projects.record.refusals import Missing

_DAY: Final = OpenApiParameter(
    "day", date, OpenApiParameter.PATH, description="The day of its cut-off, in Shanghai."
)
ETAG: Final = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 304],
    description="Of the bulletin as this caller sees it; for If-None-Match.",
)  # fmt: skip


FILE_PARAMETERS: Final = (
    OpenApiParameter(
        "kind", str, OpenApiParameter.PATH, enum=Format.values,
        description="The format, as the end of the file's name.",
    ),
    OpenApiParameter(
        "lang", str, enum=Language.values, default=str(Language.CHINESE),
        description="In which language; Chinese if it is left out.",
    ),
)  # fmt: skip
FILE_ANSWERS: Final = {
    **{
        (200, media_type): OpenApiResponse(
            OpenApiTypes.BINARY, "The file, under its own media type."
        )
        for media_type in MEDIA_TYPES.values()
    },
    **document.problems(document.READING),
}


class BulletinOwn(serializers.Serializer[Any]):
    """The caller's own part of the figures."""

    projects = DeclaredProjects(read_only=True)
    tickets = serializers.CharField(help_text="Where the caller's own tickets of the period are.")


class BulletinCorrection(serializers.Serializer[Correction]):
    """A figure of an issue that a later issue corrects because of what was recorded late."""

    by = serializers.SerializerMethodField(help_text="The day of the later issue's cut-off.")
    figure = serializers.CharField(help_text="Its name in the later issue's `late` block.")
    title = serializers.CharField(help_text="What it is called.")
    before = serializers.IntegerField(help_text="How many projects or people it was before.")
    after = serializers.IntegerField(
        help_text="How many projects or people it is with what came later."
    )

    def get_by(self, correction: Correction) -> date:
        return timezone.localdate(correction.by.bulletin.cut_off)


class BulletinSupplement(serializers.Serializer[Any]):
    """The blocks that were added beside an issue, after it was built."""

    figures = DeclaredFigures(source="blocks", read_only=True)
    blocks = DeclaredHashes(read_only=True)


class WholeBulletin(BulletinSerializer):
    """One bulletin, with the caller's own projects and tickets in it."""

    own = serializers.SerializerMethodField(help_text="The caller's own part of it.")
    corrections = serializers.SerializerMethodField(
        help_text="What later issues correct of it, the earliest first."
    )

    supplement = serializers.SerializerMethodField(
        help_text="What of its period can be counted only since; null where nothing was added."
    )

    class Meta(BulletinSerializer.Meta):
        fields = (*BulletinSerializer.Meta.fields, "own", "corrections", "supplement")

    @extend_schema_field(BulletinSupplement(allow_null=True))
    def get_supplement(self, bulletin: Bulletin) -> dict[str, Any] | None:
        blocks = supplement_of(bulletin)
        return BulletinSupplement({"blocks": blocks}).data if blocks else None

    @extend_schema_field(BulletinCorrection(many=True))
    def get_corrections(self, bulletin: Bulletin) -> list[dict[str, Any]]:
        found = corrections_of(bulletin.issue, is_staff=False)
        return [BulletinCorrection(each).data for each in found]

    @extend_schema_field(BulletinOwn)
    def get_own(self, bulletin: Bulletin) -> dict[str, Any]:
        period = bulletin.period
        marks = marks_for_all({name: each["schema"] for name, each in bulletin.blocks.items()})
        return {
            "projects": own_projects_in(period, marks, self.context["by"]),
            "tickets": place_of(bulletin.issue).tickets,
        }


class BulletinTicket(serializers.ModelSerializer[Ticket]):
    """One of the caller's tickets, with its status at the begin and the end of the period."""

    kind = serializers.ChoiceField(choices=list(KINDS), help_text="What is asked for.")
    project = ProjectRef()
    status_before = serializers.ChoiceField(
        choices=Status.choices, source="before", allow_null=True,
        help_text="Null where it was filed in the period.",
    )  # fmt: skip
    status_after = serializers.ChoiceField(
        choices=Status.choices, source="after", help_text="Where it stood at the cut-off."
    )

    class Meta:
        model = Ticket
        fields = ("number", "kind", "project", "filed_at", "status_before", "status_after")
        extra_kwargs: ClassVar = described(
            number="The ticket's number.", filed_at="When it was filed."
        )


def _issue_of(day: str) -> Issue:
    """The newest edition in force of the week that ended on that day. Raises Missing."""
    try:
        found = issue_of(cut_off_on(datetime.strptime(day, "%Y-%m-%d").date()))  # noqa: DTZ007 - a day has no zone
    except (ValueError, OverflowError) as error:
        raise Missing from error
    if found is None:
        raise Missing
    return found


def asked_file(request: Request, issue_of_it: Callable[[], Issue], kind: str) -> HttpResponse:
    """The file in the language that is asked for. Raises Missing."""
    language = request.query_params.get("lang", Language.CHINESE)
    if kind not in Format.values or language not in Language.values:
        raise Missing
    try:
        return file_answer(issue_of_it(), kind, language, Audience.ALL)
    except Http404 as error:
        raise Missing from error


class BulletinDetail(APIView):
    """One bulletin, by the date of its cut-off in Shanghai: 2020-03-09."""

    @extend_schema(
        operation_id="read_bulletin",
        summary="Read the bulletin of a week, by the date of its cut-off",
        description=(
            "The figures as they were frozen, with their hashes, and in `own` the caller's own "
            "projects as they were counted. Nobody else's name is in it."
        ),
        parameters=[_DAY, ETAG, document.IF_NONE_MATCH],
        responses={200: WholeBulletin, 304: None, **document.problems(document.READING)},
    )
    def get(self, request: Request, day: str) -> Response:
        """Return the bulletin; 304 if the caller's ETag is current."""
        body = WholeBulletin(_issue_of(day).bulletin, context={"by": caller_of(request)}).data
        return unless_unchanged(request, Response(body, headers={"ETag": etag_of(body)}))


class BulletinFile(FileView):
    """An issue in one format, as it was published for everybody."""

    parameters: ClassVar = frozenset({"lang"})

    @extend_schema(
        operation_id="read_bulletin_file",
        summary="Download the bulletin of a week as a page, PDF, Word file or Excel workbook",
        description=(
            "The bytes that were kept when the issue was signed. No enterprise and no project is"
            " named in them, only who edited, reviewed and signed it; the figures are those of"
            " `read_bulletin`."
        ),
        parameters=[_DAY, *FILE_PARAMETERS],
        responses=FILE_ANSWERS,
    )
    def get(self, request: Request, day: str, kind: str) -> HttpResponse:
        """Return the stored file."""
        return asked_file(request, lambda: _issue_of(day), kind)


class BulletinTickets(GenericAPIView[Ticket]):
    """The caller's tickets behind a week's figures."""

    queryset = Ticket.objects.none()
    serializer_class = BulletinTicket
    pagination_class = NewestFirst
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Ticket]:
        bulletin = _issue_of(self.kwargs["day"]).bulletin
        return own_tickets_in(bulletin.period, caller_of(self.request))

    @extend_schema(
        operation_id="list_bulletin_tickets",
        summary="List the enterprise's own tickets in a week's figures, the newest first",
        description=(
            "Those that were open when the week began, or were filed, ended or reopened in it, "
            "as it was recorded up to the cut-off."
        ),
        parameters=[_DAY],
        responses={
            document.LIST: BulletinTicket(many=True),
            **document.problems({*document.LISTING, *document.READING}),
        },
    )
    def get(self, _request: Request, day: str) -> Response:  # noqa: ARG002 - the queryset reads it
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(BulletinTicket(page or [], many=True).data)
