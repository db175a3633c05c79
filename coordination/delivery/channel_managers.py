"""Who may manage a channel."""

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


def may_manage(officer: Officer | None, group: ServiceGroup | None, by: Officer) -> bool:
    """Whether he may: officers their own, leads their group's, the centre all, the auditor none."""
    if by.role in _CENTRE:
        return True
    if by.role == Role.AUDITOR:
        return False
    if group is not None:
        return by.role == Role.GROUP_LEAD and group_of(by, now()) == group
    return officer is not None and officer.pk == by.pk


def may_manage_delivery(delivery: Delivery, by: Officer) -> bool:
    """Whether he may manage the delivery: as its channel; to webhooks, only the centre."""
    to = delivery.destination
    return may_manage(to.officer, to.group, by) if to else by.role in _CENTRE


def require_manager(officer: Officer | None, group: ServiceGroup | None, by: Officer) -> None:
    """Raise NotAllowed unless he may manage it."""
    if not may_manage(officer, group, by):
        raise NotAllowed(NOT_HIS)
