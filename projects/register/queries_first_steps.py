"""The first steps of the register: enterprises, batches, projects, and who takes part."""

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.house.waiting import FirstStep
from projects.register.models import Batch, Enterprise, ProjectParticipant
from projects.register.queries import current_projects
from projects.worktime.calendar import day_of


def _enterprises(_at: datetime) -> tuple[bool, str]:
    number = Enterprise.objects.count()
    words = ngettext("%(number)d enterprise", "%(number)d enterprises", number)
    return bool(number), words % {"number": number}


def _batches(_at: datetime) -> tuple[bool, str]:
    number = Batch.objects.count()
    words = ngettext("%(number)d batch", "%(number)d batches", number)
    return bool(number), words % {"number": number}


def _projects(_at: datetime) -> tuple[bool, str]:
    number = current_projects().count()
    if not number:
        return False, _("No project is registered.")
    return True, ngettext("%(number)d project", "%(number)d projects", number) % {"number": number}


def _participants(at: datetime) -> tuple[bool, str]:
    number = current_projects().count()
    if not number:
        return False, _("No project is registered.")
    today = ProjectParticipant.objects.filter(during__contains=day_of(at))
    having = current_projects().filter(Exists(today.filter(project=OuterRef("pk")))).count()
    words = _("%(number)d of %(projects)d projects have an enterprise") % {
        "number": having, "projects": number,
    }  # fmt: skip
    return having == number, words


FIRST_STEPS: Final = (
    FirstStep(
        "batches", 100, gettext_lazy("Batches"),
        gettext_lazy("Each project belongs to the list with which it was announced."),
        _batches, "admin:register_batch_changelist", gettext_lazy("Enter batches"),
        "register.add_batch",
    ),
    FirstStep(
        "enterprises", 110, gettext_lazy("Enterprises"),
        gettext_lazy("Tickets are filed by enterprises, under their unified social credit code."),
        _enterprises, "admin:register_enterprise_changelist", gettext_lazy("Enter enterprises"),
        "register.add_enterprise",
    ),
    FirstStep(
        "projects", 120, gettext_lazy("Projects"),
        gettext_lazy("Every provincial or municipal key project that the centre serves."),
        _projects, "admin:register_project_changelist", gettext_lazy("Enter projects"),
        "register.add_project", after=("batches",),
    ),
    FirstStep(
        "participants", 130, gettext_lazy("Which enterprise takes part in which project"),
        gettext_lazy("An enterprise files tickets and reports only for projects it takes part in."),
        _participants, "admin:register_projectparticipant_changelist",
        gettext_lazy("Enter who takes part"), "register.add_projectparticipant",
        after=("enterprises", "projects"),
    ),
)  # fmt: skip
