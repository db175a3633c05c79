"""The API of filing by workbook: checks it, then files its tickets like a bulk filing."""

from collections.abc import Mapping
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
from coordination.intake.upload.read import LARGEST_FILE, Book, SheetFiling, read_book
from coordination.intake.upload.result import errors_of, represent_result, result_book
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
    file = serializers.FileField(help_text="The kind's template, filled in; .xlsx up to 2 MB.")


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


class UploadOut(serializers.Serializer[Any]):
    """What became of the workbook."""

    tickets = serializers.IntegerField(help_text="How many tickets it has.")
    right = serializers.IntegerField(help_text="How many of them have no errors.")
    refused = serializers.IntegerField(help_text="How many of them have errors.")
    filed = serializers.BooleanField(help_text="False of a trial.")
    results = SheetResult(many=True, help_text="Each ticket, in the order of the sheet.")
    errors = CellError(many=True, help_text="Everything that is wrong, by row.")  # type: ignore[assignment]  # the framework's own is made later


def _refuse_if_unreadable(filing: SheetFiling, outcome: Draft | Refusal) -> Draft | Refusal:
    """Refuse a ticket with unreadable cells even where the rules allow the rest of it."""
    return Invalid([]) if filing.errors and isinstance(outcome, Draft) else outcome


def _outcomes(book: Book, *, only_judge: bool, good_rows: bool, by: ApiKey) -> Any:
    """Check and file the tickets; return the outcome of each.

    Raises Invalid, by row, where one is refused, unless ``only_judge`` or ``good_rows``.
    """
    lines = sum(len(filing.rows) for filing in book.filings)
    require_room(len(book.filings), lines)
    bodies = [filing.body for filing in book.filings]
    outcomes = [
        _refuse_if_unreadable(*pair)
        for pair in zip(book.filings, file_each(bodies, only_judge=True, by=by), strict=True)
    ]
    if only_judge:
        return outcomes
    if not good_rows:
        _require_none_refused(book, outcomes)
    outcomes = _file_accepted(bodies, outcomes, all_or_nothing=not good_rows, by=by)
    if not good_rows:  # again, since the rows may have changed after the check
        _require_none_refused(book, outcomes)
    return outcomes


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


def _is_trial(request: Request) -> bool:
    """Whether ``dry_run`` is set. Raises Invalid for other values, lest a trial be filed."""
    value = request.query_params.get("dry_run", "false").lower()
    if value not in {"1", "true", "0", "false"}:
        raise Invalid([FieldError(("dry_run",), _("Say true or false."), "invalid")])
    return value in {"1", "true"}


def _form_values(request: Request) -> dict[str, Any]:
    """The form's values; the last one where a name is repeated."""
    form: Any = request.data
    return dict(form.items())


class UploadFiling(APIView):
    parameters: ClassVar = frozenset({"dry_run"})
    scope = Scope.FILE
    parser_classes = (WorkbookParser,)
    renderer_classes = (JSONRenderer, WorkbookRenderer)

    @extend_schema(
        operation_id="upload_tickets",
        summary="File the tickets of a filled workbook",
        description=(
            "With dry_run it lists the errors cell by cell and files nothing; no key is stored. "
            "Otherwise nothing is filed if there is any error, unless good_rows is set. Repeat "
            "the request with the same key and Accept: *.xlsx to get the result as a workbook."
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
        inputs = require_shape(UploadIn(), _form_values(request))
        content, by = inputs["file"].read(LARGEST_FILE + 1), caller_of(request)
        is_trial = _is_trial(request)
        good_rows = inputs.get("good_rows", False)

        def do() -> Response:
            if len(content) > LARGEST_FILE:
                raise Problem("too-large", _("A workbook may have at most 2 MB."))
            book = read_book(content, kind=inputs["kind"])
            outcomes = _outcomes(book, only_judge=is_trial, good_rows=good_rows, by=by)
            return Response(represent_result(book, outcomes, filed=not is_trial))

        if is_trial:
            return do()
        return once(request, operation="tickets/upload", perform=do)
