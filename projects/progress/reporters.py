"""The verbs of reporters: a participant's people who report on a project without an account.

By officers whose role has the permission, or by the participant's own key.
"""

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.access.models import ApiKey
from projects.progress.models import Reporter
from projects.progress.queries import reporting_projects
from projects.progress.queries_reporting import active_reporters, reporters_on
from projects.record.acts import ADDED, CHANGED, record_act
from projects.record.clock import change
from projects.record.refusals import Checker, FieldError, Invalid, Missing, NotAllowed
from projects.register.current import require_current
from projects.register.models import Enterprise, Project
from projects.register.registration import field_errors, require_permission

MOST: Final = 10  # reporters of a project at once
ERASED_AFTER: Final = timedelta(days=30)  # as a ticket's personal data (PIPL art. 47)
OPENED: Final = "reporter-opened"

_NOT_ENTERED: Final = (
    "project", "enterprise", "named_at", "named_by", "named_by_key", "ended_at", "erased_at",
)  # fmt: skip

type Namer = AbstractUser | ApiKey


def name_reporter(
    *,
    project: Project,
    enterprise: Enterprise | None = None,
    name: str,
    mobile: str = "",
    email: str = "",
    by: Namer,
) -> Reporter:
    """Name a person who reports on the project for one of its participants.

    ``enterprise`` owns or builds the project today; of a key it is its own. Raises NotAllowed,
    also if the project has left the register, Missing where the key's enterprise does neither,
    Invalid.
    """
    with change() as at:
        row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        require_current(row)
        of = _enterprise_of(row, enterprise, at, by)
        made = Reporter(
            project=row, enterprise=of, name=name, mobile=mobile, email=email.strip().lower(),
            named_at=at,
        )  # fmt: skip
        if isinstance(by, ApiKey):
            made.named_by_key = by
        else:
            made.named_by_id = by.pk
        _check(made)
        made.save(force_insert=True)
        record_act(ADDED, about=made, by=by)
        return made


def change_reporter(
    *, reporter: Reporter, name: str, mobile: str = "", email: str = "", by: Namer
) -> Reporter:
    """Correct a reporter's name, telephone or address. Raises NotAllowed, Missing, Invalid.

    Also NotAllowed if the project has left the register.
    """
    with change():
        row = _held(reporter, by)
        require_current(row.project)
        row.name, row.mobile, row.email = name, mobile, email.strip().lower()
        _check(row)
        row.save(update_fields=["name", "mobile", "email"])
        record_act(CHANGED, about=row, by=by)
        return row


def end_reporter(*, reporter: Reporter, by: Namer) -> Reporter:
    """End it: the person is asked nothing more, and his links open nothing.

    Raises NotAllowed where he has ended, Missing.
    """
    with change() as at:
        row = _held(reporter, by)
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        record_act(CHANGED, about=row, changes={"ended_at": (None, at)}, by=by)
        return row


def end_departed() -> int:
    """End those whose enterprise reports no longer on the project; return their number.

    It took part neither today nor yesterday, whose report may still be amended, or the project has
    left the register. Safe to repeat.
    """
    with change() as at:
        today = timezone.localdate(at)
        there = reporters_on(today) | reporters_on(today - timedelta(days=1))
        departed = active_reporters().exclude(pk__in=there.values("pk"))
        rows = list(departed.select_for_update(of=("self",)).select_related("project"))
        for row in rows:
            row.ended_at = at
            row.save(update_fields=["ended_at"])
            record_act(CHANGED, about=row, changes={"ended_at": (None, at)}, by=None)
        return len(rows)


def open_reporter(*, reporter: Reporter, by: AbstractUser) -> Reporter:
    """Return the reporter to who may change him; that he was looked at is on record."""
    require_permission(by, "progress.change_reporter")
    record_act(OPENED, about=reporter, by=by)
    return reporter


def reporters_to_erase(at: datetime) -> QuerySet[Reporter]:
    """Those who ended thirty days ago and are not erased."""
    return Reporter.objects.filter(ended_at__lte=at - ERASED_AFTER, erased_at=None)


def erase_reporters(at: datetime) -> int:
    """Erase the names, telephones and addresses of these; return their number. Safe to repeat."""
    return reporters_to_erase(at).update(name="", mobile="", email="", erased_at=at)


def _enterprise_of(
    project: Project, enterprise: Enterprise | None, at: datetime, by: Namer
) -> Enterprise:
    """The participant for whom the person reports."""
    today = timezone.localdate(at)
    if isinstance(by, ApiKey):
        if not reporting_projects(by.enterprise, on=today).filter(pk=project.pk).exists():
            raise Missing(_("Only its owner and its contractors report on a project."))
        return by.enterprise
    require_permission(by, "progress.add_reporter")
    own = Project.objects.none() if enterprise is None else reporting_projects(enterprise, today)
    if enterprise is None or not own.filter(pk=project.pk).exists():
        message = _("Choose an enterprise that owns or builds the project.")
        raise Invalid([FieldError(("enterprise",), message, "choice")])
    return enterprise


def _held(reporter: Reporter, by: Namer) -> Reporter:
    """The row of a reporter who has not ended; its project is locked first, as in naming one."""
    if not isinstance(by, ApiKey):
        require_permission(by, "progress.change_reporter")
    Project.objects.select_for_update(of=("self",)).get(pk=reporter.project_id)
    rows = Reporter.objects.select_for_update(of=("self",)).select_related("project")
    rows = rows.filter(pk=reporter.pk)
    if isinstance(by, ApiKey):
        rows = rows.filter(enterprise=by.enterprise)
    row = rows.first()
    if row is None:
        raise Missing
    if row.ended_at is not None:
        raise NotAllowed(_("This person reports no longer."))
    return row


def _check(row: Reporter) -> None:
    check = Checker(field_errors(row, exclude=_NOT_ENTERED))
    others = active_reporters().filter(project=row.project_id).exclude(pk=row.pk)
    same = row.email and others.filter(email=row.email).exists()
    check.require(
        not same, "email", _("A reporter of this project has this address already."), "named"
    )
    check.require(
        others.count() < MOST, "name", _("A project has ten reporters at most."), "too-many"
    )
    check.finish()
