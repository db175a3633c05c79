"""Imports of workbooks: what was sent, what each row would do, and what was done.

What the rows hold may be personal data. The workbook's bytes, the rows and the effects are
therefore sealed, and deleted some time after the import has ended; the import's own row stays.
"""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.house.imports import Outcome
from projects.house.rooms import import_sheets
from projects.record.facts import Journaled
from projects.record.recorded_at import RecordedAtField
from projects.record.sealed_fields import SealedBinaryField, SealedJSONField
from projects.record.text_fields import LineField


class State(models.TextChoices):
    """How far an import is."""

    READING = "reading", _("Being read")
    ASKING = "asking", _("Questions to answer")
    READY = "ready", _("To be confirmed")
    CARRYING = "carrying", _("Being carried out")
    DONE = "done", _("Carried out")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Discarded")
    FAILED = "failed", pgettext_lazy("import", "Failed")


AT_WORK: Final = (State.READING, State.CARRYING, State.UNDOING)  # a worker does the rest
OPEN: Final = (State.ASKING, State.READY, State.FAILED)  # an officer decides what becomes of it
LONGEST_TEXT: Final = 100  # characters that are kept of a heading
LONGEST_STATED: Final = 200  # characters of a text for all rows
LONGEST_KEY: Final = 200  # characters by which headings are compared
ENDED: Final = (State.DONE, State.UNDONE, State.DISCARDED)


class Import(Journaled):
    """One workbook that an officer sent, for one sheet."""

    sheet = models.CharField(_("sheet"), max_length=60)
    file_name = LineField(_("file"), max_length=120)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("imported by")
    )
    recorded_at = RecordedAtField(_("sent at"), editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.READING)
    problem = models.TextField(_("what went wrong"), blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    claimed_at = models.DateTimeField(_("claimed at"), null=True)  # by the worker that has it
    sheets = models.JSONField(_("sheets of the workbook"), default=list)
    chosen_sheet = models.CharField(_("chosen sheet"), max_length=40, blank=True)
    answers = models.JSONField(_("answers"), default=dict)  # index of a column -> name, or ""
    stated = models.JSONField(_("stated for all rows"), default=dict)  # column -> value
    matched = models.JSONField(_("columns"), default=list)
    questions = models.JSONField(_("questions"), default=list)
    notices = models.JSONField(_("notices"), default=list)
    totals = models.JSONField(_("totals"), default=dict)  # sums of columns, and what differs
    counts = models.JSONField(_("rows"), default=dict)  # of each outcome
    plan_hash = models.CharField(_("hash of the plan"), max_length=64, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("confirmed by"),
    )  # fmt: skip
    without_refused = models.BooleanField(_("without the refused rows"), default=False)
    done_at = models.DateTimeField(_("carried out at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("undone by"),
    )  # fmt: skip
    undo_reason = LineField(_("reason of the undoing"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    erased_at = models.DateTimeField(_("content erased at"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], name="imports_at_work",
                condition=models.Q(state__in=["reading", "carrying", "undoing"]),
            ),
            models.Index(
                fields=["recorded_at"], name="imports_not_erased",
                condition=models.Q(erased_at=None),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.sheet_title} · {self.file_name}"

    @property
    def sheet_title(self) -> str | Promise:
        """The sheet's title, or its name where no room declares it any more."""
        declared = import_sheets().get(self.sheet)
        return declared.title if declared else self.sheet

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has something to do."""
        return self.state in AT_WORK


class ImportPart(models.Model):
    """So many bytes of the workbook, in order."""

    of_import = models.ForeignKey(
        Import, models.CASCADE, related_name="parts", verbose_name=_("import")
    )
    number = models.PositiveSmallIntegerField(_("part"))
    content = SealedBinaryField(_("content"))

    class Meta:
        verbose_name = _("part of an import")
        verbose_name_plural = _("parts of imports")
        ordering: ClassVar = ["of_import", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["of_import", "number"], name="one_import_part_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.of_import_id}/{self.number}"


class PlannedRow(models.Model):
    """What one row of the sheet would do, as it was shown; ``content`` has it in words."""

    of_import = models.ForeignKey(
        Import, models.CASCADE, related_name="rows", verbose_name=_("import")
    )
    number = models.PositiveIntegerField(pgettext_lazy("of a sheet", "row"))
    outcome = models.CharField(
        _("outcome"), max_length=9, choices=[(each.value, each.value) for each in Outcome]
    )
    content = SealedJSONField(_("content"))

    class Meta:
        verbose_name = _("planned row")
        verbose_name_plural = _("planned rows")
        ordering: ClassVar = ["of_import", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["of_import", "number"], name="one_planned_row_per_number"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["of_import", "outcome", "number"], name="planned_by_outcome")
        ]

    def __str__(self) -> str:
        return f"{self.of_import_id}/{self.number}"


class ImportEffect(Journaled):
    """What one row did, as the sheet's ``undo`` needs it."""

    MAY_BE_DELETED: ClassVar[bool] = True

    of_import = models.ForeignKey(
        Import, models.CASCADE, related_name="effects", verbose_name=_("import")
    )
    position = models.PositiveIntegerField(_("order"))
    effect = SealedJSONField(_("effect"))

    class Meta:
        verbose_name = _("effect of an import")
        verbose_name_plural = _("effects of imports")
        ordering: ClassVar = ["of_import", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["of_import", "position"], name="one_effect_per_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.of_import_id}/{self.position}"


class Heading(models.Model):
    """A heading of other people's sheets that staff said means a column, or means none."""

    sheet = models.CharField(_("sheet"), max_length=60)
    text = LineField(_("heading"), max_length=LONGEST_TEXT)
    key = models.CharField(
        _("key"), max_length=LONGEST_KEY, editable=False
    )  # as headings are compared
    column = models.CharField(_("column"), max_length=60, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    recorded_at = RecordedAtField(_("entered at"), editable=False)

    class Meta:
        verbose_name = _("heading")
        verbose_name_plural = _("headings")
        ordering: ClassVar = ["sheet", "text"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "key"], name="one_meaning_of_a_heading")
        ]

    def __str__(self) -> str:
        return self.text
