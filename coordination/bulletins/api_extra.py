"""One extra issue over HTTP, addressed by its year and its number."""

from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coordination.bulletins.api_own import (
    ETAG,
    FILE_ANSWERS,
    FILE_PARAMETERS,
    BulletinTicket,
    WholeBulletin,
    asked_file,
)
from coordination.bulletins.issues.queries import extra_issue_of
from coordination.bulletins.models import Issue
from coordination.bulletins.queries_own import own_tickets_in
from coordination.tickets.models import Ticket
from projects.access import document
from projects.access.authentication import caller_of
from projects.access.conditional import etag_of, unless_unchanged
from projects.access.file_views import FileView
from projects.access.pages import NewestFirst
from projects.record.refusals import Missing

_NUMBER: Final = [
    OpenApiParameter(
        "year", int, OpenApiParameter.PATH,
        description="The year in which its number counts, a calendar year.",
    ),
    OpenApiParameter(
        "issue", int, OpenApiParameter.PATH,
        description="Which extra issue of the year it is, counted from 1.",
    ),
]  # fmt: skip


def _issue_of(year: int, issue: int) -> Issue:
    """The newest edition in force. Raises Missing."""
    found = extra_issue_of(year, issue)
    if found is None:
        raise Missing
    return found


class ExtraDetail(APIView):
    """One extra issue, by its year and number: 2020-1."""

    @extend_schema(
        operation_id="read_extra_issue",
        summary="Read an extra issue of the bulletin, by its year and number",
        description=(
            "As `read_bulletin`, of a period that the centre chose. It is in no week's order, so it"
            " has no number in all, and no figures that compare weeks."
        ),
        parameters=[*_NUMBER, ETAG, document.IF_NONE_MATCH],
        responses={200: WholeBulletin, 304: None, **document.problems(document.READING)},
    )
    def get(self, request: Request, year: int, issue: int) -> Response:
        """Return the issue; 304 if the caller's ETag is current."""
        found = _issue_of(year, issue).bulletin
        body = WholeBulletin(found, context={"by": caller_of(request)}).data
        return unless_unchanged(request, Response(body, headers={"ETag": etag_of(body)}))


class ExtraFile(FileView):
    """An extra issue in one format, as it was published for everybody."""

    parameters: ClassVar = frozenset({"lang"})

    @extend_schema(
        operation_id="read_extra_issue_file",
        summary="Download an extra issue as a page, PDF, Word file or Excel workbook",
        description="As `read_bulletin_file`; the figures are those of `read_extra_issue`.",
        parameters=[*_NUMBER, *FILE_PARAMETERS],
        responses=FILE_ANSWERS,
    )
    def get(self, request: Request, year: int, issue: int, kind: str) -> HttpResponse:
        """Return the stored file."""
        return asked_file(request, lambda: _issue_of(year, issue), kind)


class ExtraTickets(GenericAPIView[Ticket]):
    """The caller's tickets behind an extra issue's figures."""

    queryset = Ticket.objects.none()
    serializer_class = BulletinTicket
    pagination_class = NewestFirst
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Ticket]:
        bulletin = _issue_of(self.kwargs["year"], self.kwargs["issue"]).bulletin
        return own_tickets_in(bulletin.period, caller_of(self.request))

    @extend_schema(
        operation_id="list_extra_issue_tickets",
        summary="List the enterprise's own tickets in an extra issue's figures, the newest first",
        description=(
            "Those that were open when its period began, or were filed, ended or reopened in it, "
            "as it was recorded up to the cut-off."
        ),
        parameters=_NUMBER,
        responses={
            document.LIST: BulletinTicket(many=True),
            **document.problems({*document.LISTING, *document.READING}),
        },
    )
    def get(self, _request: Request, **_place: Any) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(BulletinTicket(page or [], many=True).data)
