"""Another reckoning of deadlines in a year that is entered later, from what happened alone.

Nothing of the code under test is in here; time is a number of minutes, as in ``witness``.
"""

from dataclasses import dataclass, field
from typing import Final

from tests.coordination.tickets.clocks.witness import DAY, Book, Pause, Term, number_of, tell

UNKNOWN: Final = number_of(2027, 1, 1)  # the first day of which nothing is entered
BY_CALENDAR: Final = frozenset({"service_hour", "working_day"})


@dataclass
class Span:
    """One term of a ticket."""

    stage: str
    start: int
    term: Term
    due: int = 0
    is_provisional: bool = False
    was_provisional: bool = False
    pauses: list[Pause] = field(default_factory=list)
    asked_at: int | None = None
    ended_at: int | None = None

    def is_red(self, at: int) -> bool:
        """Whether its deadline passed while it ran."""
        ends = [each for each in (at, self.asked_at, self.ended_at) if each is not None]
        return self.due < min(ends)


@dataclass
class Told:
    """All the terms of a ticket, and the term of its last question."""

    book: Book
    kind: str
    urgency: str
    entered_at: list[int] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    answer_due: int = 0
    is_answer_provisional: bool = False

    def reckon(self, start: int, term: Term, pauses: list[Pause], at: int) -> tuple[int, bool]:
        """The deadline by the book of that minute, and whether it is provisional."""
        due = tell(self.book, start, term, pauses, at).due
        reaches = due // DAY >= UNKNOWN and term[1] in BY_CALENDAR
        return due, reaches and not any(each < at for each in self.entered_at)

    def begin(self, stage: str, at: int) -> None:
        if self.spans and self.spans[-1].ended_at is None:
            self.spans[-1].ended_at = at
        span = Span(stage, at, self.book.term(stage, self.kind, self.urgency, at))
        span.due, span.is_provisional = self.reckon(at, span.term, [], at)
        span.was_provisional = span.is_provisional
        self.spans.append(span)

    def ask(self, at: int) -> None:
        self.spans[-1].asked_at = at
        term = self.book.term("answer", self.kind, "", at)
        self.answer_due, self.is_answer_provisional = self.reckon(at, term, [], at)

    def supplement(self, at: int) -> None:
        span = self.spans[-1]
        assert span.asked_at is not None
        span.pauses.append((span.asked_at, min(at, self.answer_due)))
        span.asked_at, self.is_answer_provisional = None, False
        self.set_again(span, at)

    def set_again(self, span: Span, at: int) -> None:
        due, is_provisional = self.reckon(span.start, span.term, span.pauses, at)
        if span.is_provisional and not is_provisional:
            due = max(due, span.due)
        span.due, span.is_provisional = due, is_provisional

    def enter(self, at: int) -> None:
        """The later of the two holds, for whatever is provisional."""
        for span in self.spans:
            if span.is_provisional:
                self.set_again(span, at)
        if self.is_answer_provisional:
            asked = self.spans[-1].asked_at
            assert asked is not None
            term = self.book.term("answer", self.kind, "", asked)
            due, self.is_answer_provisional = self.reckon(asked, term, [], at)
            self.answer_due = max(self.answer_due, due)

    def was_red(self, at: int) -> bool:
        return any(span.is_red(at) for span in self.spans)


def days_between(book: Book, first: int, last: int, at: int) -> int:
    """The working days after the first day, up to and with the last."""
    return sum(book.is_worked(day, at) for day in range(first + 1, last + 1))


WHOLE: Final = {("L1", "L2"): 3, ("L1", "L3"): 6, ("L3", "L4"): 6}


def is_right(
    book: Book, due: int, level: str, *, minute: int, given: dict[str, int], at: int
) -> bool:
    """Whether the ladder of that deadline gives this step at that minute, by the book of ``at``.

    ``given`` are the minutes of the steps that stand before it. A term in days is meant.
    """
    day = minute // DAY
    if level == "L0":
        last = due // DAY
        while not book.is_worked(last, at):
            last -= 1
        return minute <= due and day == last
    lowest = next(each for each in ("L1", "L2", "L3", "L4", "") if each not in given)
    if minute <= due or lowest != level:
        return False
    if level == "L1":
        return days_between(book, due // DAY, day, at) >= 1
    since = {"L2": "L1", "L3": "L1", "L4": "L3"}[level]
    return days_between(book, given[since] // DAY, day, at) >= WHOLE[since, level]
