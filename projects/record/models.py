"""The demonstration's clock, the journal of rows and its anchors, and acts of administration."""

from typing import ClassVar, Final

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.house.rooms import acts
from projects.record.facts import NEVER_TRUNCATED, Fact, Reference
from projects.record.open_choices import OpenChoiceField

# By the record's clock and by the machine's, so that nobody hastens it by moving the record's.
_TOO_YOUNG: Final = """
    IF OLD.recorded_at > clock_timestamp() - interval '180 days' + least(interval '0',
        make_interval(secs => coalesce((SELECT seconds FROM record_clock_offset), 0)))
    THEN
        RAISE EXCEPTION 'acts are kept for 180 days at least';
    END IF;
    RETURN OLD;
"""


class ClockOffset(models.Model):
    """The demonstration's clock: the machine's time plus ``seconds``. Empty everywhere else.

    ``ticked_at`` is the last time that it is known to have shown.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    seconds = models.BigIntegerField()
    ticked_at = models.DateTimeField()

    class Meta:
        db_table = "record_clock_offset"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_clock_offset"),
        ]

    def __str__(self) -> str:
        return f"{self.seconds} s"


class JournalEntry(Reference):
    """The digest that one row of a table had when it was written; a row's newest entry counts.

    Triggers write it, with the owner's rights.
    """

    of_table = models.CharField(_("table"), max_length=63)
    key = models.CharField(_("row"), max_length=80)
    digest = models.CharField(_("digest of the row"), max_length=64)

    class Meta:
        db_table = "record_journal"
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        # Finds the entries of small tables; those of a large one are on nearly every page anyway.
        indexes: ClassVar = [models.Index(fields=["of_table"], name="entries_of_a_table")]

    def __str__(self) -> str:
        return f"{self.of_table} {self.key}"


class Anchor(Fact):
    """All entries of the journal after the anchor before, under one hash, chained to it."""

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    last_entry = models.BigIntegerField(_("last entry"))
    entries = models.PositiveIntegerField(_("entries"))
    previous_hash = models.CharField(_("previous hash"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("anchor of the record")
        verbose_name_plural = _("anchors of the record")
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return str(self.number)


class Act(Fact):
    """Somebody signed in, or tried to, or did what only an administrator may.

    ``about`` names the row that it concerned, as it was called then; for a failed sign-in the
    account whose name was typed. A name that no account has is not kept: it may be a password.
    Old ones are deleted by ``forget_acts`` alone.
    """

    MAY_BE_DELETED = True

    what = OpenChoiceField(_("what was done"), max_length=30, choices=acts)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False,
        verbose_name=_("by"),
    )  # fmt: skip
    address = models.GenericIPAddressField(_("IP address"), null=True)
    about_model = models.CharField(max_length=60)
    about_id = models.BigIntegerField(null=True)
    about_name = models.CharField(_("concerning"), max_length=200)
    changes = models.JSONField(_("changes"))
    recorded_at = models.DateTimeField(_("recorded at"), db_index=True)

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["officer", "-id"], name="acts_of_an_officer"),
            models.Index(fields=["about_model", "about_id", "-id"], name="acts_about_a_row"),
            models.Index(fields=["what", "-id"], name="acts_of_a_kind"),
            models.Index(fields=["address", "-id"], name="acts_from_an_address"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_altered", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="kept_for_half_a_year", when=pgtrigger.Before, operation=pgtrigger.Delete,
                func=_TOO_YOUNG,
            ),
            NEVER_TRUNCATED,
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.what} {self.about_name}"
