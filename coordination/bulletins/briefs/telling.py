"""The one message that tells of a brief: to the duty desk, the director and the leads."""

from datetime import datetime, time
from typing import Final

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from coordination.bulletins.briefs.paper import said_in
from coordination.bulletins.drafting import join
from coordination.bulletins.models import Brief
from coordination.bulletins.week import SHANGHAI
from coordination.delivery.announce import Message, announce
from coordination.staff.models import Officer, Role
from projects.house.rooms import Topic

BRIEF: Final = Topic("brief.daily", gettext_lazy("The daily brief"))
_LATEST: Final = time(22)
_TOLD: Final = (Role.DUTY_DESK, Role.DIRECTOR, Role.GROUP_LEAD)


def tell(brief: Brief, *, at: datetime) -> None:
    """Tell them, inside the change that writes the brief. Figures alone: no names.

    Messages leave at once in the day's own evening, outside service hours, for they are of use
    then. Of a brief that was built in the night or later they wait for service hours.
    """
    officers = Officer.objects.filter(is_active=True, role__in=_TOLD)
    with translation.override("zh-hans"):
        title = _("The daily brief of %(day)s is ready") % {
            "day": date_format(brief.day, pgettext("day of a bulletin", "N j, Y"))
        }
        text = join(tuple(said_in(brief.blocks)))
    link = reverse("admin:bulletins_brief_change", args=[brief.pk])
    message = Message(BRIEF, title, text, link, order_key="brief", is_urgent=_is_evening(brief, at))
    announce(message, officers=officers.values_list("pk", flat=True), at=at)


def _is_evening(brief: Brief, at: datetime) -> bool:
    """Whether it is the evening of the brief's own day, and not yet night."""
    local = at.astimezone(SHANGHAI)
    return local.date() == brief.day and local.time() < _LATEST
