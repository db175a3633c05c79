"""The projects behind the figures of resumption: planned, at work, or not yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from coordination.groups.models import Assignment, ServiceGroup
from coordination.staff.models import Officer
from projects.progress.queries import resumed_at
from projects.record.days import moment_in
from projects.record.finding import id_of
from projects.register.models import District, Project
from projects.register.queries import planned_at

PLANNED, RESUMED, WAITING = "planned", "resumed", "waiting"
STATES: Final = {
    WAITING: pgettext_lazy("board", "not at work"), RESUMED: gettext_lazy("at work"),
    PLANNED: gettext_lazy("planned to be at work"),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the address asks for; parameters that name nothing are left out."""

    state: str
    at: datetime
    is_now: bool
    district: District | None
    group: ServiceGroup | None
    officer: Officer | None

    def rows(self) -> QuerySet[Project]:
        """The projects, ordered by their codes."""
        planned = planned_at(self.at)
        if self.district is not None:
            planned = planned.filter(district=self.district)
        going = resumed_at(self.at).values("project")
        rows = Project.objects.filter(pk__in=planned.order_by().values("project"))
        if self.state == RESUMED:
            rows = rows.filter(pk__in=going)
        if self.state == WAITING:
            rows = rows.exclude(pk__in=going)
        served: dict[str, Any] = {}
        if self.group is not None:
            served["group"] = self.group
        if self.officer is not None:
            served["liaison"] = self.officer
        if served:
            own = Assignment.objects.filter(during__contains=self.at, **served)
            rows = rows.filter(pk__in=own.values("project"))
        return rows.order_by("code", "pk")


def asked_in(given: Mapping[str, str], now: datetime) -> Asked:
    """Read an address; no moment after now is asked for."""
    state = given.get("state", WAITING)
    moment = moment_in(given.get("at", ""))
    at = min(moment, now) if moment is not None else now
    return Asked(
        state=state if state in STATES else WAITING,
        at=at,
        is_now=moment is None,
        district=District.objects.filter(code=given["district"]).first()
        if given.get("district")
        else None,
        group=ServiceGroup.objects.filter(pk=id_of(given.get("group")) or 0).first(),
        officer=Officer.objects.filter(pk=id_of(given.get("officer")) or 0).first(),
    )
