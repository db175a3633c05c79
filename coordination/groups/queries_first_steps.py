"""The first steps of service: groups, who serves in them, and who serves which project."""

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coordination.groups.models import Membership, ServiceGroup
from coordination.groups.queries_acting import SERVING_ROLES
from coordination.groups.queries_coverage import coverage
from coordination.staff.models import Officer
from projects.house.waiting import FirstStep


def _groups(_at: datetime) -> tuple[bool, str]:
    number = ServiceGroup.objects.filter(is_active=True).count()
    words = ngettext("%(number)d group in service", "%(number)d groups in service", number)
    return bool(number), words % {"number": number}


def _memberships(at: datetime) -> tuple[bool, str]:
    now = Membership.objects.filter(during__contains=at)
    serving = Officer.objects.filter(is_active=True, role__in=SERVING_ROLES)
    number = serving.filter(Exists(now.filter(officer=OuterRef("pk")))).count()
    groups = ServiceGroup.objects.filter(is_active=True)
    staffed = groups.filter(
        Exists(now.filter(group=OuterRef("pk"), officer__in=serving.values("pk")))
    ).count()
    total = groups.count()
    words = _("%(staffed)d of %(groups)d groups have people; %(served)d of %(officers)d serve") % {
        "staffed": staffed, "groups": total, "served": number, "officers": serving.count(),
    }  # fmt: skip
    return 0 < total == staffed, words


def _assignments(at: datetime) -> tuple[bool, str]:
    found = coverage(at)
    if not found.projects:
        return False, _("No project is registered.")
    words = _("%(served)d of %(projects)d projects are served") % {
        "served": found.served, "projects": found.projects,
    }  # fmt: skip
    return not found.unserved, words  # who cannot act is told on the first page


FIRST_STEPS: Final = (
    FirstStep(
        "groups", 20, gettext_lazy("Service groups"),
        gettext_lazy("Each project is served by one group, and its tickets go there."),
        _groups, "admin:groups_servicegroup_changelist", gettext_lazy("Enter groups"),
        "groups.add_servicegroup",
    ),
    FirstStep(
        "memberships", 50, gettext_lazy("Who serves in which group"),
        gettext_lazy("Only who serves in a group can be named for a project."),
        _memberships, "admin:groups_membership_changelist", gettext_lazy("Put into groups"),
        "groups.add_membership", after=("groups", "posts"),
    ),
    FirstStep(
        "assignments", 140, gettext_lazy("All projects assigned"),
        gettext_lazy(
            "One group and one liaison answer for each project; proposals are ready, by load."
        ),
        _assignments, "admin:workbench_unserved", gettext_lazy("Accept proposals"),
        "groups.add_assignment", after=("memberships", "projects"),
    ),
)  # fmt: skip
