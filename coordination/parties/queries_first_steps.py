"""The first step of parties: departments that can be asked."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy, ngettext

from coordination.parties.models import Department
from projects.house.waiting import FirstStep


def _departments(_at: datetime) -> tuple[bool, str]:
    number = Department.objects.count()
    words = ngettext("%(number)d department", "%(number)d departments", number)
    return bool(number), words % {"number": number}


FIRST_STEPS: Final = (
    FirstStep(
        "departments", 160, gettext_lazy("Departments outside the centre"),
        gettext_lazy("Tickets that need a bureau's answer are referred to it; enter any time."),
        _departments, "admin:parties_department_changelist", gettext_lazy("Enter departments"),
        "parties.add_department", is_optional=True,
    ),
)  # fmt: skip
