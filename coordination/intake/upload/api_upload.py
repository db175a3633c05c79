"""A filled workbook over HTTP: judged, then filed by the very verb of a bulk filing."""

from collections.abc import Mapping
from typing import IO, Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coordination.intake.api_filing import file_each
from coordination.intake.upload.read import LARGEST_FILE, Book, SheetFiling, read_book
from coordination.intake.upload.result import result_book, said, wrongs
from coordination.tickets.filing.drafts import Draft
from coordination.tickets.filing.submit import require_room
from coordination.tickets.kinds.registry import KINDS
from projects.access import document
from projects.access.authentication import caller_of
from projects.access.models import ApiKey, Scope
from projects.access.once import once
from projects.access.pages import refuse_unknown
from projects.access.parsers import CarefulMultiPartParser
from projects.access.problems import Problem
from projects.access.shape import StrictSerializer, require_shape
from projects.record.refusals import FieldError, Invalid, Refusal

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BESIDE_THE_FILE: Final = 16 * 1024  # the form around it


class WorkbookParser(CarefulMultiPartParser):
    """A form with one file, no larger than a workbook may be. Raises Problem (413, 400)."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The form."""
        meta = (parser_context or {})["request"].META
        if int(meta.get("CONTENT_LENGTH") or 0) > LARGEST_FILE + _BESIDE_THE_FILE:
            raise Problem("too-large", _("A workbook may have at most 2 MB."))
        return super().parse(stream, media_type, parser_context)


class WorkbookRenderer(BaseRenderer):
    """The answer as a workbook, for whoever asks for one."""

    media_type = WORKBOOK
    format = "xlsx"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,  # noqa: ARG002 - the framework names it
        renderer_context: Mapping[str, Any] | None = None,  # noqa: ARG002 - the framework names it
    ) -> bytes:
        """The file."""
        return result_book(data)


class UploadIn(StrictSerializer):
    kind = serializers.ChoiceField(choices=list(KINDS))
    good_rows = serializers.BooleanField(
        required=False, help_text="File the tickets that are right, though others are not."
    )
    file = serializers.FileField(help_text="The kind's template, filled in; .xlsx up to 2 MB.")


class CellError(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    cell = serializers.CharField(help_text="Such as E5; empty where the row is meant.")
    heading = serializers.CharField(help_text="The column's.")
    code = serializers.CharField(help_text="Stable; for programs.")
    detail = serializers.CharField(help_text="In the caller's language; for people.")


class SheetResult(serializers.Serializer[Any]):
    rows = serializers.ListField(child=serializers.IntegerField())
    is_right = serializers.BooleanField()
    number = serializers.CharField(allow_null=True, help_text="Null until it is filed.")


class UploadOut(serializers.Serializer[Any]):
    tickets = serializers.IntegerField()
    right = serializers.IntegerField()
    refused = serializers.IntegerField()
    filed = serializers.BooleanField(help_text="False of a trial.")
    results = SheetResult(many=True)
    errors = CellError(many=True)  # type: ignore[assignment]  # the framework's own is made later


def _judged(filing: SheetFiling, outcome: Draft | Refusal) -> Draft | Refusal:
    """Wrong in itself, a ticket is refused even where the rules have nothing against it."""
    return Invalid([]) if filing.wrong and isinstance(outcome, Draft) else outcome


def _outcomes(book: Book, *, only_judge: bool, good_rows: bool, by: ApiKey) -> Any:
    """What became of each ticket. Raises Invalid, by row, where nothing is to be filed so."""
    lines = sum(len(each.rows) for each in book.filings)
    require_room(len(book.filings), lines)
    bodies = [each.body for each in book.filings]
    judged = [
        _judged(*pair)
        for pair in zip(book.filings, file_each(bodies, only_judge=True, by=by), strict=True)
    ]
    if only_judge:
        return judged
    if not good_rows and any(isinstance(each, Refusal) for each in judged):
        raise Invalid(_by_row(book, judged))
    filed = _filed(bodies, judged, all_or_nothing=not good_rows, by=by)
    if not good_rows and any(isinstance(each, Refusal) for each in filed):
        raise Invalid(_by_row(book, filed))  # what was right a moment ago may be so no longer
    return filed


def _filed(
    bodies: list[Any], judged: list[Draft | Refusal], *, all_or_nothing: bool, by: ApiKey
) -> list[Draft | Refusal]:
    right = [body for body, each in zip(bodies, judged, strict=True) if isinstance(each, Draft)]
    filed = iter(file_each(right, all_or_nothing=all_or_nothing, by=by))
    return [next(filed) if isinstance(each, Draft) else each for each in judged]


def _by_row(book: Book, judged: list[Draft | Refusal]) -> list[FieldError]:
    return [
        FieldError(("rows", each.row, each.column.name if each.column else ""), each.message,
                   each.code)
        for each in wrongs(book, judged)
    ]  # fmt: skip


def _is_trial(request: Request) -> bool:
    """Whether nothing is to be filed; what is not understood is refused, for it may mean that."""
    refuse_unknown(request, {"dry_run"})
    said = request.query_params.get("dry_run", "false").lower()
    if said not in {"1", "true", "0", "false"}:
        raise Invalid([FieldError(("dry_run",), _("Say true or false."), "invalid")])
    return said in {"1", "true"}


def _form(request: Request) -> dict[str, Any]:
    """One value of each name."""
    form: Any = request.data
    return dict(form.items())


class UploadFiling(APIView):
    scope = Scope.FILE
    parser_classes = (WorkbookParser,)
    renderer_classes = (JSONRenderer, WorkbookRenderer)

    @extend_schema(
        operation_id="upload_tickets",
        summary="File the tickets of a filled workbook",
        description=(
            "With dry_run it says what is wrong, cell by cell, and files nothing; no key is kept. "
            "Without, nothing is filed while anything is wrong, unless good_rows. Ask again with "
            "the same key and Accept: *.xlsx to have the result as a workbook."
        ),
        parameters=[
            document.IDEMPOTENCY_KEY,
            OpenApiParameter("dry_run", OpenApiTypes.BOOL, description="Judge, and file nothing."),
        ],
        request={"multipart/form-data": UploadIn},
        responses={
            (200, "application/json"): UploadOut,
            (200, WORKBOOK): OpenApiTypes.BINARY,
            **document.problems(document.UPLOADING),
        },
    )
    def post(self, request: Request) -> Response:
        given = require_shape(UploadIn(), _form(request))
        content, by = given["file"].read(LARGEST_FILE + 1), caller_of(request)
        is_trial = _is_trial(request)
        good_rows = given.get("good_rows", False)

        def do() -> Response:
            if len(content) > LARGEST_FILE:
                raise Problem("too-large", _("A workbook may have at most 2 MB."))
            book = read_book(content, kind=given["kind"])
            found = _outcomes(book, only_judge=is_trial, good_rows=good_rows, by=by)
            return Response(said(book, found, filed=not is_trial))

        if is_trial:
            return do()
        return once(request, operation="tickets/upload", perform=do)
