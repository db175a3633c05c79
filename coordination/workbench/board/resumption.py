"""The projects behind a figure: planned, at work or not yet, reported, started, served."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from coordination.groups.models import Assignment, ServiceGroup
from coordination.staff.models import Officer
from coordination.workbench.board.project_states import STATES, WAITING
from projects.record.finding import id_of
from projects.register.counted import CLASS, NO_CLASS, moment_in_address
from projects.register.models import CountyClass, District, Level, Project
from projects.register.queries import classes_at


@dataclass(frozen=True)
class Asked:
    """What the address asks for; parameters that name nothing are left out."""

    state: str
    at: datetime
    is_now: bool
    level: str
    county_class: str
    district: District | None
    group: ServiceGroup | None
    officer: Officer | None

    @property
    def within(self) -> list[Any]:
        """What else than a state is asked for, for people."""
        level = Level(self.level).label if self.level else None
        of_class = dict([*CountyClass.choices, (NO_CLASS, gettext("no class"))]).get(
            self.county_class
        )
        asked = (level, of_class, self.district, self.group, self.officer)
        return [each for each in asked if each is not None]

    def rows(self) -> QuerySet[Project]:
        """The projects, ordered by their codes."""
        counted = STATES[self.state].rows(self.at)
        if self.level:
            counted = counted.filter(level=self.level)
        if self.district is not None:
            counted = counted.filter(district=self.district)
        if self.county_class:
            classes = classes_at(self.at)
            if self.county_class == NO_CLASS:
                counted = counted.exclude(district__in=list(classes))
            else:
                of_it = [key for key, each in classes.items() if each == self.county_class]
                counted = counted.filter(district__in=of_it)
        rows = Project.objects.filter(pk__in=counted.order_by().values("project"))
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
    moment = moment_in_address(given.get("at", ""))
    level, county_class = given.get("level", ""), given.get(CLASS, "")
    return Asked(
        state=state if state in STATES else WAITING,
        at=min(moment, now) if moment is not None else now,
        is_now=moment is None,
        level=level if level in Level.values else "",
        county_class=county_class if county_class in {*CountyClass.values, NO_CLASS} else "",
        district=District.objects.filter(code=given["district"]).first()
        if given.get("district")
        else None,
        group=ServiceGroup.objects.filter(pk=id_of(given.get("group")) or 0).first(),
        officer=Officer.objects.filter(pk=id_of(given.get("officer")) or 0).first(),
    )
