"""The verb of a month's end: what the month came to, over what its daily reports said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.access.models import ApiKey
from projects.investment.choices import MONTHS
from projects.investment.issue import require_owner
from projects.investment.models import MonthEnd, MonthEndNarrative
from projects.investment.queries import days_of
from projects.record.clock import change
from projects.record.days import YEARS
from projects.record.refusals import Checker, FieldError, Invalid
from projects.record.writing import reserve, sequence_of, write
from projects.register.current import require_of_year
from projects.register.models import Project
from projects.register.registration import LONGEST_REASON, field_errors, require_permission

LONGEST_TEXT: Final = 2000


@dataclass(frozen=True)
class Stated:
    """What a project's month came to, in 万元; ``paid`` None is not stated.

    Without an amount what was stated is taken back, and the daily reports hold again.
    """

    project: Project
    amount: Decimal | None
    paid: Decimal | None = None
    evidence: str = ""


def revise_month_end(
    *,
    project: Project,
    year: int,
    month: int,
    amount: Decimal,
    paid: Decimal | None = None,
    evidence: str = "",
    reason: str = "",
    by: AbstractUser | ApiKey,
) -> MonthEnd:
    """State what a month came to in 万元, from its last day on; again is the next revision.

    ``evidence`` is the visible progress, ``paid`` what was paid in the month (万元). A later
    revision needs a reason. By an officer who may, or the project's owner. Raises Missing,
    NotAllowed, also if the project left the register before that year was over, Invalid by field.
    """
    _may(by, project)
    with change() as at:
        row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        require_of_year(row, year)
        try:
            (fact,) = _state(at, [Stated(row, amount, paid, evidence)], (year, month), reason, by)
        except Invalid as refusal:
            raise Invalid(
                FieldError(each.path[-1:], each.message, each.code) for each in refusal.errors
            ) from refusal
        return fact


def revise_month_ends(
    *, stated: Sequence[Stated], year: int, month: int, reason: str = "", by: AbstractUser
) -> list[MonthEnd]:
    """State a month of many projects, all or none. Raises NotAllowed, Invalid by (index, field)."""
    require_permission(by, "investment.add_monthend")
    with change() as at:
        keys = [each.project.pk for each in stated]
        locked = Project.objects.select_for_update(of=("self",)).order_by("pk").in_bulk(keys)
        assert len(locked) == len(stated)  # noqa: S101 - each project once
        for row in locked.values():
            require_of_year(row, year)
        return _state(at, stated, (year, month), reason, by)


def _may(by: AbstractUser | ApiKey, project: Project) -> None:
    if isinstance(by, ApiKey):
        require_owner(project, by)
    else:
        require_permission(by, "investment.add_monthend")


def _state(
    at: datetime,
    stated: Sequence[Stated],
    of: tuple[int, int],
    reason: str,
    by: AbstractUser | ApiKey,
) -> list[MonthEnd]:
    """Judge all of them, then write them together with their evidence."""
    check = Checker(_month_errors(of, reason, timezone.localdate(at)))
    check.finish()
    year, month = of
    before = MonthEnd.objects.filter(
        year=year, month=month, project__in=[each.project.pk for each in stated]
    )
    revisions = dict(before.order_by("revision").values_list("project_id", "revision"))
    who = {"api_key": by} if isinstance(by, ApiKey) else {"officer_id": by.pk}
    facts, words = list[MonthEnd](), list[MonthEndNarrative]()
    for index, each in enumerate(stated):
        last = revisions.get(each.project.pk, 0)
        fact = MonthEnd(
            project=each.project, year=year, month=month, amount=each.amount, paid=each.paid,
            revision=last + 1, reason=reason, recorded_at=at, **who,
        )  # fmt: skip
        text = MonthEndNarrative(month_end=fact, evidence=each.evidence)
        errors = _errors(fact, text)
        if last and not reason.strip():
            errors.append(FieldError(("reason",), _("Say why it is stated again."), "required"))
        if not last and each.amount is None:
            errors.append(FieldError(("amount",), _("This field is required."), "required"))
        check.errors += [error.below(index) for error in errors]
        facts.append(fact)
        if text.evidence:
            words.append(text)
    check.finish()
    _write(facts, words)
    return facts


def _month_errors(of: tuple[int, int], reason: str, today: date) -> list[FieldError]:
    year, month = of
    check = Checker()
    is_month = year in YEARS and 1 <= month <= MONTHS
    check.require(is_month, "month", _("There is no such month."), "out-of-range")
    if is_month:
        check.require(
            days_of(year, month)[1] <= today, "month",
            _("The month is not over yet: its daily reports say what was invested so far."),
            "date-order",
        )  # fmt: skip
    check.require(
        len(reason.strip()) <= LONGEST_REASON, "reason", _("At most 200 characters."), "max_length"
    )
    return check.errors


def _errors(fact: MonthEnd, text: MonthEndNarrative) -> list[FieldError]:
    check = Checker(field_errors(fact, exclude={"officer", "api_key", "project", "reason"}))
    if text.evidence:
        check.errors += field_errors(text, exclude={"month_end"})
    check.require(
        len(text.evidence) <= LONGEST_TEXT, "evidence", _("At most 2,000 characters."),
        "max_length",
    )  # fmt: skip
    return check.errors


def _write(facts: Sequence[MonthEnd], words: Sequence[MonthEndNarrative]) -> None:
    """With ids that are reserved first, so that the evidence knows its row."""
    if not facts:
        return
    for fact, (key,) in zip(facts, reserve(sequence_of(MonthEnd), many=len(facts)), strict=True):
        fact.pk = key
    for each in words:
        each.month_end_id = each.month_end.pk
    write(facts, words) if words else write(facts)
