"""The verbs of the register: enterprises, projects and participants.

By officers whose role has the permission (``by.has_perm``). What a bulletin counts of a project
is written twice in one transaction: on the project, and as its next revision.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.record.clock import change
from projects.record.refusals import Checker, FieldError, Invalid, NotAllowed, Stale
from projects.register.current import require_current
from projects.register.identifiers import uscc_checks, uscc_has_form
from projects.register.models import (
    COUNTED_FIELDS,
    Enterprise,
    EnterpriseRevision,
    ParticipantRole,
    Phase,
    PriorFiling,
    Project,
    ProjectParticipant,
    ProjectRevision,
)
from projects.register.phases import check_move
from projects.register.queries import holder_of_code

LONGEST_REASON: Final = 200


def require_permission(by: AbstractUser, permission: str) -> None:
    """Raise NotAllowed unless the officer's role has the permission."""
    if not by.has_perm(permission):
        raise NotAllowed(_("Your role does not allow this."))


def field_errors(row: Model, exclude: Iterable[str] = ()) -> list[FieldError]:
    """Run the model fields' validators on the values; return the errors by field."""
    try:
        row.clean_fields(exclude=set(exclude))
    except ValidationError as error:
        return [
            FieldError((name,), " ".join(each.messages), each.code or "invalid")
            for name, found in error.error_dict.items()
            for each in found
        ]
    return []


def register_enterprise(
    *, uscc: str, name: str, uscc_note: str = "", by: AbstractUser
) -> Enterprise:
    """Register an enterprise by its unified social credit code (GB 32100).

    A code of the right form whose check digit fails needs ``uscc_note``: some genuine early codes
    fail. Raises NotAllowed, Invalid.
    """
    require_permission(by, "register.add_enterprise")
    with change() as at:
        row = Enterprise(
            uscc=uscc, name=name, uscc_note=uscc_note, revised_at=at, revised_by_id=by.pk
        )
        _enterprise_check(row).finish()
        row.save(force_insert=True)
        return row


def revise_enterprise(
    *,
    enterprise: Enterprise,
    name: str,
    uscc: str,
    since: date,
    reason: str,
    uscc_note: str = "",
    version: int | None = None,
    by: AbstractUser,
) -> Enterprise:
    """Change an enterprise's name or code (更名) from a day on; the old ones stay with their days.

    The day is today at the latest, and not before that of the last revision; the same day
    corrects it. Raises NotAllowed, Stale if ``version`` is no longer the enterprise's, Invalid.
    """
    require_permission(by, "register.change_enterprise")
    with change() as at:
        row = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
        if version is not None and version != row.revision:
            raise Stale
        before = (row.name, row.uscc, row.since)
        row.name, row.uscc, row.since, row.uscc_note = name, uscc, since, uscc_note
        check = _enterprise_check(row)
        check.require(before != (row.name, row.uscc, since), "name", _("It is so already."))
        check.require(
            since <= timezone.localdate(at), "since", _("This day has not come yet."), "date-order"
        )
        check.require(
            before[2] is None or before[2] <= since, "since",
            _("The last change holds from %(day)s: give no earlier day.") % {"day": before[2]},
            "date-order",
        )  # fmt: skip
        check.require(reason.strip(), "reason", _("This field is required."), "required")
        check.require(
            len(reason.strip()) <= LONGEST_REASON, "reason", _("At most 200 characters."),
            "max_length",
        )  # fmt: skip
        check.finish()
        row.record_revision(
            changed=["name", "uscc", "uscc_note", "since"], at=at, reason=reason.strip(), by=by
        )
        return row


def _enterprise_check(row: Enterprise) -> Checker:
    check = Checker(enterprise_errors(row))
    with_code = EnterpriseRevision.objects.filter(uscc=row.uscc).exclude(enterprise=row.pk)
    if with_code.exists():
        check.errors.append(TAKEN_USCC)
    return check


TAKEN_USCC: Final = FieldError(
    ("uscc",), _("An enterprise with this code is registered already, or was."), "unique"
)


def enterprise_errors(row: Enterprise) -> list[FieldError]:
    """What is wrong with an enterprise by itself; the database is not asked."""
    check = Checker(field_errors(row, exclude={"revised_by"}))
    has_form = uscc_has_form(row.uscc)
    check.require(
        has_form, "uscc", _("This is not a unified social credit code of 18 characters."), "uscc"
    )
    check.require(
        not has_form or uscc_checks(row.uscc) or row.uscc_note,
        "uscc",
        _("The check digit is wrong. If the code is right all the same, say why in the note."),
        "uscc-check",
    )
    return check.errors


def register_project(
    *, code: str, is_example: bool = False, by: AbstractUser, **counted: Any
) -> Project:
    """Register a project with its counted fields, and write their first revision.

    The counted fields: name, batch, level, phase, sector, district, total_investment and
    annual_investment (亿元), planned_resumption. Raises NotAllowed, Invalid.
    """
    require_permission(by, "register.add_project")
    with change() as at:
        project = Project(code=code, is_example=is_example, **counted)
        check = Checker(_project_errors(project, at))
        if Project.objects.filter(code=project.code).exists():
            check.errors.append(TAKEN_CODE)
        check.finish()
        project.save(force_insert=True)
        record_revision(project, at, by)
        return project


