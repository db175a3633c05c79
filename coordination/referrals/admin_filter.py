"""The queue's filter by what departments were asked."""

from typing import Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.referrals.queries import late_departments, open_referrals, overdue_referrals
from coordination.staff.models import Officer, Role
from projects.record.clock import now

type Choices = list[tuple[str, str | Promise]]
_IN_GROUPS: Final = (Role.LIAISON, Role.GROUP_LEAD)
_LATE: Final = "late-"  # and the department that is late


def referral_choices(officer: Officer) -> Choices:
    """The centre also asks for those that one department is late with."""
    first: Choices = [("open", _("Department asked")), ("overdue", _("Department overdue"))]
    if officer.role in _IN_GROUPS:
        return first
    late = late_departments(now())
    return [*first, *[(f"{_LATE}{each.pk}", _late_label(each.name)) for each in late]]


def _late_label(name: str) -> str:
    """A department that is late, as the filter calls it."""
    return str(_("Overdue: %(department)s") % {"department": name})


def referral_condition(value: str, _officer: Officer) -> Q:
    if value == "open":
        return Q(pk__in=open_referrals().values("ticket"))
    late = overdue_referrals(now())
    if value.startswith(_LATE):
        late = late.filter(department=int(value.removeprefix(_LATE)))
    return Q(pk__in=late.values("ticket"))
