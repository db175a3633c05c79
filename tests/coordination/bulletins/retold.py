"""What blocks of the bulletin must say, told again by plain Python from notes of what was done.

No query and none of the blocks' own conditions: the notes are lists of what each call came to.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
WEEK: Final = timedelta(days=7)
SETTLING: Final = ("resolved", "in_time", "late", "overdue")
RUNNING: Final = ("submitted", "in_progress", "need_info")
GOING: Final = ("submitted", "in_progress", "need_info", "resolved")
OVER: Final = ("closed", "declined", "withdrawn")
PARTS: Final = (
    "open_before", "filed", "reopened", "moved_in", "ended", "moved_out", "open_after",
    "resolved", "in_time", "late", "overdue",
)  # fmt: skip


class Move(NamedTuple):
    """A ticket came to a state in a group; an empty ``was`` where it was filed."""

    at: datetime
    ticket: int
    was: str
    status: str
    had: str
    group: str


class Site(NamedTuple):
    """A project that was registered; ``order`` is where it stands in a list."""

    at: datetime
    code: str
    name: str
    planned: date | None
    order: tuple[str, str]
    district: str


class Said(NamedTuple):
    """A daily report."""

    at: datetime
    code: str
    day: date
    resumed: bool
    problems: str


class Deadline(NamedTuple):
    """A ticket's running deadline after something was done; ``asked`` while its clock stands."""

    at: datetime
    ticket: int
    kind: str
    group: str
    status: str
    due: datetime | None
    asked: datetime | None


