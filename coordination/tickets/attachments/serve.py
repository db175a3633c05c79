"""Serving an attachment as a download, so that nothing in it can run in a browser."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.tickets.attachments.queries import attachments_of, content_of
from coordination.tickets.models import Attachment, Ticket
from projects.access.models import ApiKey
from projects.record.refusals import Gone, Missing
from projects.record.sealed_fields import UNREADABLE
from projects.record.sealing import Unreadable

NOT_KEPT: Final = _("This file was withdrawn, or is no longer kept.")


def served_name(attachment: Attachment, ticket: Ticket) -> str:
    """The file name of the download, made from the ticket's number and not from what was sent."""
    side = "internal-" if attachment.is_internal else ""
    return f"{ticket.number}-{side}{attachment.number}.{attachment.file_type}"


def serve(
    ticket: Ticket, number: int, by: Officer | ApiKey, *, internal: bool = False
) -> StreamingHttpResponse:
    """The file as a streamed download; the caller has checked that ``by`` may see the ticket.

    Raises Missing if there is no such file for him, Gone if it was withdrawn or erased or cannot be
    decrypted; both before the first byte is sent.
    """
    row = attachments_of(ticket, by).filter(number=number, is_internal=internal).first()
    if row is None:
        raise Missing
    if not row.is_kept:
        raise Gone(NOT_KEPT)
    headers = {
        "Content-Disposition": f'attachment; filename="{served_name(row, ticket)}"',
        "Content-Length": str(row.size),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(
        _begun(content_of(row)), content_type=row.media_type, headers=headers
    )


def _begun(parts: Iterator[bytes]) -> Iterator[bytes]:
    try:
        first = next(parts, b"")
    except Unreadable as error:
        raise Gone(UNREADABLE) from error
    return chain([first], parts)
