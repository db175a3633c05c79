"""The queue's filter by open and overdue referrals."""

from typing import Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.referrals.queries import late_departments, open_referrals, overdue_referrals
from coordination.staff.models import SCOPED, Officer, Role
from projects.record.clock import now

type Choices = list[tuple[str, str | Promise]]
_IN_GROUPS: Final = (Role.LIAISON, Role.GROUP_LEAD)
_LATE: Final = "late-"  # followed by the department's id


def referral_choices(officer: Officer) -> Choices:
    """Open and overdue; for officers of the centre also each department that is late."""
    choices: Choices = [("open", _("Department asked")), ("overdue", _("Department overdue"))]
    if officer.role in {*_IN_GROUPS, *SCOPED}:
        return choices
    label = _("Overdue: %(department)s")
    late = late_departments(now())
    return [*choices, *[(f"{_LATE}{row.pk}", str(label % {"department": row})) for row in late]]


def referral_condition(value: str, _officer: Officer) -> Q:
    if value == "open":
        return Q(pk__in=open_referrals().values("ticket"))
    late = overdue_referrals(now())
    if value.startswith(_LATE):
        late = late.filter(department=int(value.removeprefix(_LATE)))
    return Q(pk__in=late.values("ticket"))
