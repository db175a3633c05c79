"""The message by which enterprises' software hears that an issue is published."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models.functions import Length
from django.utils import timezone, translation

from coordination.bulletins.issues.addresses import (
    api_address,
    day_of,
    file_address,
    order_of,
    subject_of,
)
from coordination.bulletins.issues.queries import edition_replaced_by
from coordination.bulletins.issues.topics import PUBLISHED
from coordination.bulletins.models import Format, Issue, Language
from coordination.delivery.models import WebhookEndpoint
from coordination.delivery.webhooks.outgoing import Outgoing, enqueue_webhooks
from coordination.delivery.webhooks.queries import every_listening
from projects.house.blocks import Audience

_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer", "minimum": 1}
_FILE: Final = {
    "format": {**_TEXT, "enum": Format.values, "description": "The end of the file's name."},
    "language": {**_TEXT, "enum": Language.values, "description": "In which language it is."},
    "url": {**_TEXT, "format": "uri", "description": "Where a key reads it."},
    "size": {**_COUNT, "description": "Its size in bytes."},
    "sha256": {**_TEXT, "description": "SHA-256 of its bytes, in hexadecimal."},
}
_FIELDS: Final = {
    "series": {
        **_TEXT, "description": "Which bulletin it is: `weekly`, or `extra` of an extra issue."
    },
    "day": {
        **_TEXT, "format": "date",
        "description": "The day of its cut-off, in Shanghai, by which the API has a weekly issue.",
    },
    "cut_off": {
        **_TEXT, "format": "date-time", "description": "What was recorded later is not in it.",
    },
    "year": {
        **_COUNT, "description": "The year in which its number counts, a calendar year."
    },
    "number": {
        **_COUNT, "description": "Which issue of its series it is in the year, counted from 1."
    },
    "total": {
        **_COUNT, "type": ["integer", "null"],
        "description": "Which issue of all years it is, counted from 1; null of an extra issue.",
    },
    "edition": {
        **_COUNT,
        "description": "Counts the editions of the issue, from 1; a later one replaces it.",
    },
    "supersedes": {
        "type": ["integer", "null"],
        "description": "Which edition it replaces, counted from 1; null of a first one.",
    },
    "issued_on": {
        **_TEXT, "format": "date", "description": "The day of issue that is printed on it."
    },
    "hash": {
        **_TEXT,
        "description": "SHA-256 of the cut-off, an extra issue's start and all blocks, in"
        " hexadecimal.",
    },
    "url": {**_TEXT, "format": "uri", "description": "Where a key reads the figures."},
    "files": {
        "type": "array", "description": "Its files, in each language and format.",
        "items": {
            "type": "object", "properties": _FILE, "required": sorted(_FILE),
            "description": "One of its files.",
        },
    },
}  # fmt: skip
SAID: Final = {
    "type": "object", "properties": _FIELDS, "required": sorted(_FIELDS),
    "description": "Of `bulletin.published`: the issue, and where it is read.",
}  # fmt: skip


def held_endpoints() -> list[WebhookEndpoint]:
    """Every endpoint that wants to hear of issues, locked so that none is disabled meanwhile."""
    rows = every_listening().order_by("pk").select_for_update(of=("self",), no_key=True)
    return [each for each in rows if each.wants(PUBLISHED.code)]


def tell_enterprises(issue: Issue, endpoints: Sequence[WebhookEndpoint], at: datetime) -> None:
    """Write one message for each endpoint to the outbox."""
    if not endpoints:
        return
    with translation.override(settings.LANGUAGE_CODE):
        outgoing = Outgoing(
            topic=PUBLISHED.code, happened_at=at, data=data_of(issue),
            subject=subject_of(issue), order_key=order_of(issue),
        )  # fmt: skip
    enqueue_webhooks(((each, outgoing) for each in endpoints), at)


def data_of(issue: Issue) -> dict[str, Any]:
    """What is said of the issue: its numbers, its figures' hash, and its files for everybody."""
    bulletin, replaced = issue.bulletin, edition_replaced_by(issue)
    faces = issue.faces.filter(audience=Audience.ALL).defer("content")
    return {
        "series": bulletin.series, "day": day_of(issue),
        "cut_off": timezone.localtime(bulletin.cut_off).isoformat(),
        "year": issue.year, "number": issue.number, "total": issue.total,
        "edition": issue.edition, "supersedes": replaced.edition if replaced else None,
        "issued_on": issue.day.isoformat() if issue.day else "", "hash": bulletin.hash,
        "url": api_address(issue),
        "files": [
            {
                "format": face.format, "language": face.language,
                "url": file_address(issue, face.format, face.language), "size": face.size,
                "sha256": face.sha256,
            }
            for face in faces.annotate(size=Length("content"))
        ],
    }  # fmt: skip
