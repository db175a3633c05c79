"""The reports of a project that changed whether it is at work, for its timeline."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.house.timeline import Entry
from projects.record.reading import rows
from projects.register.models import Project

# In the order in which they were recorded: each against the one before it.
_TURNS: Final = """
    SELECT id, recorded_at, day, resumed FROM (
        SELECT id, recorded_at, day, resumed, lag(resumed) OVER (ORDER BY recorded_at, id) AS before
        FROM progress_dailyreport WHERE project_id = %(project)s) AS told
    WHERE resumed IS DISTINCT FROM coalesce(before, false)
        AND (%(until)s::timestamptz IS NULL OR recorded_at <= %(until)s)
    ORDER BY recorded_at DESC, id DESC LIMIT %(most)s
"""


def turns(project: Project, reader: Any, until: datetime | None, most: int) -> Iterator[Entry]:
    """Each report that said other than the one before whether work goes on."""
    if not reader.has_perm("progress.view_dailyreport"):
        return
    given = {"project": project.pk, "until": until, "most": most}
    for pk, at, day, resumed in rows(_TURNS, given):
        what = _("Reported at work") if resumed else _("Reported as stopped")
        link = reverse("admin:progress_dailyreport_change", args=[pk])
        yield Entry(at, what, day.isoformat(), link=link)
