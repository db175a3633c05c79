"""The centre's staff, as users of this desk."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.record.facts import Fact
from projects.record.revisions import Revised, keeps_revisions
from projects.record.text_fields import FoldedField, LineField
from projects.register.identifiers import LONGEST_PHONE, PhoneField, validate_phone


class Role(models.TextChoices):
    LIAISON = "liaison", _("Liaison")
    GROUP_LEAD = "group_lead", _("Group lead")
    DUTY_DESK = "duty_desk", _("Duty desk")
    DIRECTOR = "director", _("Director")
    AUDITOR = "auditor", _("Auditor")


class Officer(AbstractUser, Revised):
    """A member of the centre's staff; his role and his group determine what he may do."""

    # One column for the whole name; the two of AbstractUser are dropped.
    first_name = None  # type: ignore[assignment]  # Django's columns, which an officer has not
    last_name = None  # type: ignore[assignment]  # Django's columns, which an officer has not
    name = LineField(_("name"), max_length=60)
    folded = FoldedField()
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.LIAISON)
    mobile = PhoneField(
        _("office phone"), max_length=LONGEST_PHONE, blank=True, validators=[validate_phone]
    )

    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        ordering: ClassVar = ["username"]
        triggers: ClassVar = [
            keeps_revisions(
                table="staff_officerrevision", owner="officer_id",
                columns=("name", "role", "is_active"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class OfficerRevision(Fact):
    """An officer's name, role and activity from one recorded moment on, until the next revision.

    The database writes it with every insert and change of the officer's row.
    """

    officer = models.ForeignKey(
        Officer, models.PROTECT, verbose_name=_("officer"), related_name="revisions"
    )
    name = models.CharField(_("name"), max_length=60)
    role = models.CharField(_("role"), max_length=12, choices=Role)
    is_active = models.BooleanField(_("account is active"))
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("officer revision")
        verbose_name_plural = _("officer revisions")
        ordering: ClassVar = ["officer", "recorded_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["officer", "-recorded_at", "-id"], name="officer_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_role_display()})"
