"""Whose channels, deliveries and notices somebody may know of."""

from django.db.models import Q, QuerySet

from coordination.delivery.models import Delivery, Destination, Notice
from coordination.groups.queries import group_of
from coordination.staff.models import Officer, Role
from projects.record.clock import now

_SEES_ALL = frozenset({Role.DUTY_DESK, Role.DIRECTOR, Role.AUDITOR})
COUNTED = 100  # unread notices beyond this are not counted one by one


def _of(officer: Officer, prefix: str = "") -> Q:
    """His own; a group lead's group's besides; the centre's all."""
    if officer.role in _SEES_ALL or officer.is_superuser:
        return Q()
    mine = Q(**{f"{prefix}officer": officer})
    group = group_of(officer, now()) if officer.role == Role.GROUP_LEAD else None
    return mine | Q(**{f"{prefix}group": group}) if group else mine


def destinations_for(officer: Officer) -> QuerySet[Destination]:
    """The channels that the officer may look after."""
    return Destination.objects.filter(_of(officer))


def deliveries_for(officer: Officer) -> QuerySet[Delivery]:
    """What went, or is to go, over those."""
    return Delivery.objects.filter(_of(officer, "destination__"))


def notices_of(officer: Officer) -> QuerySet[Notice]:
    """What the officer was told at his desk, the newest first."""
    return Notice.objects.filter(officer=officer)


def count_unread(officer: Officer) -> int:
    """How many of them he has not opened, up to COUNTED."""
    return notices_of(officer).filter(read_at=None).order_by()[:COUNTED].count()
