"""Verbs for the districts of a reporter and the projects that a leader answers for.

Neither is ever backdated. By the duty desk and the director, as memberships are.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import DistrictPost, Responsibility
from coordination.groups.serve import locked, require_permission
from coordination.staff.models import Officer, Role
from projects.record.acts import record_act
from projects.record.clock import change
from projects.record.days import beginning_of
from projects.record.refusals import Checker, NotAllowed, Stale
from projects.register.models import District, Project

GIVEN_DISTRICT: Final = "given_district"
LOST_DISTRICT: Final = "lost_district"
GIVEN_PROJECTS: Final = "given_projects"
LOST_PROJECTS: Final = "lost_projects"


def give_district(
    *, officer: Officer, district: District, start: date | None = None, by: Officer
) -> DistrictPost:
    """Let a district reporter report for the district from now on, or from a later day on.

    Raises NotAllowed, and Invalid where he is no active reporter, reports for it already, or the
    district is not there on that day.
    """
    require_permission(by, "groups.add_districtpost")
    with change() as at:
        officer = locked(officer)
        today = timezone.localdate(at)
        day = start or today
        check = Checker()
        is_reporter = officer.is_active and officer.role == Role.DISTRICT_REPORTER
        check.require(is_reporter, "officer", _("This officer is no active district reporter."))
        check.require(day >= today, "start", _("This day is over."), "date-order")
        check.require(day in district.valid, "district", _("There is no such district then."))
        begins = beginning_of(day) if day > today else at
        check.require(
            not DistrictPost.objects.filter(
                officer=officer, district=district, during__overlap=(begins, None)
            ).exists(),
            "district", _("This officer already reports for that district."), "overlap",
        )  # fmt: skip
        check.finish()
        record_act(GIVEN_DISTRICT, about=officer, changes={"district": (None, district)}, by=by)
        return DistrictPost.objects.create(
            officer=officer, district=district, during=DateTimeTZRange(begins, None),
            recorded_at=at, recorded_by=by,
        )  # fmt: skip


def end_district_post(*, post: DistrictPost, by: Officer) -> DistrictPost:
    """End the post now; one that had not begun becomes empty.

    Raises NotAllowed, also if it ended already.
    """
    require_permission(by, "groups.change_districtpost")
    with change() as at:
        locked(post.officer)
        row = DistrictPost.objects.select_for_update(of=("self",)).get(pk=post.pk)
        if row.ended_at is not None:
            raise NotAllowed(_("This post has ended already."))
        _end_district(row, at, by)
        return row


def give_responsibility(
    *, officer: Officer, projects: Collection[Project], instead: bool = False, by: Officer
) -> list[Responsibility]:
    """Let a leader in charge answer for all of these projects from now on.

    Those that are his already stay as they are. Where another leader answers for one, ``instead``
    says that he no longer does. Returns the new ones. Raises NotAllowed, Stale, and Invalid where
    he is no active leader, no project is given, or another leader has one.
    """
    require_permission(by, "groups.add_responsibility")
    with change() as at:
        wanted = Project.objects.filter(pk__in=[each.pk for each in projects])
        rows = list(wanted.select_for_update(of=("self",)).order_by("pk"))
        officer = locked(officer)
        held = _open_among(rows)
        others = [each for each in held if each.officer_id != officer.pk]
        check = Checker()
        is_leader = officer.is_active and officer.role == Role.LEADER
        check.require(is_leader, "officer", _("This officer is no active leader in charge."))
        check.require(rows, "projects", _("Name at least one project."), "required")
        codes = ", ".join(sorted(each.project.code for each in others))
        taken = _("Another leader answers for %(codes)s.") % {"codes": codes}
        check.require(instead or not others, "projects", taken, "taken")
        check.finish()
        _end_projects(others, at, by)
        own = {each.project_id for each in held} - {each.project_id for each in others}
        return _begin([each for each in rows if each.pk not in own], officer, at, by)


def end_responsibility(*, responsibility: Responsibility, by: Officer) -> Responsibility:
    """Let the leader no longer answer for the project, from now on.

    Raises NotAllowed, also if it ended already.
    """
    require_permission(by, "groups.change_responsibility")
    with change() as at:
        Project.objects.select_for_update(of=("self",)).get(pk=responsibility.project_id)
        found = Responsibility.objects.select_related("officer", "project")
        row = found.select_for_update(of=("self",)).get(pk=responsibility.pk)
        if row.ended_at is not None:
            raise NotAllowed(_("This leader no longer answers for the project."))
        _end_projects([row], at, by)
        return row


def has_posts(officer: Officer) -> bool:
    """Whether he has districts, or projects to answer for."""
    rows = (DistrictPost.objects, Responsibility.objects)
    return any(each.filter(officer=officer, ended_at=None).exists() for each in rows)


def end_posts(officer: Officer, at: datetime, by: Officer) -> None:
    """Take a locked officer's districts and projects from him; the caller judges who may."""
    posts = DistrictPost.objects.filter(officer=officer, ended_at=None)
    for post in posts.select_for_update(of=("self",)).order_by("pk"):
        _end_district(post, at, by)
    rows = Responsibility.objects.filter(officer=officer, ended_at=None)
    related = rows.select_related("officer", "project")
    _end_projects(list(related.select_for_update(of=("self",)).order_by("pk")), at, by)


def _open_among(projects: Sequence[Project]) -> list[Responsibility]:
    """Those with an open end; not found by time, as a concurrent one may have a later begin."""
    rows = Responsibility.objects.filter(project__in=projects, ended_at=None)
    related = rows.select_related("officer", "project").order_by("project_id")
    return list(related.select_for_update(of=("self",)))


def _begin(
    projects: Sequence[Project], officer: Officer, at: datetime, by: Officer
) -> list[Responsibility]:
    if not projects:
        return []
    codes = ", ".join(sorted(each.code for each in projects))
    record_act(GIVEN_PROJECTS, about=officer, changes={"projects": (None, codes)}, by=by)
    return Responsibility.objects.bulk_create(
        Responsibility(
            officer=officer, project=each, during=DateTimeTZRange(at, None), recorded_at=at,
            recorded_by=by,
        )
        for each in projects
    )  # fmt: skip


def _end_projects(rows: Sequence[Responsibility], at: datetime, by: Officer) -> None:
    """End these, with one act for each leader who loses some."""
    for row in rows:
        if row.during.lower > at:  # a concurrent one with a later time was first
            raise Stale
        _end(row, at, by)
    for officer in {row.officer for row in rows}:
        codes = ", ".join(sorted(row.project.code for row in rows if row.officer == officer))
        record_act(LOST_PROJECTS, about=officer, changes={"projects": (codes, None)}, by=by)


def _end_district(post: DistrictPost, at: datetime, by: Officer) -> None:
    _end(post, at, by)
    changes = {"district": (post.district, None)}
    record_act(LOST_DISTRICT, about=post.officer, changes=changes, by=by)


def _end(row: DistrictPost | Responsibility, at: datetime, by: Officer) -> None:
    row.during = DateTimeTZRange(row.during.lower, max(at, row.during.lower))
    row.ended_at, row.ended_by = at, by
    row.save(update_fields=["during", "ended_at", "ended_by"])
