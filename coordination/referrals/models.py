"""Referrals of tickets to departments, the links by which these answer, and chasing."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.parties.models import LONGEST_PHONE, Department, OneTimeLink
from coordination.referrals.chasing import ChaseKind
from coordination.tickets.models import Ticket, TicketEvent
from projects.record.facts import Fact
from projects.record.text_fields import SealedLineField
from projects.register.identifiers import SealedPhoneField

LONGEST_NAME = 40


class Verdict(models.TextChoices):
    """The outcome that the department reports."""

    DONE = "done", pgettext_lazy("referral", "Done")
    PARTLY = "partly", _("Done in part")
    CANNOT = "cannot", _("Cannot be done")


_IS_OPEN = Q(answered_at=None, recalled_at=None)


class Referral(models.Model):
    """A question to one department about one ticket, until it answers or the question is recalled.

    Question and answer are the texts of the events, and are erased with them. The name and phone
    of whoever answered are kept here, encrypted.
    """

    event = models.OneToOneField(
        TicketEvent, models.PROTECT, related_name="referral", verbose_name=_("ticket event")
    )
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, verbose_name=_("ticket"), related_name="referrals"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name=_("department"), related_name="referrals"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"), related_name="+"
    )
    asked_at = models.DateTimeField(pgettext_lazy("referral", "asked at"))
    due_at = models.DateTimeField(pgettext_lazy("referral", "due at"))
    due_is_provisional = models.BooleanField(_("provisional"), default=False)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answer_event = models.OneToOneField(
        TicketEvent, models.PROTECT, null=True, related_name="referral_answered",
        verbose_name=_("ticket event"),
    )  # fmt: skip
    verdict = models.CharField(
        pgettext_lazy("referral", "outcome"), max_length=8, choices=Verdict, blank=True
    )
    answerer_name = SealedLineField(_("answered by"), max_length=LONGEST_NAME, blank=True)
    answerer_phone = SealedPhoneField(_("phone"), max_length=LONGEST_PHONE, blank=True)
    recalled_at = models.DateTimeField(_("recalled at"), null=True)

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket", "department"], condition=_IS_OPEN,
                name="department_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(recalled_at=None),
                name="answered_or_recalled",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(
                fields=["department", "due_at"], condition=_IS_OPEN, name="referral_department_due"
            ),
            models.Index(fields=["due_at", "ticket"], condition=_IS_OPEN, name="referral_due"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} · {self.department}"

    @property
    def is_open(self) -> bool:
        """Whether it is neither answered nor recalled."""
        return self.answered_at is None and self.recalled_at is None


class ReferralLink(OneTimeLink):
    """A link that opens one referral, and by which its department answers."""

    referral = models.ForeignKey(
        Referral, models.PROTECT, verbose_name=_("referral"), related_name="links"
    )

    class Meta(OneTimeLink.Meta):
        verbose_name = _("referral's link")
        verbose_name_plural = _("referrals' links")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral"], condition=Q(ended_at=None), name="one_link_opens_a_referral"
            )
        ]

    def __str__(self) -> str:
        return str(self.referral_id)


class Chase(Fact):
    """The department was chased: by the timetable once of each kind, by officers once a day."""

    event = models.OneToOneField(
        TicketEvent, models.PROTECT, primary_key=True, related_name="chase",
        verbose_name=_("ticket event"),
    )  # fmt: skip
    referral = models.ForeignKey(
        Referral, models.PROTECT, verbose_name=_("referral"), related_name="chases"
    )
    step = models.CharField(_("step"), max_length=8, choices=ChaseKind)
    day = models.DateField(_("day"))

    class Meta(Fact.Meta):
        verbose_name = _("chasing")
        verbose_name_plural = _("chasings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "step"], condition=~Q(step=ChaseKind.BY_HAND),
                name="each_chasing_step_once",
            ),
            models.UniqueConstraint(
                fields=["referral", "day"], condition=Q(step=ChaseKind.BY_HAND),
                name="chased_by_hand_once_a_day",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.referral_id} {self.step}"
