"""Sending an issue off: who is told, what each mail encloses, and what is written to the outbox."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coordination.bulletins.drafting import letterhead_in
from coordination.bulletins.issues.addresses import order_of, subject_of
from coordination.bulletins.issues.naming import issued_line, published_line
from coordination.bulletins.issues.topics import PUBLISHED
from coordination.bulletins.media_types import MEDIA_TYPES
from coordination.bulletins.models import Face, Format, Issue, Language, Recipient
from coordination.bulletins.recipients import audience_of, outsider_of
from coordination.delivery.announce import Announcement, Message, announced
from coordination.delivery.enclosures import Enclosure, fitting
from coordination.delivery.outside import mail_to, reached
from coordination.groups.models import ServiceGroup
from coordination.staff.models import Officer, Role
from projects.flow.actors import System
from projects.house.blocks import Audience
from projects.record.writing import write

FACE: Final = "bulletins.face"
READERS: Final = (
    Role.LIAISON, Role.GROUP_LEAD, Role.DUTY_DESK, Role.DIRECTOR, Role.AUDITOR,
)  # fmt: skip
_NOT_IN_A_NAME: Final = re.compile(r'[\\/:*?"<>|\s]+')


@dataclass(frozen=True)
class Distribution:
    """To whom an issue goes; mails to officers and groups at own domains enclose ``formats``.

    ``unreached`` are recipients that cannot be mailed now.
    """

    formats: tuple[str, ...]
    officers: frozenset[int]
    groups: tuple[int, ...]
    recipients: tuple[Recipient, ...]
    unreached: tuple[Recipient, ...]

    @property
    def payload(self) -> dict[str, Any]:
        """What the event keeps of it."""
        return {
            "formats": list(self.formats), "officers": sorted(self.officers),
            "groups": list(self.groups), "recipients": [each.pk for each in self.recipients],
            "unreached": [each.pk for each in self.unreached],
        }  # fmt: skip


def planned(formats: Sequence[str], by: Officer | System) -> Distribution:
    """To whom it would go now: everybody of the centre but ``by``, and every recipient in use."""
    return _planned(formats, by, Recipient.objects.all())


def settled(formats: Sequence[str], by: Officer | System) -> Distribution:
    """The same for the change that distributes, in which no recipient is changed meanwhile."""
    return _planned(formats, by, Recipient.objects.select_for_update(no_key=True))


def _planned(
    formats: Sequence[str], by: Officer | System, recipients: QuerySet[Recipient]
) -> Distribution:
    officers = Officer.objects.filter(is_active=True, role__in=READERS)
    if isinstance(by, Officer):
        officers = officers.exclude(pk=by.pk)
    groups = ServiceGroup.objects.filter(is_active=True).order_by("pk")
    active = list(recipients.filter(is_active=True).order_by("pk"))
    open_ways = reached(map(outsider_of, active))
    return Distribution(
        formats=tuple(kind for kind in MEDIA_TYPES if kind in formats),
        officers=frozenset(officers.values_list("pk", flat=True)),
        groups=tuple(groups.values_list("pk", flat=True)),
        recipients=tuple(each for each in active if each.outside_name in open_ways),
        unreached=tuple(each for each in active if each.outside_name not in open_ways),
    )


def send_off(issue: Issue, to: Distribution, at: datetime) -> None:
    """Write every notice and mail to the outbox, in the change that distributes the issue."""
    files = _Files(issue)
    own = _to_the_centre(issue, files, to.formats)
    told = [
        Announcement(own, to.officers),
        *(Announcement(own, frozenset(), group) for group in to.groups),
    ]
    write(*announced(told, at=at))
    for recipient in to.recipients:
        mail_to(outsider_of(recipient), _to_a_recipient(issue, files, recipient), at)


def face_content(key: str) -> bytes | None:
    """The bytes of a published file; None where there is no such file."""
    found = Face.objects.filter(pk=key).values_list("content", flat=True).first()
    return None if found is None else bytes(found)


def title_of(issue: Issue) -> str:
    """What happened, in the language of the moment."""
    return published_line(issue, _day(timezone.localdate(issue.bulletin.cut_off)))


def _text_of(issue: Issue) -> str:
    text = issued_line(issue, _day(issue.day))
    if issue.edition == 1:
        return text
    replaces = _("It replaces the earlier edition of the same number.")
    return _("%(first)s %(second)s") % {"first": text, "second": replaces}


def _day(day: Any) -> str:
    return date_format(day, pgettext("day of a bulletin", "N j, Y"))


class _Files:
    """The files of an issue, as mails enclose them."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        rows = issue.faces.defer("content").annotate(size=Length("content"))
        self.faces = {(row.format, row.language, str(row.audience)): row for row in rows}

    def enclosures(
        self, formats: Iterable[str], language: str, audience: Audience
    ) -> list[Enclosure]:
        """In the order of the formats, without one that was not kept when the issue was signed."""
        found = [self.faces.get((kind, language, str(audience))) for kind in formats]
        return [
            Enclosure(
                kind=FACE, key=str(face.pk), name=file_name(self.issue, face.format, language),
                media_type=MEDIA_TYPES[Format(face.format)].partition(";")[0],
                size=face.size, sha256=face.sha256,
            )
            for face in found if face is not None
        ]  # fmt: skip


