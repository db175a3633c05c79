"""The API of attachments: upload, list, download, withdraw."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache, partial
from typing import Any, ClassVar

from django.http import StreamingHttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coordination.intake.api import own_ticket
from coordination.intake.api_bodies import NOTE, ReasonIn
from coordination.intake.api_events import Actor
from coordination.intake.api_masks import masked_for
from coordination.intake.feed.shape import actor_of
from coordination.tickets.attachments.attach import Ready, add_attachment, detach, ready
from coordination.tickets.attachments.queries import attachments_of, name_of
from coordination.tickets.attachments.serve import NOT_KEPT, serve
from coordination.tickets.models import Attachment, State, Ticket
from coordination.tickets.queries_authors import names_of
from coordination.tickets.queries_words import text_of
from projects.access import document
from projects.access.answers import described
from projects.access.authentication import caller_of
from projects.access.file_views import FileView
from projects.access.models import ApiKey
from projects.access.once import once
from projects.access.pages import NewestFirst
from projects.access.parsers import CarefulMultiPartParser
from projects.access.shape import StrictSerializer, Words, judged
from projects.files.file_types import MEDIA_TYPES
from projects.record.finding import get_or_missing
from projects.record.refusals import Gone


class AttachmentIn(StrictSerializer):
    """One file, as `multipart/form-data`."""

    file = serializers.FileField(
        allow_empty_file=True, max_length=None,
        help_text="PDF, JPEG, PNG, DOCX, XLSX, TXT or CSV, at most 10 MB; twenty and 50 MB to a "
        "ticket. Location and time are removed from pictures.",
    )  # fmt: skip
    note = Words(required=False, allow_blank=True, help_text=NOTE)


class AttachmentOut(serializers.ModelSerializer[Attachment]):
    """An attachment; a withdrawn or erased one has no name, no note and no content."""

    name = serializers.SerializerMethodField(
        help_text="As it was sent; to be shown only. Null once it was withdrawn or erased."
    )
    media_type = serializers.CharField(help_text="By its content.")
    state = serializers.ChoiceField(choices=State.choices, help_text="Whether its content is kept.")
    note = serializers.SerializerMethodField(
        help_text="What was said with it; null if nothing was, or it was withdrawn or erased."
    )
    actor = serializers.SerializerMethodField(help_text="Who attached it.")
    at = serializers.DateTimeField(source="event.recorded_at", help_text="When it was attached.")
    href = serializers.SerializerMethodField(help_text="Where to GET its content.")

    class Meta:
        model = Attachment
        fields = (
            "number", "name", "media_type", "size", "sha256", "state", "note", "actor", "at",
            "href",
        )  # fmt: skip
        extra_kwargs: ClassVar = described(
            number="Its place among the ticket's attachments, counted from 1.",
            size="Of the stored content, in bytes.",
            sha256="Of the stored content, in hexadecimal.",
        )

    def get_name(self, attachment: Attachment) -> str | None:
        return name_of(attachment) or None

    def get_note(self, attachment: Attachment) -> str | None:
        return text_of(attachment.event).get("note") or None

    @extend_schema_field(Actor)
    def get_actor(self, attachment: Attachment) -> dict[str, str | None]:
        return actor_of(attachment.event, self.context.get("names"))

    def get_href(self, attachment: Attachment) -> str:
        return reverse(
            "api:ticket-attachment", args=[self.context["number"], attachment.number]
        )  # fmt: skip


def _shown(rows: Sequence[Attachment], number: str, by: ApiKey) -> list[dict[str, Any]]:
    """A ticket's attachments as the API shows them to the caller."""
    context = {"number": number, "names": names_of(each.event for each in rows)}
    return masked_for(by, AttachmentOut(rows, many=True, context=context).data, "name", "note")


class ByNumber(NewestFirst):
    ordering = "number"


class AttachmentList(GenericAPIView[Attachment]):
    queryset = Attachment.objects.none()
    serializer_class = AttachmentOut
    pagination_class = ByNumber
    filter_backends = ()
    parser_classes = (CarefulMultiPartParser,)

    @extend_schema(
        operation_id="list_attachments",
        summary="List a ticket's attachments, the oldest first",
        description="Also withdrawn ones, without their names; never the desk's internal ones.",
        responses={
            document.LIST: AttachmentOut(many=True),
            **document.problems((*document.LISTING, 404)),
        },
    )
    def get(self, request: Request, number: str) -> Response:
        by = caller_of(request)
        page = self.paginate_queryset(attachments_of(own_ticket(request, number), by)) or []
        return self.get_paginated_response(_shown(page, number, by))

    @extend_schema(
        operation_id="attach_file",
        summary="Attach a file to an open ticket",
        description=(
            "One at a time. Its content decides of what type it is; it needs no If-Match."
        ),
        parameters=[document.IDEMPOTENCY_KEY, document.LOCATION],
        request={"multipart/form-data": AttachmentIn},
        responses={201: AttachmentOut, **document.problems(document.UPLOADING)},
    )
    def post(self, request: Request, number: str) -> Response:
        by = caller_of(request)
        with ExitStack() as opened:

            @cache
            def prepared() -> tuple[Ticket, Ready]:
                ticket = own_ticket(request, number)
                return ticket, judged(AttachmentIn(), request.data, partial(ready, opened))

            def do() -> Response:
                ticket, sent = prepared()
                event = add_attachment(ticket=ticket, sent=sent, by=by)
                attachment = attachments_of(ticket, by).get(event=event)
                (body,) = _shown([attachment], number, by)
                return Response(body, 201, headers={"Location": body["href"]})

            operation = f"tickets/{number}/attachments"
            return once(request, operation=operation, prepare=prepared, perform=do)


class AttachmentFile(FileView):
    shows_whole_files = True

    @extend_schema(
        operation_id="read_attachment",
        summary="Fetch an attachment's content",
        description="Sent as a download, named after the ticket's number.",
        responses={
            **{
                (200, media_type): OpenApiResponse(
                    OpenApiTypes.BINARY, "The file, under its own media type."
                )
                for media_type in MEDIA_TYPES.values()
            },
            **document.problems((*document.READING, 410)),
        },
    )
    def get(self, request: Request, number: str, attachment: int) -> StreamingHttpResponse:
        return serve(own_ticket(request, number), attachment, caller_of(request))


class WithdrawAttachment(APIView):
    """Needs no If-Match, so that a file sent by mistake can be withdrawn at once."""

    @extend_schema(
        operation_id="withdraw_attachment",
        summary="Withdraw one's own attachment and erase its content",
        description="The attachment stays listed without its content. It needs no If-Match.",
        parameters=[document.IDEMPOTENCY_KEY],
        request=ReasonIn,
        responses={200: AttachmentOut, **document.problems((*document.FILING, 410))},
        examples=[document.example("A reason", {"reason": "附错了文件。"})],
    )
    def post(self, request: Request, number: str, attachment: int) -> Response:
        by = caller_of(request)

        def own() -> Attachment:
            found = attachments_of(own_ticket(request, number), by)
            return get_or_missing(found, number=attachment)

        def do() -> Response:
            found = own()
            if not found.is_kept:
                raise Gone(NOT_KEPT)
            verb = partial(detach, ticket=found.ticket, attachment=attachment, by=by)
            judged(ReasonIn(), request.data, verb)
            return Response(_shown([own()], number, by)[0])

        operation = f"tickets/{number}/attachments/{attachment}/withdraw"
        return once(request, operation=operation, prepare=own, perform=do)
