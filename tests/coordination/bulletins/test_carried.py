"""A preview counted from sealed counts is the one counted from nothing, whatever happened.

``CARRIED_HISTORIES=10000`` runs so many.
"""

import os
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coordination.amendments.flow import AmendmentVerb
from coordination.amendments.queries import is_accepted
from coordination.bulletins.counting import count_blocks
from coordination.bulletins.models import SealedCount
from coordination.bulletins.sealing import seal_missing, wrong_sealed_counts
from coordination.bulletins.week import running_week
from coordination.tickets.flow import Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Term, Ticket
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from projects.record.refusals import Invalid
from tests.coordination.tickets.clocks.diary import OF_KINDS, Diary
from tests.coordination.tickets.clocks.test_histories import any_of, forgotten, lived, waits
from tests.coordination.tickets.clocks.witness import DAY, moment_of, number_of
from tests.coordination.tickets.ranges_by_hand import ranges_by_hand, ranges_on_record
from tests.factories.coordination import LINES, desk

HISTORIES: Final = int(os.environ.get("CARRIED_HISTORIES", "8"))
BEFORE: Final = datetime.fromisoformat("2019-12-30T09:00+08:00")
BEGIN: Final = number_of(2020, 3, 5) * DAY
GOING: Final = frozenset({"submitted", "in_progress", "need_info"})
DEEDS: Final = (
    *("verb",) * 24, *("file",) * 4, *("fulfil",) * 8, *("add_lines",) * 4, *("amend",) * 6,
    *("seal",) * 6, "skip", "hand_over",
)  # fmt: skip
steps = st.tuples(waits, st.sampled_from(DEEDS), any_of, any_of, any_of)
histories = st.lists(steps, min_size=20, max_size=50)
moments = st.lists(st.integers(0, 60 * DAY), min_size=2, max_size=2)


class Sealing(Diary):
    """A history in which lines are met, others are added, and days are sealed now and then."""

    def chosen(self, ticket: Any, verb: str, choice: int) -> dict[str, Any]:
        """Each line that is not met is refused where the ticket is resolved."""
        if verb != "resolve":
            return super().chosen(ticket, verb, choice)
        lines = KINDS[ticket.clock.kind].lines_of(ticket.pk).count()
        return {"reasons": dict.fromkeys(range(1, lines + 1), "无法满足")}

    def fulfil(self, which: int, pick: int) -> None:
        ticket = self.tickets[which % len(self.tickets)]
        if ticket.clock.status != "in_progress":
            return
        lines = KINDS[ticket.clock.kind].lines_of(ticket.pk).count()
        lead = self.here.lead if ticket.is_own else self.here.other_lead
        try:
            perform(
                Verb.FULFIL, ticket=Ticket(pk=ticket.pk), line=1 + pick % lines,
                quantity=Decimal(1), by=lead,
            )  # fmt: skip
        except Invalid:  # all of it is met already
            return
        ticket.is_met = True

    def add_lines(self, which: int, _pick: int) -> None:
        ticket = self.tickets[which % len(self.tickets)]
        if ticket.clock.status in GOING:
            lines = [LINES[ticket.clock.kind]()]
            perform(Verb.ADD_LINES, ticket=Ticket(pk=ticket.pk), lines=lines, by=self.here.key)

    def amend(self, which: int, pick: int) -> None:
        """One line asks for more or less, or in another unit; at once, or by a proposal."""
        ticket = self.tickets[which % len(self.tickets)]
        kind = KINDS[ticket.clock.kind]
        if ticket.clock.status not in GOING or not kind.quantity_field:
            return
        values: dict[str, Any] = {kind.quantity_field: 10 + pick % 400}
        if "unit" in kind.fields and pick % 3 == 0:
            values["unit"] = ("kg", "根", "亩", "吨")[pick % 4]
        position = 1 + pick % kind.lines_of(ticket.pk).count()
        row = Ticket.objects.get(pk=ticket.pk)
        given: dict[str, Any] = {
            "ticket": row,
            "lines": [{"position": position, **values}],
            "by": self.here.key,
        }
        try:
            if not is_accepted(row):
                perform(AmendmentVerb.AMEND, **given)
                return
            perform(AmendmentVerb.PROPOSE, **given, reason="更正")
            lead = self.here.lead if ticket.is_own else self.here.other_lead
            perform(AmendmentVerb.ADOPT, ticket=row, by=lead)
        except Invalid:  # it is so already, more was met, or fewer seats than people
            return

    def seal(self, _which: int, _pick: int) -> None:
        seal_missing()


@pytest.mark.django_db
@pytest.mark.timeout(1800)
def test_any_history() -> None:
    with clock_at(BEFORE):
        here = desk()
    for (stage, kind, urgency), (amount, unit) in OF_KINDS.items():
        Term.objects.create(stage=stage, kind=kind, urgency=urgency, amount=amount, unit=unit)
    seen: set[int] = set()

    @settings(
        max_examples=HISTORIES, database=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),  # to make a failing history shorter would take many minutes
    )  # fmt: skip
    @given(histories, moments)
    def run(told: list[tuple[int, str, int, int, int]], looks: list[int]) -> None:
        with forgotten():
            diary = lived(here, BEGIN, told, Sealing)
            end = moment_of(diary.at)
            with clock_at(end + timedelta(seconds=1)):
                for at in (end, *(min(end, moment_of(BEGIN + look)) for look in looks)):
                    week = running_week(at)
                    assert count_blocks(week, from_sealed=True) == count_blocks(week)
                assert list(wrong_sealed_counts()) == []
            assert ranges_on_record() == ranges_by_hand()
            seen.add(SealedCount.objects.count())

    run()
    assert len(seen) > 1, "no history sealed anything"
