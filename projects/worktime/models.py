"""The working calendar and the hours of service, as rows that the centre's staff edit."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.record.facts import Journaled
from projects.record.text_fields import LineField
from projects.worktime.calendar import is_announced


class CalendarOverride(Journaled):
    """A day that is worked, or not, unlike in the official notice or where there is none."""

    MAY_BE_DELETED = True

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("worked"))
    reason = LineField(_("reason"), max_length=100)

    class Meta:
        verbose_name = _("calendar override")
        verbose_name_plural = _("calendar overrides")
        ordering: ClassVar = ["-day"]

    def __str__(self) -> str:
        return str(self.day)


class CalendarYear(Journaled):
    """A year unknown to the library, whose days off the staff have entered completely."""

    MAY_BE_DELETED = True

    year = models.PositiveSmallIntegerField(
        _("year"), unique=True, validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        help_text=_(
            "Enter the year's holidays and makeup days as overrides first; every other day is "
            "then worked from Monday to Friday."
        ),
    )  # fmt: skip
    source = LineField(_("by which notice"), max_length=100)

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        ordering: ClassVar = ["-year"]

    def __str__(self) -> str:
        return str(self.year)

    def clean(self) -> None:
        """Refuse a year that the library knows, and one for which no days off were entered."""
        if self.year is None:
            return
        if is_announced(self.year):
            raise ValidationError({"year": _("The official notice of this year is known already.")})
        if not CalendarOverride.objects.filter(day__year=self.year, is_working=False).exists():
            raise ValidationError({"year": _("Enter the year's days off as overrides first.")})


class ServiceHours(Journaled):
    """A period of a working day in which the desk serves; in Shanghai's time."""

    MAY_BE_DELETED = True

    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("desk's hours")
        verbose_name_plural = _("desk's hours")
        ordering: ClassVar = ["opens"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")), name="opens_before_it_closes",
                violation_error_message=_("The end must be after the beginning."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"

    def clean(self) -> None:
        """Require that the period ends after it begins, and overlaps no other."""
        given = {"opens": self.opens, "closes": self.closes}
        if None in given.values():  # reported by the field itself
            return
        if self.closes <= self.opens:
            raise ValidationError({"closes": _("The end must be after the beginning.")})
        others = ServiceHours.objects.exclude(pk=self.pk)
        if others.filter(opens__lt=self.closes, closes__gt=self.opens).exists():
            raise ValidationError({"opens": _("This overlaps other service hours.")})

    @property
    def is_the_last(self) -> bool:
        """Whether it is the last row; that cannot be deleted: terms need service hours."""
        return not ServiceHours.objects.exclude(pk=self.pk).exists()
