"""Who came to serve a project, and when nobody did any more, for its timeline."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.groups.models import Assignment
from projects.house.timeline import Entry
from projects.register.models import Project


def assigned(project: Project, reader: Any, until: datetime | None, most: int) -> Iterator[Entry]:
    """Each assignment from its begin."""
    if not reader.has_perm("groups.view_assignment"):
        return
    rows = Assignment.objects.filter(project=project)
    if until is not None:
        rows = rows.filter(during__startswith__lte=until)
    related = rows.select_related("group", "liaison", "opened_by")
    for row in related.order_by("-during__startswith", "-pk")[:most]:
        said = "；".join(filter(None, [f"{row.group} · {row.liaison}", row.reason]))
        link = reverse("admin:groups_assignment_change", args=[row.pk])
        yield Entry(row.during.lower, _("Assigned"), said, by=str(row.opened_by), link=link)


def unassigned(project: Project, reader: Any, until: datetime | None, most: int) -> Iterator[Entry]:
    """Each end of an assignment that no other followed at once."""
    if not reader.has_perm("groups.view_assignment"):
        return
    next_one = Assignment.objects.filter(
        project=project, during__startswith=OuterRef("during__endswith")
    )
    rows = Assignment.objects.filter(project=project, during__upper_inf=False)
    rows = rows.filter(~Exists(next_one))
    if until is not None:
        rows = rows.filter(during__endswith__lte=until)
    related = rows.select_related("group", "liaison", "closed_by")
    for row in related.order_by("-during__endswith", "-pk")[:most]:
        link = reverse("admin:groups_assignment_change", args=[row.pk])
        yield Entry(
            row.during.upper, _("Nobody serves it any more"), f"{row.group} · {row.liaison}",
            by=str(row.closed_by or ""), link=link,
        )  # fmt: skip