@dataclass
class Notes:
    """What was done, in the order in which it was done."""

    moves: list[Move] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    resolved: list[tuple[datetime, str, str, bool | None]] = field(default_factory=list)
    answers: list[tuple[datetime, int]] = field(default_factory=list)
    pressed: list[tuple[datetime, str]] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    reports: list[Said] = field(default_factory=list)

    def standing(self, at: datetime) -> dict[int, Move]:
        """The last move of each ticket by then."""
        return {move.ticket: move for move in self.moves if move.at <= at}

    def open_in(self, at: datetime) -> Counter[str]:
        """How many were open in each group."""
        last = self.standing(at).values()
        return Counter(move.group for move in last if move.status in GOING)

    def moves_to(self, end: datetime) -> list[Move]:
        return [move for move in self.moves if end - WEEK < move.at <= end]

    def handling(self, end: datetime, own: str) -> dict[str, Any]:
        """Block ``handling``; ``own`` is the group that serves a project."""
        by_group = defaultdict[str, Counter[str]](Counter, {own: Counter()})
        for group, name in self._happened(end):
            by_group[group][name] += 1
        by_kind = defaultdict[str, Counter[str]](Counter)
        for _group, kind, name in self._settled(end):
            by_kind[kind][name] += 1
        whole = Counter(name for _group, name in self._happened(end))
        pressed = Counter(verb for at, verb in self.pressed if end - WEEK < at <= end)
        total = _row(whole)
        del total["moved_in"], total["moved_out"]
        return {
            **total, "urged": pressed["urge"], "supervised": pressed["supervise"],
            "by_group": {code: _row(counts) for code, counts in by_group.items()},
            "by_kind": {kind: _row(counts, SETTLING) for kind, counts in by_kind.items()},
            "satisfaction": self._satisfaction(end),
        }  # fmt: skip

    def _happened(self, end: datetime) -> Iterator[tuple[str, str]]:
        """Each single thing that is counted: in which group, and as what."""
        for name, at in (("open_before", end - WEEK), ("open_after", end)):
            yield from ((group, name) for group in self.open_in(at).elements())
        for move in self.moves_to(end):
            yield from _what(move)
        yield from ((group, name) for group, _kind, name in self._settled(end))

    def _settled(self, end: datetime) -> Iterator[tuple[str, str, str]]:
        """Each ticket that was resolved, in time or late, or is overdue: its group and kind."""
        for at, group, kind, in_time in self.resolved:
            if end - WEEK < at <= end:
                yield group, kind, "resolved"
                if in_time is not None:
                    yield group, kind, "in_time" if in_time else "late"
        last = {each.ticket: each for each in self.deadlines if each.at <= end}
        for each in last.values():
            stood = min(end, each.asked) if each.asked else end
            if each.status in RUNNING and each.due is not None and each.due < stood:
                yield each.group, each.kind, "overdue"

    def _satisfaction(self, end: datetime) -> dict[str, Any]:
        answers = [number for at, number in self.answers if end - WEEK < at <= end]
        satisfied = len([each for each in answers if each in (4, 5)])
        return {
            "answers": len(answers), "satisfied": satisfied,
            "rate": percent(satisfied, len(answers)), "average": tenths(sum(answers), len(answers)),
        }  # fmt: skip

    def planned(self, at: datetime) -> list[Site]:
        day = at.astimezone(SHANGHAI).date()
        return [
            site for site in self.sites
            if site.at <= at and site.planned is not None and site.planned <= day
        ]  # fmt: skip

    def last_said(self, code: str, day: date, known: datetime) -> Said | None:
        """What holds of the project for days up to that, as known then: the latest day's last."""
        said = None
        for each in self.reports:
            if each.code == code and each.day <= day and each.at <= known:
                said = each if said is None or each.day >= said.day else said
        return said

    def resumed(self, at: datetime, known: datetime) -> int:
        day = at.astimezone(SHANGHAI).date()
        said = [self.last_said(site.code, day, known) for site in self.planned(at)]
        return len([each for each in said if each is not None and each.resumed])

    def reported(self, at: datetime, known: datetime) -> int:
        day = at.astimezone(SHANGHAI).date()
        codes = {each.code for each in self.reports if each.day == day and each.at <= known}
        return len([site for site in self.planned(at) if site.code in codes])

    def late(self, end: datetime) -> dict[str, Any]:
        """Block ``late``: each earlier cut-off, as known at the last one and as known now."""
        rows = list[dict[str, Any]]()
        for back in range(12, 0, -1):
            at = end - WEEK * back
            day = f"{at.astimezone(SHANGHAI):%Y-%m-%d}"
            for name, counted in (("resumed", self.resumed), ("reported", self.reported)):
                then, since = counted(at, end - WEEK), counted(at, end)
                if then != since:
                    rows.append(
                        {
                            "key": f"{day}/{name}", "week": day, "figure": name, "before": then,
                            "after": since, "difference": since - then,
                        }
                    )  # fmt: skip
        return {"corrections": rows}

    def waiting(self, end: datetime) -> dict[str, Any]:
        """Block ``waiting``."""
        day, rows = end.astimezone(SHANGHAI).date(), list[dict[str, Any]]()
        for site in sorted(self.planned(end), key=lambda each: each.order):
            said = self.last_said(site.code, day, end)
            if said is not None and said.resumed:
                continue
            is_of_today = said is not None and said.day == day
            rows.append(
                {
                    "code": site.code, "name": site.name, "district": site.district,
                    "level": "municipal", "planned": f"{site.planned:%Y-%m-%d}",
                    "report": "reported" if is_of_today else "unreported",
                    "problems": said.problems if said is not None and is_of_today else "",
                }
            )  # fmt: skip
        unreported = [row for row in rows if row["report"] == "unreported"]
        return {"number": len(rows), "unreported": len(unreported), "projects": rows}

    def trend(self, end: datetime) -> dict[str, Any]:
        """Block ``trend``."""
        weeks = [self._week(end - WEEK * back) for back in (4, 3, 2, 1, 0)]
        while len(weeks) > 1 and not any(
            weeks[0][name] for name in ("planned", "filed", "reopened", "ended", "open")
        ):
            weeks.pop(0)
        return {"weeks": weeks}

    def _week(self, end: datetime) -> dict[str, Any]:
        day, planned = f"{end.astimezone(SHANGHAI):%Y-%m-%d}", len(self.planned(end))
        did = Counter(name for move in self.moves_to(end) for _group, name in _what(move))
        at_work = self.resumed(end, end)
        return {
            "key": day, "day": day, "planned": planned, "resumed": at_work,
            "rate": percent(at_work, planned), "filed": did["filed"],
            "reopened": did["reopened"], "ended": did["ended"],
            "open": sum(self.open_in(end).values()),
        }  # fmt: skip


def _what(move: Move) -> list[tuple[str, str]]:
    """What the move is to which group."""
    if move.was == "":
        return [(move.group, "filed")]
    if move.was in OVER:
        return [(move.group, "reopened")] if move.status in GOING else []
    if move.status in OVER:
        return [(move.had, "ended")]
    if move.had != move.group:
        return [(move.had, "moved_out"), (move.group, "moved_in")]
    return []


def _row(counts: Counter[str], names: Sequence[str] = PARTS) -> dict[str, Any]:
    judged = counts["in_time"] + counts["late"]
    return {**{name: counts[name] for name in names}, "rate": percent(counts["in_time"], judged)}


def tenths(part: int, whole: int) -> str | None:
    """A quotient with one decimal place, half a tenth rounded up."""
    if whole == 0:
        return None
    number = (20 * part + whole) // (2 * whole)
    return f"{number // 10}.{number % 10}"


def percent(part: int, whole: int) -> str | None:
    return tenths(100 * part, whole)
