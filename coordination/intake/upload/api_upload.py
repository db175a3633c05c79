"""The API of filing by workbook: checks it, then files its tickets like a bulk filing."""

from collections.abc import Mapping
from functools import cache, partial
from typing import IO, Any, ClassVar, Final

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coordination.intake.api_filing import file_each
from coordination.intake.upload.read import (
    LARGEST_FILE,
    Book,
    SheetFiling,
    errors_of_notices,
    read_book,
)
from coordination.intake.upload.repeats import with_repeats
from coordination.intake.upload.result import digest_of, errors_of, represent_result, result_book
from coordination.tickets.filing.drafts import Draft
from coordination.tickets.filing.submit import require_room
from coordination.tickets.kinds.registry import KINDS
from projects.access import document
from projects.access.authentication import caller_of
from projects.access.models import ApiKey, Scope
from projects.access.once import once
from projects.access.parsers import CarefulMultiPartParser
from projects.access.problems import Problem
from projects.access.shape import StrictSerializer, require_shape
from projects.record.refusals import FieldError, Invalid, Refusal

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORM_OVERHEAD: Final = 16 * 1024  # bytes of the form beside the file


class WorkbookParser(CarefulMultiPartParser):
    """A form with one file, no larger than a workbook may be. Raises Problem (413, 400)."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        meta = (parser_context or {})["request"].META
        if int(meta.get("CONTENT_LENGTH") or 0) > LARGEST_FILE + _FORM_OVERHEAD:
            raise Problem("too-large", _("A workbook may have at most 2 MB."))
        return super().parse(stream, media_type, parser_context)


class WorkbookRenderer(BaseRenderer):
    """The result as a workbook, for callers that accept one."""

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
        return result_book(data)


class UploadIn(StrictSerializer):
    """A filled workbook."""

    kind = serializers.ChoiceField(choices=list(KINDS), help_text="Of which kind the template is.")
    good_rows = serializers.BooleanField(
        required=False, help_text="File the tickets without errors even where others have some."
    )
    shown = serializers.CharField(
        required=False,
        help_text="The “shown” of a trial: only what it showed is filed. Needed where something "
        "would be left out, or is filed already.",
    )
    file = serializers.FileField(
        help_text="The kind's template, filled in; .xlsx or .xls up to 2 MB."
    )


class CellError(serializers.Serializer[Any]):
    """One thing that is wrong in the workbook, and where."""

    row = serializers.IntegerField(help_text="The row of the sheet, counted from 1.")
    cell = serializers.CharField(
        allow_null=True, help_text="Such as E5; null where the row is meant."
    )
    heading = serializers.CharField(
        allow_null=True, help_text="The column's; null where the row is meant."
    )
    code = document.ErrorCode()
    detail = serializers.CharField(help_text="In the caller's language; for people.")


class SheetResult(serializers.Serializer[Any]):
    """What became of one ticket of the workbook."""

    rows = serializers.ListField(
        child=serializers.IntegerField(), help_text="Its rows of the sheet, counted from 1."
    )
    is_right = serializers.BooleanField(help_text="Whether it has no errors.")
    number = serializers.CharField(allow_null=True, help_text="Null until it is filed.")
    project = serializers.CharField(
        allow_null=True, help_text="The project's code as its cell has it; null once it is filed."
    )
    title = serializers.CharField(
        allow_null=True, help_text="The title as its cell has it; null once it is filed."
    )


class SheetNotice(serializers.Serializer[Any]):
    """Something of the workbook that is not filed as it stands, and where."""

    code = serializers.CharField(help_text="Stable; for programs.")
    sheet = serializers.CharField(help_text="The sheet's name.")
    place = serializers.CharField(
        allow_null=True,
        help_text="As Excel writes it: B7, A3:A5, rows 5:9, columns H:H; null of the whole sheet.",
    )
    detail = serializers.CharField(help_text="In the caller's language; for people.")
    left_out = serializers.BooleanField(help_text="Whether something of the workbook is not filed.")
    must_be_seen = serializers.BooleanField(
        help_text="Whether nothing is filed without the “shown” of an answer that has it."
    )


class UploadOut(serializers.Serializer[Any]):
    """What became of the workbook."""

    tickets = serializers.IntegerField(help_text="How many tickets it has.")
    right = serializers.IntegerField(help_text="How many of them have no errors.")
    refused = serializers.IntegerField(help_text="How many of them have errors.")
    filed = serializers.BooleanField(help_text="False of a trial.")
    shown = serializers.CharField(
        help_text="Names what a trial showed: to be sent when it is filed."
    )
    results = SheetResult(many=True, help_text="Each ticket, in the order of the sheet.")
    errors = CellError(many=True, help_text="Everything that is wrong, by row.")  # type: ignore[assignment]  # the framework's own is made later
    notices = SheetNotice(many=True, help_text="What a trial found that is not filed as it stands.")


def _refuse_if_unreadable(filing: SheetFiling, outcome: Draft | Refusal) -> Draft | Refusal:
    """Refuse a ticket with unreadable cells even where the rules allow the rest of it."""
    return Invalid([]) if filing.errors and isinstance(outcome, Draft) else outcome


def _judge(book: Book, *, by: ApiKey) -> tuple[Book, list[Draft | Refusal]]:
    """The outcome of each ticket if it were filed now, and the book with what is filed already."""
    lines = sum(len(filing.rows) for filing in book.filings)
    require_room(len(book.filings), lines)
    bodies = [filing.body for filing in book.filings]
    judged = file_each(bodies, only_judge=True, by=by)
    outcomes = [_refuse_if_unreadable(*pair) for pair in zip(book.filings, judged, strict=True)]
    return with_repeats(book, outcomes, by.enterprise), outcomes


def _file(
    book: Book, *, good_rows: bool, shown: str, by: ApiKey
) -> tuple[Book, list[Draft | Refusal]]:
    """Check and file the tickets; return the outcome of each.

    Raises Invalid, by row, where one is refused, unless ``good_rows``; and where something would
    be left out, filed twice, or filed that nobody has looked at.
    """
    book, outcomes = _judge(book, by=by)
    if not good_rows:
        _require_none_refused(book, outcomes)
    _require_shown(book, outcomes, shown)
    bodies = [filing.body for filing in book.filings]
    outcomes = _file_accepted(bodies, outcomes, all_or_nothing=not good_rows, by=by)
    if not good_rows:  # again, since the rows may have changed after the check
        _require_none_refused(book, outcomes)
    return book, outcomes


def _require_shown(book: Book, outcomes: list[Draft | Refusal], shown: str) -> None:
    unseen = errors_of_notices(book.notices)
    if not shown and unseen:
        message = _(
            "Some of this workbook would not be filed, or is filed already. Look at it first: send "
            "it with dry_run, and then with the “shown” of that answer."
        )
        raise Invalid([FieldError(("shown",), message, "required"), *unseen])
    if shown and shown != digest_of(book, outcomes):
        message = _("What would be filed is no longer what was shown. Look at it again.")
        raise Invalid([FieldError(("shown",), message, "changed")])


def _file_accepted(
    bodies: list[Any], checked: list[Draft | Refusal], *, all_or_nothing: bool, by: ApiKey
) -> list[Draft | Refusal]:
    accepted = [
        body for body, outcome in zip(bodies, checked, strict=True) if isinstance(outcome, Draft)
    ]
    filed = iter(file_each(accepted, all_or_nothing=all_or_nothing, by=by))
    return [next(filed) if isinstance(outcome, Draft) else outcome for outcome in checked]


def _require_none_refused(book: Book, outcomes: list[Draft | Refusal]) -> None:
    if any(isinstance(outcome, Refusal) for outcome in outcomes):
        raise Invalid(
            FieldError(
                ("rows", error.row, error.column.name if error.column else ""), error.message,
                error.code,
            )
            for error in errors_of(book, outcomes)
        )  # fmt: skip


def _sent(request: Request) -> tuple[dict[str, Any], Book]:
    """What was sent, and its workbook. Raises Invalid, Busy, Problem (413)."""
    inputs = require_shape(UploadIn(), request.data)
    inputs["file"].seek(0)  # the request's fingerprint has read it
    content = inputs["file"].read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Problem("too-large", _("A workbook may have at most 2 MB."))
    return inputs, read_book(content, kind=inputs["kind"])


def _is_trial(request: Request) -> bool:
    """Whether ``dry_run`` is set. Raises Invalid for other values, lest a trial be filed."""
    value = request.query_params.get("dry_run", "false").lower()
    if value not in {"1", "true", "0", "false"}:
        raise Invalid([FieldError(("dry_run",), _("Say true or false."), "invalid")])
    return value in {"1", "true"}


class UploadFiling(APIView):
    parameters: ClassVar = frozenset({"dry_run"})
    scope = Scope.FILE
    parser_classes = (WorkbookParser,)
    renderer_classes = (JSONRenderer, WorkbookRenderer)

    @extend_schema(
        operation_id="upload_tickets",
        summary="File the tickets of a filled workbook",
        description=(
            "With dry_run it lists the errors cell by cell, what would be left out and which rows "
            "an earlier ticket holds already, and files nothing; no key is stored. Otherwise "
            "nothing is filed if there is any error, unless good_rows is set; nor if something "
            "would be left out or is filed already, unless “shown” is what a trial answered. "
            "Repeat the request with the same key and Accept: *.xlsx to get the result as a "
            "workbook."
        ),
        parameters=[
            document.IDEMPOTENCY_KEY,
            OpenApiParameter("dry_run", OpenApiTypes.BOOL, description="Check only; file nothing."),
        ],
        request={"multipart/form-data": UploadIn},
        responses={
            (200, "application/json"): UploadOut,
            (200, WORKBOOK): OpenApiTypes.BINARY,
            **document.problems(document.UPLOADING),
        },
    )
    def post(self, request: Request) -> Response:
        by, sent = caller_of(request), cache(partial(_sent, request))
        if _is_trial(request):
            _inputs, book = sent()
            return Response(represent_result(*_judge(book, by=by), filed=False))

        def do() -> Response:
            inputs, book = sent()
            good_rows, shown = inputs.get("good_rows", False), inputs.get("shown", "")
            filed = _file(book, good_rows=good_rows, shown=shown, by=by)
            return Response(represent_result(*filed, filed=True))

        return once(request, operation="tickets/upload", prepare=sent, perform=do)
