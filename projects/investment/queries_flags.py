"""What is out of the ordinary in projects' figures: each is a question, and accuses nobody.

Flags are computed; what an officer found out about one is a fact, and holds for its figures alone.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import ExtractMonth
from django.utils.translation import gettext

from projects.house.blocks import Text
from projects.investment.choices import Finding, FlagCode
from projects.investment.guard import plain
from projects.investment.models import FlagSettlement
from projects.investment.queries import WAN, Standing, days_of, standing_of
from projects.progress.models import DailyReport
from projects.register.models import Project

FLAGS: Final[Mapping[str, Text]] = dict(FlagCode.choices)
_TIMES: Final = 10
_LOOKED_AT: Final = 3  # the running month and the two before it


@dataclass(frozen=True)
class Flag:
    """Why a figure should be looked at; ``month`` is 0 where it is about the year.

    It is ``stated`` so, ``beside`` the other one that makes it doubtful, where there is one.
    """

    code: str
    month: int
    reason: str
    stated: Decimal
    beside: Decimal | None = None
    settlement: FlagSettlement | None = None

    @property
    def label(self) -> Text:
        return FLAGS[self.code]

    @property
    def is_open(self) -> bool:
        return self.settlement is None

    @property
    def is_wrong(self) -> bool:
        """Whether it was found to be wrong, and is not corrected yet."""
        return self.settlement is not None and self.settlement.outcome == Finding.WRONG

    @property
    def mark(self) -> str:
        """A mark of the figures, of what a page shows."""
        return f"{plain(self.stated)}/{'' if self.beside is None else plain(self.beside)}"


@dataclass(frozen=True)
class Reported:
    """What a month's daily reports said at most (万元), and whether any said that work goes on."""

    most: Decimal | None
    at_work: bool


def reported_in(
    at: datetime, year: int, months: Sequence[int], projects: Collection[int]
) -> dict[tuple[int, int], Reported]:
    """By project and month, of the reports that held at that moment."""
    later = DailyReport.objects.filter(
        project=OuterRef("project"), day=OuterRef("day"), revision__gt=OuterRef("revision"),
        recorded_at__lte=at,
    )  # fmt: skip
    days = (days_of(year, months[0])[0], days_of(year, months[-1])[1])
    rows = (
        DailyReport.objects.filter(~Exists(later), recorded_at__lte=at, day__range=days)
        .filter(project__in=projects)
        .order_by()
        .values("project_id", month=ExtractMonth("day"))
        .annotate(most=Max("month_investment"), at_work=BoolOr("resumed"))
    )
    return {
        (row["project_id"], row["month"]): Reported(row["most"], row["at_work"]) for row in rows
    }


def flags_at(
    at: datetime, standings: Sequence[Standing], *, whole_year: bool = False
) -> dict[int, list[Flag]]:
    """Each project's flags of the running month and the two before, or of the whole year."""
    if not standings:
        return {}
    day = standings[0].day
    first = 1 if whole_year else max(1, day.month - _LOOKED_AT + 1)
    months = range(first, day.month + 1)
    keys = [each.project_id for each in standings]
    reported = reported_in(at, day.year, months, keys)
    found = {
        each.project_id: [
            *_of_year(each),
            *(flag for month in months
              for flag in _of_month(each, month, reported.get((each.project_id, month)))),
        ]
        for each in standings
    }  # fmt: skip
    return _settled(at, day.year, {key: flags for key, flags in found.items() if flags})


def _settled(at: datetime, year: int, found: Mapping[int, list[Flag]]) -> dict[int, list[Flag]]:
    """The same with what was found out by then about these very figures."""
    rows = FlagSettlement.objects.filter(
        year=year, project__in=list(found), recorded_at__lte=at
    ).order_by("project_id", "flag", "month", "-pk")
    last = {
        (row.project_id, row.flag, row.month): row
        for row in rows.distinct("project_id", "flag", "month").select_related("officer")
    }

    def of(project: int, flag: Flag) -> Flag:
        row = last.get((project, flag.code, flag.month))
        is_same = row is not None and (row.stated, row.beside) == (flag.stated, flag.beside)
        return replace(flag, settlement=row) if is_same else flag

    return {project: [of(project, flag) for flag in flags] for project, flags in found.items()}


def flag_of(project: Project, code: str, month: int, at: datetime) -> Flag | None:
    """This flag of the project in the running year; None where its figures give none."""
    standing = standing_of(project, at)
    flags = flags_at(at, [standing], whole_year=True) if standing is not None else {}
    found = (each for each in flags.get(project.pk, ()) if (each.code, each.month) == (code, month))
    return next(found, None)


def _of_year(each: Standing) -> Iterator[Flag]:
    total = each.register.total_investment
    if each.year_actual > total:
        yield Flag(
            FlagCode.OVER_TOTAL, 0,
            gettext("%(actual)s in the year, %(total)s in all (亿元)")
            % {"actual": plain(each.year_actual), "total": plain(total)},
            each.year_actual, total,
        )  # fmt: skip


def _of_month(each: Standing, month: int, reported: Reported | None) -> Iterator[Flag]:
    """What to ask of one month's actual."""
    actual = each.actuals.get(month)
    if actual is None:
        return
    words = {"month": month, "actual": plain(actual)}
    if reported is not None and reported.most is not None and actual < reported.most:
        yield Flag(
            FlagCode.FALLS, month,
            gettext("month %(month)s: %(actual)s, and %(most)s reported before (万元)")
            % {**words, "most": plain(reported.most)},
            actual, reported.most,
        )  # fmt: skip
    if actual > each.plan.annual * WAN:
        yield Flag(
            FlagCode.OVER_PLAN, month,
            gettext("month %(month)s: %(actual)s, the year's plan is %(plan)s (万元)")
            % {**words, "plan": plain(each.plan.annual * WAN)},
            actual, each.plan.annual * WAN,
        )  # fmt: skip
    planned = each.plan.months.get(month)
    if planned and actual >= planned * WAN * _TIMES:
        yield Flag(
            FlagCode.JUMP, month,
            gettext("month %(month)s: %(actual)s, %(plan)s planned (万元)")
            % {**words, "plan": plain(planned * WAN)},
            actual, planned * WAN,
        )  # fmt: skip
    if actual and reported is not None and not reported.at_work:
        yield Flag(
            FlagCode.NOT_AT_WORK, month,
            gettext("month %(month)s: %(actual)s (万元), and no report says that work goes on")
            % words,
            actual,
        )  # fmt: skip