def revise_project(
    *,
    project: Project,
    changes: Mapping[str, Any],
    reason: str = "",
    version: int | None = None,
    by: AbstractUser,
) -> Project:
    """Change counted fields of a project; the old values stay in the previous revision.

    A move back to an earlier phase needs a reason, and one that skips the start is refused.
    Raises NotAllowed, also if it has left the register, Stale if ``version`` is no longer the
    project's, Invalid.
    """
    require_permission(by, "register.change_project")
    unknown = set(changes) - set(COUNTED_FIELDS)
    if unknown:
        raise Invalid(
            FieldError((name,), _("There is no such field."), "unknown") for name in unknown
        )
    with change() as at:
        row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if version is not None and version != row.version:
            raise Stale
        require_current(row)
        before = row.phase
        for name, value in changes.items():
            setattr(row, name, value)
        check = Checker(_project_errors(row, at))
        check_move(check, before, row.phase, reason)
        check.require(
            len(reason.strip()) <= LONGEST_REASON, "reason", _("At most 200 characters."),
            "max_length",
        )  # fmt: skip
        check.finish()
        row.version += 1
        row.save()
        record_revision(row, at, by, reason)
        return row


def project_errors(project: Project, at: datetime, exclude: Iterable[str] = ()) -> list[FieldError]:
    """What is wrong with a project by itself; ``exclude`` are fields that were checked before.

    Asks the database nothing if its district and batch are among these.
    """
    errors = field_errors(project, exclude)
    wrong = {error.path[0] for error in errors}
    check = Checker(errors)
    if not wrong & {"total_investment", "annual_investment"}:
        check.require(
            project.annual_investment <= project.total_investment,
            "annual_investment", _("This is more than the total investment."), "over-total",
        )  # fmt: skip
    check.require(
        not (project.phase == Phase.PRELIMINARY and project.planned_resumption),
        "planned_resumption", _("A preliminary project has no planned resumption."), "phase",
    )  # fmt: skip
    if project.district_id and "district" not in wrong:
        check.require(
            timezone.localdate(at) in project.district.valid,
            "district", _("This district does not exist on this day."), "validity",
        )  # fmt: skip
    return check.errors


def _project_errors(project: Project, at: datetime) -> list[FieldError]:
    check = Checker(project_errors(project, at))
    holder = holder_of_code(project.national_code).exclude(pk=project.pk).first()
    check.errors += held_code_errors(holder)
    return check.errors


def held_code_errors(holder: Project | None) -> list[FieldError]:
    """The error of a national code that another project of the register has."""
    check = Checker()
    check.require(
        holder is None, "national_code",
        _("Project %(project)s has this national code already.")
        % {"project": f"{holder.code} {holder}" if holder else ""}, "unique",
    )  # fmt: skip
    return check.errors


TAKEN_CODE: Final = FieldError(
    ("code",), _("A project with this code is registered already."), "unique"
)


def revision_of(project: Project, at: datetime, by: AbstractUser, reason: str) -> ProjectRevision:
    """The revision that keeps the project as it is now, not yet written."""
    return ProjectRevision(
        project=project,
        number=project.version,
        recorded_at=at,
        by_id=by.pk,
        reason=reason.strip(),
        **{name: getattr(project, name) for name in COUNTED_FIELDS},
    )


def record_revision(project: Project, at: datetime, by: AbstractUser, reason: str = "") -> None:
    revision_of(project, at, by, reason).save(force_insert=True)


def add_participant(
    *, project: Project, enterprise: Enterprise, role: str, start: date, by: AbstractUser
) -> ProjectParticipant:
    """Record that the enterprise takes part in the project from that day on, until ended.

    Raises NotAllowed, also if the project has left the register, Invalid if the enterprise already
    does in that role.
    """
    require_permission(by, "register.add_projectparticipant")
    with change():
        require_current(Project.objects.select_for_update(of=("self",)).get(pk=project.pk))
        check = Checker()
        check.require(role in ParticipantRole.values, "role", _("There is no such role."), "choice")
        check.require(
            not ProjectParticipant.objects.filter(
                project=project, enterprise=enterprise, role=role, during__overlap=(start, None)
            ).exists(),
            "enterprise",
            _("This enterprise already takes part in the project in this role at that time."),
            "overlap",
        )
        check.finish()
        return ProjectParticipant.objects.create(
            project=project, enterprise=enterprise, role=role, during=DateRange(start, None)
        )


def end_participation(*, participant: ProjectParticipant, on: date, by: AbstractUser) -> None:
    """End the participation: that day is the first on which the enterprise takes no part.

    Raises NotAllowed, Invalid if the day is before its first or it has ended already.
    """
    require_permission(by, "register.change_projectparticipant")
    with change():
        row = ProjectParticipant.objects.select_for_update().get(pk=participant.pk)
        check = Checker()
        check.require(row.during.upper is None, "on", _("This has ended already."), "ended")
        check.require(
            row.during.lower < on, "on", _("The end must be after the start."), "date-order"
        )
        check.finish()
        row.during = DateRange(row.during.lower, on)
        row.save(update_fields=["during"])


def record_prior_filings(*, filings: Iterable[Mapping[str, Any]], by: AbstractUser) -> int:
    """Record the projects filed for an earlier year's list by the same date; returns how many.

    Each has year, name, total_investment and annual_investment (亿元). All or none. Raises
    NotAllowed, Invalid by ``(index, field)``.
    """
    require_permission(by, "register.add_priorfiling")
    with change() as at:
        rows = [PriorFiling(recorded_at=at, **filing) for filing in filings]
        Checker(
            [error.below(index) for index, row in enumerate(rows) for error in field_errors(row)]
        ).finish()
        return len(PriorFiling.objects.bulk_create(rows, batch_size=500))