def file_name(issue: Issue, kind: str, language: str) -> str:
    """The name under which a file of the issue is sent, in its language."""
    with translation.override(language):
        words = {
            "name": letterhead_in(language).name, "number": issue.number,
            "day": _day(timezone.localdate(issue.bulletin.cut_off)),
        }  # fmt: skip
        name = pgettext("name of a file", "%(name)s No. %(number)s (%(day)s)")
        if issue.is_extra:
            name = pgettext("name of a file", "%(name)s, extra issue No. %(number)s (%(day)s)")
        name %= words
        if issue.edition > 1:
            edition = _("edition %(edition)s") % {"edition": issue.edition}
            name = f"{name} {edition}"
    separator = "" if language == Language.CHINESE else "-"
    return f"{_NOT_IN_A_NAME.sub(separator, name)}.{kind}"


def _to_the_centre(issue: Issue, files: _Files, formats: Sequence[str]) -> Message:
    """What officers and groups are told, in the centre's own language, with the page's address.

    The staff's own files go to the centre's own mail domains alone; others have the link.
    """
    language = str(Language.CHINESE)
    link = reverse("admin:bulletins_issue_change", args=[issue.pk])
    with translation.override(language):
        enclosed = files.enclosures(formats, language, Audience.STAFF)
        taken, others = fitting(enclosed)
        return Message(
            PUBLISHED, title_of(issue), _text_of(issue), link, order_key=order_of(issue),
            subject=subject_of(issue), files=tuple(taken), for_own_mail=True,
            mail_note=_note(others, issue, language),
        )  # fmt: skip


def _staff_address(issue: Issue, language: str, file: Enclosure) -> str:
    kind = file.name.rpartition(".")[2]
    path = reverse("admin:issue_file", args=[issue.pk, language, kind])
    return urljoin(settings.PUBLIC_URL, path)


def _to_a_recipient(issue: Issue, files: _Files, recipient: Recipient) -> Message:
    """What an address outside is told, in its language, with its files."""
    language, audience = str(recipient.language), audience_of(recipient)
    with translation.override(language):
        taken, others = fitting(files.enclosures(recipient.formats, language, audience))
        # Nobody outside can open an address here, be it the desk's or that of the API.
        note = _to_be_asked_for(others)
        if audience == Audience.STAFF:
            note = _note(others, issue, language)
        return Message(
            PUBLISHED, title_of(issue), _text_of(issue), order_key=order_of(issue),
            subject=subject_of(issue), files=tuple(taken), mail_note=note,
        )  # fmt: skip


def _note(others: Sequence[Enclosure], issue: Issue, language: str) -> str:
    """Where the staff finds those files that did not fit into the mail; empty if all did."""
    if not others:
        return ""
    said = _("Too large for a mail, and kept here:")
    found = (f"{each.name} {_staff_address(issue, language, each)}" for each in others)
    return "\n".join([said, *found])


def _to_be_asked_for(others: Sequence[Enclosure]) -> str:
    """That those files did not fit into the mail, for whoever has no account; empty if all did."""
    if not others:
        return ""
    said = _("Too large to be enclosed; please ask the centre for it:")
    return "\n".join([said, *(each.name for each in others)])
