"""What is attached to a ticket. The rows say how it is now; the events how it came to be.

The bytes lie in the database in parts, sealed, as web processes share no directory; a list never
loads one. What a file was called, and what was said with it, lies with its event's words.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.tickets.models.ticket import Ticket, TicketEvent
from projects.files.limits import MEDIA_TYPES, FileType
from projects.files.names import label_of
from projects.record.sealed_fields import SealedBinaryField


class State(models.TextChoices):
    KEPT = "kept", _("Kept")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ERASED = "erased", _("Erased")


class Attachment(models.Model):
    """One file of one ticket, from the event that attached it.

    What is internal to the desk has numbers of its own: from a gap in its numbers an enterprise
    would know that there is something.
    """

    event = models.OneToOneField(
        TicketEvent, models.PROTECT, primary_key=True, related_name="attachment",
        verbose_name=_("ticket event"),
    )  # fmt: skip
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="attachments", verbose_name=_("ticket")
    )
    # As its event says; here too, for each side counts its own.
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
        """What the desk calls it."""
        return label_of(self.number, internal=self.is_internal)

    @property
    def is_kept(self) -> bool:
        """Its bytes are there."""
        return self.state == State.KEPT

    @property
    def media_type(self) -> str:
        """As the HTTP knows its type."""
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
