"""The verb that begins a service period, for which bulletins are due."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from coordination.bulletins.models import ServicePeriod
from coordination.staff.models import Officer
from projects.record.acts import ADDED, record_act
from projects.record.clock import change
from projects.record.refusals import Checker, NotAllowed


def begin_service(
    *, on: date, until: date | None = None, by: Officer | None = None
) -> ServicePeriod:
    """Record that the service runs from ``on`` to before ``until``, or without end.

    By director and duty desk; ``by`` is None only for the demonstration's data. Raises NotAllowed
    for others, Invalid if it ends before it begins or overlaps another period.
    """
    if by is not None and not by.has_perm("bulletins.add_serviceperiod"):
        raise NotAllowed
    with change():
        check = Checker()
        check.require(until is None or on < until, "until", _("It must end after it begins."))
        check.finish()
        during = DateRange(on, until)
        overlapping = ServicePeriod.objects.filter(during__overlap=during)
        message = _("Service periods may not overlap.")
        check.require(not overlapping.exists(), "on", message, "overlap")
        check.finish()
        period = ServicePeriod.objects.create(during=during)
        record_act(ADDED, about=period, by=by)
        return period
