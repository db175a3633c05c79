"""What the register tells of a project's past: its revisions field by field, exits and returns."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from projects.house.timeline import Entry
from projects.register.models import (
    COUNTED_FIELDS,
    Project,
    ProjectExit,
    ProjectReturn,
    ProjectRevision,
)


def revised(project: Project, reader: Any, until: datetime | None, most: int) -> Iterator[Entry]:
    """Its registration, and of each revision the fields that it changed, from what to what."""
    if not reader.has_perm("register.view_projectrevision"):
        return
    rows = _up_to(ProjectRevision.objects.filter(project=project), until)
    found = list(rows.select_related("by", "batch", "district").order_by("-number")[: most + 1])
    for place, row in enumerate(found[:most]):
        by = str(row.by or "")
        if row.number == 1:
            yield Entry(row.recorded_at, _("Registered"), by=by)
        elif place + 1 < len(found):
            said = "；".join([*_changes(found[place + 1], row), *filter(None, [row.reason])])
            yield Entry(row.recorded_at, _("Revised"), said, by=by)


def left(project: Project, reader: Any, until: datetime | None, most: int) -> Iterator[Entry]:
    """Its exits, with the projects in which it went on."""
    if not reader.has_perm("register.view_projectexit"):
        return
    rows = _up_to(ProjectExit.objects.filter(project=project), until).select_related("by")
    exits = rows.prefetch_related("successions__successor").order_by("-recorded_at", "-pk")
    for row in exits[:most]:
        into = "、".join(str(each.successor) for each in row.successions.all())
        said = "；".join(filter(None, [into and f"→ {into}", row.reason]))
        yield Entry(row.recorded_at, row.get_kind_display(), said, by=str(row.by or ""))


def returned(project: Project, reader: Any, until: datetime | None, most: int) -> Iterator[Entry]:
    """When its exits were undone."""
    if not reader.has_perm("register.view_projectreturn"):
        return
    rows = _up_to(ProjectReturn.objects.filter(exit__project=project), until)
    for row in rows.select_related("by").order_by("-recorded_at", "-pk")[:most]:
        yield Entry(
            row.recorded_at, _("Brought back to the register"), row.reason, by=str(row.by or "")
        )


def took_in(project: Project, reader: Any, until: datetime | None, most: int) -> Iterator[Entry]:
    """When others went on in it."""
    if not reader.has_perm("register.view_projectexit"):
        return
    rows = _up_to(ProjectExit.objects.filter(successions__successor=project), until)
    for row in rows.select_related("project", "by").order_by("-recorded_at", "-pk")[:most]:
        yield Entry(
            row.recorded_at, _("Another project went on in it"),
            f"{row.project.code} {row.project} · {row.get_kind_display()}", by=str(row.by or ""),
        )  # fmt: skip


def _up_to[Rows: QuerySet[Any]](rows: Rows, until: datetime | None) -> Rows:
    return rows if until is None else rows.filter(recorded_at__lte=until)


def _changes(before: ProjectRevision, after: ProjectRevision) -> Iterator[str]:
    for name in COUNTED_FIELDS:
        if getattr(before, name) != getattr(after, name):
            label = ProjectRevision._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # of a column
            yield f"{label} {_shown(before, name)} → {_shown(after, name)}"


def _shown(row: ProjectRevision, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display is not None else getattr(row, name)
    return "—" if value in {None, ""} else str(value)
