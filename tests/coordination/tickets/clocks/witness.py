"""Another reckoning of clocks, from what happened alone: slow, and written for itself.

Nothing of the code under test is in here. Time is a number of minutes since 2020 began in
Shanghai; a day is a number too. A term in hours is told by listing every minute of service in
which the clock ran, a term in days by listing every day's end at which it ran, and taking the one
that uses it up. The holidays are written down from the State Council's notices.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from itertools import count, islice
from typing import Any, Final

BEIJING: Final = timezone(timedelta(hours=8))
EPOCH: Final = datetime(2020, 1, 1, tzinfo=BEIJING)  # a Wednesday
DAY: Final = 24 * 60
HOUR: Final = 60
SERVICE: Final = ((8 * 60 + 30, 12 * 60), (13 * 60 + 30, 17 * 60))
CLOSE: Final = 17 * 60


def minute_of(moment: datetime) -> int:
    """The number of a moment, which must be a whole minute."""
    minutes, rest = divmod(moment - EPOCH, timedelta(minutes=1))
    assert not rest, moment
    return minutes


def moment_of(minute: int) -> datetime:
    return EPOCH + timedelta(minutes=minute)


def number_of(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - EPOCH.date()).days


def _days(year: int, *days: tuple[int, int]) -> set[int]:
    return {number_of(year, month, day) for month, day in days}


# From Monday to Friday, and yet off.
OFF: Final = _days(
    2020, (1, 1), (1, 24), (1, 27), (1, 28), (1, 29), (1, 30), (1, 31), (4, 6), (5, 1), (5, 4),
    (5, 5), (6, 25), (6, 26), (10, 1), (10, 2), (10, 5), (10, 6), (10, 7), (10, 8),
) | _days(
    2026, (1, 1), (1, 2), (2, 16), (2, 17), (2, 18), (2, 19), (2, 20), (2, 23), (4, 6), (5, 1),
    (5, 4), (5, 5), (6, 19), (9, 25), (10, 1), (10, 2), (10, 5), (10, 6), (10, 7),
)  # fmt: skip
# On a weekend, and yet worked.
WORKED: Final = _days(2020, (1, 19), (4, 26), (5, 9), (6, 28), (9, 27), (10, 10)) | _days(
    2026, (1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)
)
Term = tuple[int, str]
Pause = tuple[int, int]


@dataclass
class Book:
    """The calendar and the terms, and every edit of them: each holds after its minute."""

    terms: dict[tuple[str, str, str], Term]  # stage, kind, urgency
    days: list[tuple[int, int, bool]] = field(default_factory=list)
    others: list[tuple[int, tuple[str, str, str], Term]] = field(default_factory=list)

    def is_worked(self, day: int, at: int) -> bool:
        """As it was known at that minute."""
        said = [worked for since, which, worked in self.days if which == day and since < at]
        if said:
            return said[-1]
        return day in WORKED or ((day + 2) % 7 < 5 and day not in OFF)

    def term(self, stage: str, kind: str, urgency: str, at: int) -> Term:
        rows = self.terms | {key: term for since, key, term in self.others if since < at}
        for key in ((stage, kind, urgency), (stage, kind, ""), (stage, "", urgency)):
            if key in rows:
                return rows[key]
        return rows[stage, "", ""]

    def minutes_of_service(self, start: int, at: int) -> Iterator[int]:
        """Every minute of service from then on."""
        for day in count(start // DAY):
            if self.is_worked(day, at):
                for opens, closes in SERVICE:
                    yield from range(max(start, day * DAY + opens), day * DAY + closes)

    def serves(self, minute: int, at: int) -> bool:
        """Whether the desk is open in that minute."""
        is_open = any(opens <= minute % DAY < closes for opens, closes in SERVICE)
        return is_open and self.is_worked(minute // DAY, at)

    def hour_before(self, due: int, start: int, at: int) -> int:
        """The minute from which an hour of service is left; not before the start."""
        served = [each for each in range(start, due) if self.serves(each, at)]
        return served[-HOUR] if len(served) >= HOUR else start

    def ends(self, start: int, unit: str, at: int) -> Iterator[int]:
        """Every day's end that may use up a day of the term."""
        first = start // DAY
        if unit == "working_day":
            return (day * DAY + CLOSE for day in count(first + 1) if self.is_worked(day, at))
        return (day * DAY + DAY for day in count(first if unit == "same_day" else first + 1))


@dataclass(frozen=True)
class Told:
    """When it is due, from when on that is near, and what was given back: minutes or days."""

    due: int
    near: int
    back: int


