"""Who looks after a channel."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from coordination.delivery.models import Delivery
from coordination.groups.models import ServiceGroup
from coordination.groups.queries import group_of
from coordination.staff.models import Officer, Role
from projects.record.clock import now
from projects.record.refusals import NotAllowed

NOT_HIS: Final = _("You may look after your own channels, and a group lead the group's.")
_CENTRE: Final = frozenset({Role.DUTY_DESK, Role.DIRECTOR})


def keeps(officer: Officer | None, group: ServiceGroup | None, by: Officer) -> bool:
    """One's own channel; the lead his group's; the centre anyone's; the auditor none."""
    if by.role in _CENTRE:
        return True
    if by.role == Role.AUDITOR:
        return False
    if group is not None:
        return by.role == Role.GROUP_LEAD and group_of(by, now()) == group
    return officer is not None and officer.pk == by.pk


def keeps_delivery(delivery: Delivery, by: Officer) -> bool:
    """As its channel; what went to an enterprise is the centre's to look after."""
    to = delivery.destination
    return keeps(to.officer, to.group, by) if to else by.role in _CENTRE


def require_keeper(officer: Officer | None, group: ServiceGroup | None, by: Officer) -> None:
    """Raise NotAllowed unless he looks after it."""
    if not keeps(officer, group, by):
        raise NotAllowed(NOT_HIS)
