"""Attachments of a ticket. The rows hold the present state, the events its history.

The bytes are stored in the database, in sealed parts, because web processes share no directory;
lists do not load them. A file's name and note are in its event's text. Most are an event of their
own; a department's answer is one event with all its files.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.tickets.models.ticket import Ticket, TicketEvent
from projects.files.file_types import MEDIA_TYPES, FileType
from projects.files.names import label_of
from projects.record.sealed_fields import SealedBinaryField


class State(models.TextChoices):
    KEPT = "kept", _("Kept")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ERASED = "erased", _("Erased")


class Attachment(models.Model):
    """One file of a ticket.

    Internal attachments are numbered apart from the others: a gap in its own numbers would tell
    an enterprise that there are some.
    """

    event = models.ForeignKey(
        TicketEvent, models.PROTECT, related_name="attachments", verbose_name=_("ticket event")
    )
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="attachments", verbose_name=_("ticket")
    )
    # As in its event; repeated here because numbers are unique by it.
    is_internal = models.BooleanField(_("internal"), default=False)
    number = models.PositiveSmallIntegerField(_("number"))
    file_type = models.CharField(_("type"), max_length=4, choices=FileType)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.KEPT)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering: ClassVar = ["ticket", "is_internal", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket", "is_internal", "number"], name="one_attachment_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.label}.{self.file_type}"

    @property
    def label(self) -> str:
        """Its name on staff pages."""
        return label_of(self.number, internal=self.is_internal)

    @property
    def is_kept(self) -> bool:
        """Whether its bytes are still stored."""
        return self.state == State.KEPT

    @property
    def media_type(self) -> str:
        """Its media type."""
        return MEDIA_TYPES[self.file_type]


class AttachmentPart(models.Model):
    """So many bytes of a file, in order."""

    attachment = models.ForeignKey(
        Attachment, models.CASCADE, related_name="parts", verbose_name=_("attachment")
    )
    number = models.PositiveSmallIntegerField(_("part"))
    content = SealedBinaryField(_("content"))

    class Meta:
        verbose_name = _("part of an attachment")
        verbose_name_plural = _("parts of attachments")
        ordering: ClassVar = ["attachment", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["attachment", "number"], name="one_attachment_part_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id}/{self.number}"