def tell(book: Book, start: int, term: Term, pauses: list[Pause], at: int) -> Told:
    """The deadline by the book as it stood at that minute."""
    amount, unit = term

    def runs(minute: int) -> bool:
        return not any(begins <= minute < ends for begins, ends in pauses)

    if unit == "service_hour":
        ran = list(islice(filter(runs, book.minutes_of_service(start, at)), amount * HOUR))
        due = ran[-1] + 1
        near = ran[-HOUR - 1] + 1 if amount > 1 else start
        served = sum(1 for _each in _until(due, book.minutes_of_service(start, at)))
        return Told(due, near, served - len(ran))
    days = amount + (unit == "same_day")
    used = list(islice(filter(runs, book.ends(start, unit, at)), days))
    passed = sum(1 for _each in _until(used[-1] + 1, book.ends(start, unit, at)))
    last = used[-1] // DAY - (used[-1] % DAY == 0)
    while last > start // DAY and not book.is_worked(last, at):
        last -= 1
    return Told(used[-1], last * DAY, passed - days)


def _until(end: int, minutes: Iterator[int]) -> Iterator[int]:
    for minute in minutes:
        if minute >= end:
            return
        yield minute


RUNNING: Final = {"submitted", "in_progress", "need_info"}
# Working days after each step that must be over before the next.
BETWEEN: Final = {"L1": ("L2", 2), "L2": ("L3", 5), "L3": ("L4", 5)}


@dataclass(frozen=True)
class Given:
    """One step of the ladder: of which of the ticket's deadlines, when, and for what moment."""

    run: int
    level: str
    at: int
    due: int


