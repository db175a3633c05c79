"""The one message that tells of a brief: to the duty desk, the director and the leads."""

from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from coordination.bulletins.briefs.paper import said_in
from coordination.bulletins.drafting import join
from coordination.bulletins.models import Brief
from coordination.delivery.announce import Message, announce
from coordination.staff.models import Officer, Role
from projects.house.rooms import Topic

BRIEF: Final = Topic("brief.daily", gettext_lazy("The daily brief"))
_TOLD: Final = (Role.DUTY_DESK, Role.DIRECTOR, Role.GROUP_LEAD)


def tell(brief: Brief, *, at: datetime) -> None:
    """Tell them, inside the change that writes the brief. Figures alone: no names."""
    officers = Officer.objects.filter(is_active=True, role__in=_TOLD)
    with translation.override("zh-hans"):
        title = _("The daily brief of %(day)s is ready") % {
            "day": date_format(brief.day, pgettext("day of a bulletin", "N j, Y"))
        }
        text = join(tuple(said_in(brief.blocks)))
    link = reverse("admin:bulletins_brief_change", args=[brief.pk])
    message = Message(BRIEF, title, text, link, order_key="brief")
    announce(message, officers=officers.values_list("pk", flat=True), at=at)
