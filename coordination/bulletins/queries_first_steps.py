"""The first step of bulletins: the service period for which they are built."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.bulletins.models import ServicePeriod
from projects.house.waiting import FirstStep
from projects.worktime.calendar import day_of


def _period(at: datetime) -> tuple[bool, str]:
    found = ServicePeriod.objects.filter(during__contains=day_of(at)).first()
    if found is None:
        return False, _("none covers today")
    if found.during.upper is None:
        return True, _("from %(day)s on") % {"day": found.during.lower}
    return True, str(found)


FIRST_STEPS: Final = (
    FirstStep(
        "service-period", 90, gettext_lazy("Service period"),
        gettext_lazy("A bulletin is built for every week that ends within it, from this day on."),
        _period, "admin:bulletins_serviceperiod_changelist", gettext_lazy("Enter the period"),
        "bulletins.add_serviceperiod",
    ),
)  # fmt: skip
