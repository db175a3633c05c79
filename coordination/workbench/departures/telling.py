"""The duty desk is told once what somebody who leaves service leaves behind."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from coordination.delivery.announce import Message, announce
from coordination.groups.queries_coverage import broken
from coordination.staff.models import Officer, Role
from coordination.workbench.departures.queries import Plan
from projects.house.rooms import Topic
from projects.record.clock import change

LEFT: Final = Topic("service.left", _("Somebody leaves service, and work is left without officers"))


def broken_projects(at: datetime) -> set[int]:
    """The ids of the projects whose assignment is broken at that moment."""
    return {each.project for each in broken(at)}


def tell_what_is_left(name: str, *, plan: Plan, before: set[int], by: Officer) -> None:
    """Tell the duty desk how many assignments are broken now, and how many tickets are left.

    Not those that were broken ``before``; nothing where there is neither. ``name`` is that of the
    officer or the group. Joins a ``change()``.
    """
    with change() as at:
        projects = len(broken_projects(at) - before)
        if not projects and not plan.stay_tickets:
            return
        on_duty = Officer.objects.filter(is_active=True, role=Role.DUTY_DESK).exclude(pk=by.pk)
        with translation.override(settings.LANGUAGE_CODE):  # a record of what was said
            message = _message(name, projects, plan.stay_tickets)
        announce(message, officers=on_duty.values_list("pk", flat=True), at=at)


def _message(name: str, projects: int, tickets: int) -> Message:
    assignments = ngettext(
        "%(number)d assignment is broken", "%(number)d assignments are broken", projects
    ) % {"number": projects}
    left = ngettext(
        "%(number)d open ticket is left", "%(number)d open tickets are left", tickets
    ) % {"number": tickets}
    return Message(
        topic=LEFT,
        title=gettext("%(name)s is out of service or transferred") % {"name": name},
        text=f"{assignments} · {left}",
        link=reverse("admin:workbench_broken"),
    )
