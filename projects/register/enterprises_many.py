"""The verbs for many enterprises and participations at once, by the rules of those for one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.contrib.auth.models import AbstractUser
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.record.clock import change
from projects.record.refusals import Checker, FieldError, NotAllowed
from projects.record.writing import reserve, sequence_of, write
from projects.register.current import require_current
from projects.register.leaving import what_was_filed
from projects.register.models import (
    Enterprise,
    EnterpriseRevision,
    ParticipantRole,
    Project,
    ProjectParticipant,
)
from projects.register.queries_known import ends_of, overlaps
from projects.register.registration import TAKEN_USCC, enterprise_errors, require_permission

OVERLAPS: Final = FieldError(
    ("enterprise",),
    _("This enterprise already takes part in the project in this role at that time."),
    "overlap",
)


def register_enterprises(
    *, enterprises: Sequence[Enterprise], by: AbstractUser
) -> list[Enterprise]:
    """Register new enterprises. Raises NotAllowed, Invalid by ``(index, field)``."""
    require_permission(by, "register.add_enterprise")
    with change() as at:
        codes = [each.uscc for each in enterprises]
        taken = set(
            EnterpriseRevision.objects.filter(uscc__in=codes).values_list("uscc", flat=True)
        )
        errors = list[FieldError]()
        ids = reserve(sequence_of(Enterprise), many=len(enterprises)) if enterprises else []
        for index, (row, (pk,)) in enumerate(zip(enterprises, ids, strict=True)):
            row.pk, row.revised_at, row.revised_by_id = pk, at, by.pk
            own = enterprise_errors(row) + ([TAKEN_USCC] if row.uscc in taken else [])
            errors += [each.below(index) for each in own]
            taken.add(row.uscc)
        Checker(errors).finish()
        write(list(enterprises))
        return list(enterprises)


def add_participants(
    *, participants: Sequence[ProjectParticipant], by: AbstractUser
) -> list[ProjectParticipant]:
    """Record that enterprises take part in projects from a day on, until ended.

    Of each ``during`` the first day counts. Raises NotAllowed, also if a project has left the
    register, Invalid by ``(index, field)``.
    """
    require_permission(by, "register.add_projectparticipant")
    with change():
        asked = {each.project_id for each in participants}
        rows = Project.objects.select_for_update(of=("self",)).filter(pk__in=asked).order_by("pk")
        for row in rows:
            require_current(row)
        known = ends_of(asked)
        errors = list[FieldError]()
        for index, each in enumerate(participants):
            key = (each.project_id, each.enterprise_id, each.role)
            check = Checker()
            check.require(
                each.role in ParticipantRole.values, "role", _("There is no such role."), "choice"
            )
            if overlaps(known[key], each.during.lower):
                check.errors.append(OVERLAPS)
            known[key].append(None)
            errors += [error.below(index) for error in check.errors]
            each.during = DateRange(each.during.lower, None)
        Checker(errors).finish()
        return ProjectParticipant.objects.bulk_create(participants, batch_size=500)


def withdraw_participants(*, keys: Collection[int], since: datetime, by: AbstractUser) -> None:
    """Delete participations, by their ids, that were recorded in error at that moment.

    Raises NotAllowed, naming the enterprise, where one was ended, or the enterprise filed
    something on the project from that moment on (``FILED_ON``).
    """
    require_permission(by, "register.change_projectparticipant")
    with change():
        rows = ProjectParticipant.objects.select_for_update(of=("self",)).filter(pk__in=keys)
        found = list(rows.select_related("project", "enterprise").order_by("pk"))
        if len(found) != len(set(keys)):
            raise NotAllowed(gettext("A part is not recorded any more."))
        filed = what_was_filed({each.project_id for each in found}, since)
        for row in found:
            if row.during.upper is not None:
                message = gettext("The part of %(enterprise)s was ended since.")
                raise NotAllowed(message % {"enterprise": row.enterprise})
            if reasons := filed.get((row.project_id, row.enterprise_id)):
                raise NotAllowed(f"{row.enterprise} · {row.project}: {' '.join(reasons)}")
        ProjectParticipant.objects.filter(pk__in=keys).delete()
