"""The centre's staff, as users of this desk, and the second factor of each."""

import hashlib
from typing import ClassVar, Final

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from projects.record.clock import machine_now
from projects.record.facts import Fact, Journaled
from projects.record.revisions import Revised, keeps_revisions
from projects.record.sealed_fields import SealedCharField
from projects.record.text_fields import FoldedField, LineField
from projects.register.identifiers import LONGEST_PHONE, PhoneField, validate_phone


class Role(models.TextChoices):
    LIAISON = "liaison", _("Liaison")
    GROUP_LEAD = "group_lead", _("Group lead")
    DUTY_DESK = "duty_desk", _("Duty desk")
    DIRECTOR = "director", _("Director")
    LEADER = "leader", _("Leader in charge")
    DISTRICT_REPORTER = "district_reporter", _("District reporter")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")


# They see the projects of their districts, or those that they answer for, and no others.
SCOPED: Final = frozenset({Role.LEADER, Role.DISTRICT_REPORTER})
# 三员: one officer has one role, so nobody is two of them.
ADMINISTRATORS: Final = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


class Officer(AbstractUser, Revised, Journaled):  # type: ignore[django-manager-missing]  # that of a library's model
    """A member of the centre's staff; his role and his group determine what he may do."""

    # One column for the whole name; the two of AbstractUser are dropped.
    first_name = None  # type: ignore[assignment]  # Django's columns, which an officer has not
    last_name = None  # type: ignore[assignment]  # Django's columns, which an officer has not
    name = LineField(pgettext_lazy("person", "name"), max_length=60)
    folded = FoldedField()
    # Empty until somebody other than who made the account grants one.
    role = models.CharField(_("role"), max_length=20, choices=Role, blank=True)
    mobile = PhoneField(
        _("office phone"), max_length=LONGEST_PHONE, blank=True, validators=[validate_phone]
    )
    # By the machine's time, like sessions; empty where the officer must choose another at once.
    password_set_at = models.DateTimeField(
        _("password set at"), null=True, blank=True, editable=False
    )
    second_factor_at = models.DateTimeField(
        _("second factor since"), null=True, blank=True, editable=False
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
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    role = models.CharField(_("role"), max_length=20, choices=Role, blank=True)
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


class SecondFactor(ThrottlingMixin, Device):  # type: ignore[misc]  # the library has no types
    """An officer's authenticator app, and codes for when it is lost.

    django-otp's own tables keep the key and the codes as plain text; here the key is encrypted and
    of the codes only hashes are kept. After each wrong code the wait doubles.
    """

    key = SealedCharField(max_length=40)  # in hexadecimal
    last_step = models.BigIntegerField(default=-1)  # of the last code, which is not taken twice
    recovery_codes = ArrayField(models.CharField(max_length=64), default=list)  # SHA-256

    class Meta(Device.Meta):  # type: ignore[misc]  # as above
        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "confirmed"], name="one_second_factor"),
        ]

    def verify_token(self, token: str) -> bool:
        """Whether the code is right and was not used before; the caller has locked the row."""
        if not self.verify_is_allowed()[0]:
            return False
        if self._is_next(token) or self._is_left(token):
            self.throttle_reset(commit=False)
            self.save()
            return True
        self.throttle_increment()
        return False

    def get_throttle_factor(self) -> int:
        """The wait in seconds after the first wrong code."""
        return 1

    def _is_next(self, token: str) -> bool:
        if not (token.isascii() and token.isdecimal()):
            return False
        totp = TOTP(bytes.fromhex(self.key))
        totp.time = machine_now().timestamp()
        if not totp.verify(int(token), tolerance=1, min_t=self.last_step + 1):
            return False
        self.last_step = totp.t()
        return True

    def _is_left(self, token: str) -> bool:
        hashed = hash_code(token)
        if hashed not in self.recovery_codes:
            return False
        self.recovery_codes = [each for each in self.recovery_codes if each != hashed]
        return True


def hash_code(code: str) -> str:
    """The stored form of a recovery code; spaces, hyphens and capitals do not matter."""
    return hashlib.sha256("".join(code.replace("-", "").split()).lower().encode()).hexdigest()
