"""The channels, deliveries and notices that an officer may see."""

from django.db.models import Q, QuerySet

from coordination.delivery.models import Delivery, Destination, Notice, WebhookEndpoint
from coordination.groups.queries import group_of
from coordination.staff.models import Officer, Role
from projects.record.clock import now

_SEES_ALL = frozenset({Role.DUTY_DESK, Role.DIRECTOR, Role.AUDITOR})
COUNTED = 100  # unread notices are counted up to this number


def _of(officer: Officer, prefix: str = "") -> Q:
    """Condition: the officer's own; for a lead also his group's; for the centre all."""
    if officer.role in _SEES_ALL or officer.is_superuser:
        return Q()
    mine = Q(**{f"{prefix}officer": officer})
    group = group_of(officer, now()) if officer.role == Role.GROUP_LEAD else None
    return mine | Q(**{f"{prefix}group": group}) if group else mine


def destinations_for(officer: Officer) -> QuerySet[Destination]:
    """The channels that the officer may see."""
    return Destination.objects.filter(_of(officer))


def deliveries_for(officer: Officer) -> QuerySet[Delivery]:
    """The deliveries over these channels."""
    return Delivery.objects.filter(_of(officer, "destination__"))


def deliveries_about(subject: str) -> QuerySet[Delivery]:
    """Every delivery about one thing, to officers, outsiders and webhooks.

    Found by an index of each; one condition for both would read the whole outbox.
    """
    about = Delivery.objects.filter(subject=subject).order_by()
    endpoints = list(WebhookEndpoint.objects.order_by().values_list("pk", flat=True))
    parts = (about.filter(destination__isnull=False), about.filter(endpoint__in=endpoints))
    found = [pk for part in parts for pk in part.values_list("pk", flat=True)]
    return Delivery.objects.filter(pk__in=found)


def notices_of(officer: Officer) -> QuerySet[Notice]:
    """The officer's notices, the newest first."""
    return Notice.objects.filter(officer=officer)


def count_unread(officer: Officer) -> int:
    """The number of his unread notices, up to COUNTED."""
    return notices_of(officer).filter(read_at=None).order_by()[:COUNTED].count()
