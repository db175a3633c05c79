"""Asking reporters for the day's report: by the timetable, and by officers."""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coordination.delivery.models import Delivery, State
from coordination.delivery.outside import take_back
from coordination.monitoring.asking_times import NIGHT, is_day, kind_due
from coordination.monitoring.letters import (
    TO_REPORTERS,
    can_be_mailed,
    daily_link,
    name_of,
    send_links,
)
from coordination.monitoring.models import Asking, AskingKind
from coordination.monitoring.queries import has_reported, needed_of, reporters_to_ask
from coordination.parties.lasting_links import address_of
from coordination.staff.models import Officer
from projects.progress.models import Reporter
from projects.progress.queries_reporting import active_reporters, reporters_on
from projects.record.clock import change, now
from projects.record.days import beginning_of
from projects.record.finding import get_or_missing
from projects.record.refusals import NotAllowed
from projects.worktime.calendar import at_time, day_of
from projects.worktime.queries import working_calendar

_ROUTE: Final = "daily_report"


def ask_due() -> int:
    """Ask or chase everybody for whom that is due, each person in one transaction; how many.

    Safe to run twice at once: each kind is sent once a reporter and day.
    """
    at = now()
    kind = kind_due(at, working_calendar())
    if not kind:
        return 0
    addresses = reporters_to_ask(at, kind).values_list("email", flat=True).order_by("email")
    return sum(ask_person(email=email, kind=kind) for email in dict.fromkeys(addresses))


def ask_person(*, email: str, kind: str) -> bool:
    """Send one person the links of all his projects that owe the report; whether it was sent.

    Nothing is sent where he cannot be mailed, has reported, or was sent this kind meanwhile.
    """
    with change() as at:
        if kind_due(at, working_calendar()) != kind:
            return False
        list(active_reporters().filter(email=email).select_for_update(of=("self",)))
        rows = list(reporters_to_ask(at, kind, email).select_related("enterprise"))
        if not rows or not can_be_mailed(rows[0]):
            return False
        letter = send_links(rows, day_of(at), kind, at)
        if letter is None:
            return False
        _record(rows, kind, letter, at)
        return True


def send_again(*, reporter: Reporter, by: Officer) -> Asking:
    """Send a reporter today's link of his project once more; by an officer once a day.

    Raises NotAllowed where he cannot be mailed or reports no longer, at night, where the project
    has reported, or an officer sent it today.
    """
    with change() as at:
        row = _held(reporter, by)
        day = day_of(at)
        _may_be_sent(row, at)
        letter = None
        if row.email and can_be_mailed(row):
            letter = send_links([row], day, AskingKind.BY_HAND, at, by)
        if letter is None:
            raise NotAllowed(_("No mail reaches this person: hand the link over instead."))
        (made,) = _record([row], AskingKind.BY_HAND, letter, at, by)
        return made


def hand_over(*, reporter: Reporter, by: Officer) -> str:
    """The address of a reporter's link of today, which the officer gives to him himself.

    That it was shown is on record. Raises NotAllowed, also where he reports no longer.
    """
    with change() as at:
        row = _held(reporter, by)
        link = daily_link(row, day_of(at), at, by)
        if not Asking.objects.filter(reporter=row, day=link.day, kind=AskingKind.SHOWN).exists():
            _record([row], AskingKind.SHOWN, None, at, by)
        return address_of(link, _ROUTE)


def withdraw_useless() -> int:
    """Give up letters that wait and are of no use any more; return their number.

    Those of an earlier day, all of them at night, and those with no link left that its reader
    needs: the projects have reported, he reports no longer or has another address. The relay calls
    it before it looks into the outbox.
    """
    at = now()
    waiting = Delivery.objects.filter(state=State.PENDING, topic=TO_REPORTERS.code)
    found = set(waiting.values_list("pk", flat=True))
    if found:
        found -= _of_use(Delivery.objects.filter(pk__in=found), at)
        take_back(Delivery.objects.filter(pk__in=found), at)
    return len(found)


def _of_use(letters: QuerySet[Delivery], at: datetime) -> set[int]:
    day = day_of(at)
    if at >= at_time(day, NIGHT):
        return set()
    needed = needed_of(letters.filter(created_at__gte=beginning_of(day)), day)
    return {letter for letter, to, address in needed if name_of(address) == to}


def _may_be_sent(reporter: Reporter, at: datetime) -> None:
    day = day_of(at)
    if not is_day(at):
        raise NotAllowed(_("Reporters are written to from 08:00 to 20:00 only."))
    if has_reported(reporter.project_id, day):
        raise NotAllowed(_("The project has reported today already."))
    sent = Asking.objects.filter(reporter=reporter, day=day, kind=AskingKind.BY_HAND)
    if sent.exists():
        raise NotAllowed(_("An officer sent it again today already."))


def _held(reporter: Reporter, by: Officer) -> Reporter:
    """The reporter, locked, who reports today."""
    if not by.has_perm("monitoring.add_asking"):
        raise NotAllowed(_("Your role does not allow this."))
    rows = Reporter.objects.select_for_update(of=("self",)).select_related("project", "enterprise")
    row = get_or_missing(rows, pk=reporter.pk)
    if not reporters_on(day_of(now())).filter(pk=row.pk).exists():
        raise NotAllowed(_("This person reports no longer."))
    return row


def _record(
    rows: list[Reporter], kind: str, letter: Delivery | None, at: datetime,
    by: Officer | None = None,
) -> list[Asking]:  # fmt: skip
    return Asking.objects.bulk_create(
        Asking(reporter=row, day=day_of(at), kind=kind, officer=by, delivery=letter, recorded_at=at)
        for row in rows
    )
