"""What assignments show on the boards: who is served, and by whom."""

from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from coordination.groups.models import Assignment
from coordination.groups.queries_coverage import coverage
from projects.house.widgets import ALL_ALONE, Figure, Reading, Tile, View, Whose


def _coverage(view: View) -> Reading:
    """How many of the projects somebody serves who can act."""
    found = coverage(view.at)
    if not found.projects:
        return Reading((Figure("—"),), _("No project is registered."), is_amiss=True)
    of = _("/ %(number)s projects (项)") % {"number": found.projects}
    if found.is_complete:
        figure = Figure(str(found.served), of=of, link=assignments_page())
        return Reading((figure,), _("Every project has a group and a liaison"))
    parts = []
    if found.unserved:
        parts.append(_("%(number)s without a group") % {"number": found.unserved})
    if found.broken_total:
        parts.append(_("%(number)s broken") % {"number": found.broken_total})
    page = reverse("admin:workbench_unserved" if found.unserved else "admin:workbench_broken")
    note = pgettext("list", ", ").join(parts)
    return Reading((Figure(str(found.served), of=of),), note, page, is_amiss=True)


def assignments_page(**filters: object) -> str:
    """The address of the assignments in force with these filters."""
    asked = urlencode({"now": "yes", **filters})
    return f"{reverse('admin:groups_assignment_changelist')}?{asked}"


def _served(view: View) -> Reading:
    """How many projects the group, or the officer as liaison, serves now."""
    rows = Assignment.objects.filter(during__contains=view.at)
    if view.officer is not None:
        rows = rows.filter(liaison=view.officer)
        link = assignments_page(liaison__id__exact=view.officer.pk)
    else:
        rows = rows.filter(group=view.group)
        link = assignments_page(group__id__exact=view.group.pk)
    return Reading((Figure(str(rows.count()), pgettext("unit", "projects"), link=link),))


WIDGETS: Final = (
    Tile(
        "coverage", 10, pgettext_lazy("board", "One-to-one service"), _coverage, ALL_ALONE,
        is_public=True,
    ),
    Tile(
        "served", 10, pgettext_lazy("board", "Projects served"), _served,
        frozenset({Whose.GROUP, Whose.OFFICER}),
    ),
)  # fmt: skip