@dataclass
class Clock:
    """One ticket's clocks and ladders, told by hearing one verb after another."""

    book: Book
    kind: str
    urgency: str
    status: str = ""
    start: int = 0
    term: Term = (0, "")
    extension: int = 0
    wish: int = 0
    told: dict[str, Told] = field(default_factory=dict)  # by stage; handling follows acceptance
    pauses: list[Pause] = field(default_factory=list)
    asked_at: int | None = None
    answer_due: int = 0
    questions: int = 0
    warnings: int = 0
    was_red: bool = False
    resolved_at: int | None = None
    has_lapsed: bool = False  # the last question, and nobody answered since
    run: int = 0  # the number of the running deadline
    steps: list[Given] = field(default_factory=list)
    annulled: dict[Given, int] = field(default_factory=dict)  # and when
    explained: list[tuple[int, int]] = field(default_factory=list)  # of which deadline, when

    def anew(self, urgency: str) -> "Clock":
        """One that has heard nothing yet."""
        return Clock(self.book, self.kind, urgency)

    def hear(self, verb: str, at: int, to: str, said: dict[str, Any]) -> None:
        """What happened next."""
        self.was_red = self.was_red or self.light(at) == "red"
        heard: Callable[[int, dict[str, Any]], None] | None = getattr(self, f"on_{verb}", None)
        if heard is not None:
            heard(at, said)
        self.status = to

    @property
    def stage(self) -> str:
        return "handle" if "handle" in self.told else "accept"

    @property
    def due(self) -> int:
        return self.told[self.stage].due

    def begin(self, stage: str, at: int) -> None:
        self.begin_term(at, self.book.term(stage, self.kind, self.urgency, at))
        self.resolved_at = None
        self.begin_run()
        self.set(stage, at)

    def begin_term(self, start: int, term: Term) -> None:
        """An extension falls away with the term before."""
        self.start, self.term, self.extension, self.wish = start, term, 0, 0

    def begin_run(self) -> None:
        self.run, self.warnings = self.run + 1, 0

    @property
    def whole_term(self) -> Term:
        """The term with what was added to it."""
        return (self.term[0] + self.extension, self.term[1])

    def set(self, stage: str, at: int) -> None:
        self.say(stage, self.by(self.whole_term, at), at)

    def say(self, stage: str, told: Told, _at: int) -> None:
        """The deadline that the ticket's people are told."""
        self.told[stage] = told

    def by(self, term: Term, at: int, start: int | None = None) -> Told:
        start = self.start if start is None else start
        return tell(self.book, start, term, self.pauses, at)

    def on_submit(self, at: int, _said: dict[str, Any]) -> None:
        self.begin("accept", at)

    def on_accept(self, at: int, _said: dict[str, Any]) -> None:
        if "handle" not in self.told:
            self.begin("handle", at)

    def on_reopen(self, at: int, _said: dict[str, Any]) -> None:
        self.begin("handle", at)

    def on_revive(self, at: int, _said: dict[str, Any]) -> None:
        self.told, self.has_lapsed = {}, False
        self.begin("accept", at)

    def on_ask(self, at: int, _said: dict[str, Any]) -> None:
        self.asked_at, self.questions, self.has_lapsed = at, self.questions + 1, False
        self.answer_due = tell(
            self.book, at, self.book.term("answer", self.kind, "", at), [], at
        ).due  # fmt: skip

    def on_supplement(self, at: int, _said: dict[str, Any]) -> None:
        """An answer that came late is one to a question that had lapsed by then."""
        if self.asked_at is None:
            assert self.has_lapsed
            self.has_lapsed = False
            return
        self.pauses.append((self.asked_at, min(at, self.answer_due)))
        self.asked_at = None
        self.set(self.stage, at)

    def on_lapse(self, at: int, said: dict[str, Any]) -> None:
        self.on_supplement(at, said)
        self.warnings, self.has_lapsed = self.warnings + 1, True

    def on_decline(self, _at: int, _said: dict[str, Any]) -> None:
        self.asked_at = None

    on_withdraw = on_duplicate = on_decline

    def on_extend(self, _at: int, said: dict[str, Any]) -> None:
        self.wish = said["amount"]

    def on_grant(self, at: int, _said: dict[str, Any]) -> None:
        self.extension, self.wish = self.wish, 0
        self.begin_run()
        self.set(self.stage, at)

    def on_deny(self, _at: int, _said: dict[str, Any]) -> None:
        self.wish = 0

    def on_regrade(self, at: int, said: dict[str, Any]) -> None:
        """From the start; else from now, where that is sooner; else nothing moves."""
        self.urgency = said["urgency"]
        term = self.book.term(self.stage, self.kind, self.urgency, at)
        stands_at = at if self.asked_at is None else self.asked_at
        for start in (self.start, stands_at):
            found = self.by(term, at, start)
            is_better = start == self.start or found.due < self.due
            if found.due >= stands_at and is_better:
                self.begin_term(start, term)
                if found.due != self.due:
                    self.begin_run()
                self.say(self.stage, found, at)
                return

    def on_resolve(self, at: int, _said: dict[str, Any]) -> None:
        self.resolved_at = at

    def on_redo(self, at: int, _said: dict[str, Any]) -> None:
        """What was resolved in time has its deadline without the time until now."""
        resolved, self.resolved_at = self.resolved_at, None
        assert resolved is not None
        self.begin_run()
        if resolved < at:
            self.pauses.append((resolved, at))
            if resolved <= self.due:
                self.set(self.stage, at)

    def on_explain(self, at: int, _said: dict[str, Any]) -> None:
        self.explained.append((self.run, at))

    def on_escalate(self, at: int, said: dict[str, Any]) -> None:
        assert said["level"] == self.step_due(at)
        self.steps.append(Given(self.run, said["level"], at, self.due))

    @property
    def standing(self) -> list[Given]:
        return [each for each in self.steps if each not in self.annulled]

    def step_due(self, at: int) -> str | None:
        """The step of the ladder that is due at that minute, if one is."""
        if self.status not in {"submitted", "in_progress"}:
            return None
        given = {each.level: each.at for each in self.standing if each.run == self.run}
        reminded_of = {each.due for each in self.standing if each.level == "L0"}
        if at <= self.due:
            is_new = "L0" not in given and self.due not in reminded_of
            return "L0" if is_new and self.may_remind(at) else None
        if "L1" not in given:  # 24:00 belongs to the day that ends
            return "L1" if self.days_of_ours(self.due - 1, at) > 0 else None
        last = max(each for each in given if each != "L0")
        if last == "L4":
            return None
        level, patience = BETWEEN[last]
        since = given[last]
        if level == "L3":
            explained = [when for run, when in self.explained if run == self.run and when <= at]
            since = max([given["L1"], *explained])
        return level if self.days_of_ours(since, at) > patience else None

    def may_remind(self, at: int) -> bool:
        """On the last working day before the deadline; of a term in hours, in its last hour.

        In a term that has no working day, from when it was said to be near.
        """
        told = self.told[self.stage]
        days = range(self.start // DAY, (told.due - 1) // DAY + 1)
        last = max((day for day in days if self.book.is_worked(day, at)), default=None)
        if last is None:
            return told.near <= at < told.due
        near = last * DAY
        if self.term[1] == "service_hour":
            near = told.near
            if not self.book.serves(near, at):
                near = self.book.hour_before(told.due, self.start, at)
        return near <= at < last * DAY + DAY and self.book.is_worked(at // DAY, at)

    def days_of_ours(self, since: int, at: int) -> int:
        """The working days after that one, until today, at whose close the clock ran."""
        return sum(
            self.book.is_worked(day, at)
            and not any(begins <= day * DAY + CLOSE < ends for begins, ends in self.pauses)
            for day in range(since // DAY + 1, at // DAY + 1)
        )

    def light(self, at: int) -> str | None:
        """At that minute, if nothing else happens before."""
        if self.status not in RUNNING:
            return None
        stands = at if self.asked_at is None else min(at, self.asked_at)
        told = self.told[self.stage]
        if told.due < stands:
            return "red"
        return "yellow" if told.near <= stands or self.warnings else "green"
