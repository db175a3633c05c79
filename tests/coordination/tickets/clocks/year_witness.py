"""Clocks whose deadlines lie in a year that is entered later, told from what happened alone.

Nothing of the code under test is in here; time is a number of minutes, as in ``witness``.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from tests.coordination.tickets.clocks.witness import (
    DAY,
    RUNNING,
    Book,
    Clock,
    Given,
    Pause,
    Term,
    Told,
    number_of,
    tell,
)

UNKNOWN: Final = number_of(2027, 1, 1)  # the first day of which nothing is entered
BY_CALENDAR: Final = frozenset({"service_hour", "working_day"})


@dataclass
class Deadline:
    """The last word on one deadline of a ticket."""

    run: int
    stage: str
    start: int
    term: Term
    told: Told
    pauses: list[Pause]
    awaits: bool = False  # it was provisional, and was not reckoned again since
    provisional: set[int] = field(default_factory=set)  # what was told of it until then
    asked_at: int | None = None
    ended_at: int | None = None

    def is_red(self, at: int) -> bool:
        """Whether it had passed with its clock running, by that minute."""
        ends = [each for each in (at, self.asked_at, self.ended_at) if each is not None]
        return self.told.due < min(ends)

    def with_due(self, due: int, found: Told, book: Book, at: int) -> Told:
        """What was found, but no earlier than a deadline that was told; near as that is near."""
        if due <= found.due:
            return found
        near, first = book.hour_before(due, self.start, at), self.start // DAY
        if self.term[1] != "service_hour":
            days = range(first, (due - 1) // DAY + 1)
            near = max((day for day in days if book.is_worked(day, at)), default=first) * DAY
        return Told(due, near, found.back)


@dataclass
class YearClock(Clock):
    """A ticket's clocks; what lies in the unknown year is provisional until it is entered."""

    entered: list[int] = field(default_factory=list)  # the minutes at which years were
    is_provisional: bool = False
    is_answer_provisional: bool = False
    awaits: bool = False
    was_surely_red: bool = False
    deadlines: list[Deadline] = field(default_factory=list)
    settled: dict[int, int] = field(default_factory=dict)  # what became of each that was

    def anew(self, urgency: str) -> "YearClock":
        return YearClock(self.book, self.kind, urgency, entered=self.entered)

    def hear(self, verb: str, at: int, to: str, said: dict[str, Any]) -> None:
        if self.light(at) == "red" and not self.is_provisional:
            self.was_surely_red = True
        super().hear(verb, at, to, said)
        if self.asked_at is None:
            self.is_answer_provisional = False
        if verb != "reckon_again":
            self.keep(at)

    def keep(self, at: int) -> None:
        """The last word on the running deadline, which may be another one now."""
        if not self.deadlines or self.deadlines[-1].run != self.run:
            if self.deadlines and self.deadlines[-1].ended_at is None:
                self.deadlines[-1].ended_at = at
            told = self.told[self.stage]
            self.deadlines.append(
                Deadline(self.run, self.stage, self.start, self.whole_term, told, [])
            )
        last = self.deadlines[-1]
        last.start, last.term, last.told = self.start, self.whole_term, self.told[self.stage]
        last.pauses = list(self.pauses)
        last.awaits = last.awaits or self.is_provisional
        if last.awaits:
            last.provisional.add(last.told.due)
        if self.status in RUNNING:
            last.asked_at, last.ended_at = self.asked_at, None
        elif last.ended_at is None:
            last.ended_at = at

    def is_unknown(self, due: int, term: Term, at: int) -> bool:
        reaches = due // DAY >= UNKNOWN and term[1] in BY_CALENDAR
        return reaches and not any(each < at for each in self.entered)

    def begin_term(self, start: int, term: Term) -> None:
        super().begin_term(start, term)
        self.is_provisional = False  # the deadline of the term before is none of this one's

    def say(self, stage: str, told: Told, at: int) -> None:
        """Of a provisional deadline and a certain one the later holds."""
        is_provisional = self.is_unknown(told.due, self.term, at)
        if self.is_provisional and not is_provisional:
            told = self.deadlines[-1].with_due(self.due, told, self.book, at)
        self.is_provisional = is_provisional
        self.awaits = self.awaits or is_provisional
        super().say(stage, told, at)

    def on_ask(self, at: int, said: dict[str, Any]) -> None:
        super().on_ask(at, said)
        term = self.book.term("answer", self.kind, "", at)
        self.is_answer_provisional = self.is_unknown(self.answer_due, term, at)
        self.awaits = self.awaits or self.is_answer_provisional

    def on_reckon_again(self, at: int, _said: dict[str, Any]) -> None:
        """Every deadline that awaits it is settled, with its steps, and the term for an answer."""
        for each in self.deadlines:
            if each.awaits:
                found = tell(self.book, each.start, each.term, each.pauses, at)
                self.annul(each, at)
                each.told = each.with_due(each.told.due, found, self.book, at)
                each.awaits, self.settled[each.run] = False, each.told.due
                self.was_surely_red = self.was_surely_red or each.is_red(at)
            if each.stage in self.told:  # the last of each stage is the one that counts
                self.told[each.stage] = each.told
        if self.is_answer_provisional and self.asked_at is not None:
            term = self.book.term("answer", self.kind, "", self.asked_at)
            found = tell(self.book, self.asked_at, term, [], at)
            self.answer_due = max(self.answer_due, found.due)
        self.is_provisional = self.is_answer_provisional = self.awaits = False
        self.was_red = self.was_surely_red

    def annul(self, deadline: Deadline, at: int) -> None:
        """The steps that the ladder of the true deadline would not have given at their minute."""
        days = [(-1, day, worked) for since, day, worked in self.book.days if since < at]
        book = Book(self.book.terms, days)
        right: list[Given] = []
        for step in self.standing:
            if step.run != deadline.run or step.due not in deadline.provisional:
                continue
            pauses = [each for each in deadline.pauses if each[1] <= step.at]
            found = tell(book, deadline.start, deadline.term, pauses, step.at)
            told = deadline.with_due(step.due, found, book, step.at)
            clock = Clock(
                book, self.kind, self.urgency, "in_progress", deadline.start, deadline.term,
                told={deadline.stage: told}, pauses=pauses, run=step.run, steps=list(right),
                explained=self.explained,
            )  # fmt: skip
            if clock.step_due(step.at) == step.level:
                right.append(step)
            else:
                self.annulled[step] = at
