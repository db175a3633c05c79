"""The first steps of working time: the service hours, and the working days of this year."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from projects.house.waiting import FirstStep
from projects.worktime.calendar import day_of
from projects.worktime.queries import working_calendar


def _hours(_at: datetime) -> tuple[bool, str]:
    hours = working_calendar().hours
    words = [f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in hours]
    return bool(hours), pgettext("names", ", ").join(words) or _("none is entered")


def _year(at: datetime) -> tuple[bool, str]:
    year = day_of(at).year
    if working_calendar().is_known(year):
        return True, _("the days off of %(year)s are known") % {"year": year}
    return False, _("the days off of %(year)s are not entered") % {"year": year}


FIRST_STEPS: Final = (
    FirstStep(
        "hours", 60, gettext_lazy("Service hours"),
        gettext_lazy("Deadlines run while the desk serves; look whether the hours are yours."),
        _hours, "admin:worktime_servicehours_changelist", gettext_lazy("Look at the hours"),
        "worktime.change_servicehours",
    ),
    FirstStep(
        "calendar", 70, gettext_lazy("Working calendar of this year"),
        gettext_lazy(
            "Deadlines count working days, by the State Council's notice of holidays and makeup"
            " days."
        ),
        _year, "admin:working_calendar", gettext_lazy("Look at the calendar"),
        "worktime.add_calendaroverride",
    ),
)  # fmt: skip
