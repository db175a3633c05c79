"""Choices of the models of investment, and of the rules that know no table."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MONTHS: Final = 12


class Span(models.TextChoices):
    QUARTER = "quarter", pgettext_lazy("span", "quarter")
    MONTH = "month", pgettext_lazy("span", "month")


class Entry(models.TextChoices):
    NOT_REQUIRED = "not_required", pgettext_lazy("statistics", "not required")
    NOT_ENTERED = "not_entered", pgettext_lazy("statistics", "not entered")
    SUBMITTED = "submitted", pgettext_lazy("statistics", "submitted")
    ENTERED = "entered", pgettext_lazy("statistics", "entered")


class TimeProgress(models.TextChoices):
    DAYS = "days", _("by days: day of the year ÷ days of the year")
    MONTHS = "months", _("by months: months that are over ÷ 12")
    PLAN = "plan", _("by the plan's own curve")


class LightRule(models.TextChoices):
    RATIO = (
        "ratio",
        _("by ratio: rate ÷ time progress from 80 percent green, from 60 percent yellow, else red"),
    )
    GAP = "gap", _("by gap: less than 10 points behind green, up to 30 yellow, else red")


class FlagCode(models.TextChoices):
    """What is out of the ordinary in a project's figures."""

    FALLS = "falls", pgettext_lazy("flag", "less than reported before")
    OVER_PLAN = "over_plan", pgettext_lazy("flag", "a month above the year's plan")
    OVER_TOTAL = "over_total", pgettext_lazy("flag", "the year above the total investment")
    JUMP = "jump", pgettext_lazy("flag", "ten times the month's plan")
    NOT_AT_WORK = "not_at_work", pgettext_lazy("flag", "invested while not at work")


class Finding(models.TextChoices):
    """What was found out about a figure that is out of the ordinary."""

    RIGHT = "right", pgettext_lazy("flag", "right as stated")
    WRONG = "wrong", pgettext_lazy("flag", "to be corrected")
