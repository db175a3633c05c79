"""A history of a desk, written as it happens: who did what, when, and what may come next.

Every deed is a real verb by whoever may do it, at a moment of a clock that is moved on. What the
flow and a clock forbid is foretold from the witness's clock, and tried all the same.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from coordination.escalation.escalate import Swept, sweep
from coordination.escalation.models import Escalation
from coordination.tickets.models import Term, Ticket, TicketEvent
from coordination.tickets.verbs.handover import hand_over
from coordination.tickets.verbs.lapse import lapse_questions
from coordination.tickets.verbs.registry import perform
from projects.flow.actors import SYSTEM
from projects.record.clock import clock_at
from projects.record.refusals import Invalid, NotAllowed
from projects.worktime.models import CalendarOverride
from tests.coordination.tickets.clocks.witness import DAY, Book, Clock, moment_of
from tests.factories.coordination import Desk, filed

KINDS: Final = (
    "vehicle_pass", "worker_return", "material_supply", "goods_transport", "epidemic_control",
)  # fmt: skip
FILED: Final = ("normal", "urgent", "critical")
GRADES: Final = (*FILED, "complex")
# The rows of the migration, and one for a kind in each unit.
OF_KINDS: Final = {
    ("handle", "worker_return", ""): (3, "natural_day"),
    ("handle", "epidemic_control", ""): (6, "service_hour"),
    ("handle", "epidemic_control", "complex"): (2, "natural_day"),
    ("accept", "material_supply", ""): (1, "working_day"),
    ("accept", "goods_transport", ""): (0, "same_day"),
    ("answer", "material_supply", ""): (2, "natural_day"),
    ("answer", "epidemic_control", ""): (3, "service_hour"),
}
TERMS: Final = OF_KINDS | {
    ("accept", "", ""): (2, "service_hour"),
    ("answer", "", ""): (5, "working_day"),
    ("handle", "", "critical"): (0, "same_day"),
    ("handle", "", "urgent"): (1, "working_day"),
    ("handle", "", "normal"): (3, "working_day"),
    ("handle", "", "complex"): (7, "working_day"),
}
# What may be tried from each state; how often, by its number.
NEXT: Final[dict[str, tuple[str, ...]]] = {
    status: tuple(verb for verb, often in verbs.items() for _time in range(often))
    for status, verbs in {
        "submitted": {
            "accept": 10, "ask": 3, "pass_on": 2, "regrade": 2, "grant": 1, "comment": 1,
            "decline": 2, "withdraw": 1, "supplement": 3, "duplicate": 4, "urge": 1,
        },
        "in_progress": {
            "extend": 10, "grant": 5, "deny": 2, "ask": 5, "regrade": 3, "resolve": 5, "pass_on": 2,
            "explain": 5, "supervise": 1, "withdraw": 1, "supplement": 5, "duplicate": 4,
            "urge": 2,
        },
        "need_info": {
            "supplement": 8, "lapse": 5, "regrade": 2, "grant": 2, "deny": 1, "decline": 2,
            "withdraw": 1, "duplicate": 1,
        },
        "resolved": {
            "redo": 5, "write_off": 3, "sign_off": 4, "countersign": 4, "confirm": 3, "comment": 1,
        },
        "closed": {"reopen": 4, "comment": 1},
        "declined": {"reopen": 4, "comment": 1, "revive": 4},
    }.items()
}  # fmt: skip
INPUTS: Final[dict[str, dict[str, Any]]] = {
    "ask": {"question": "哪条路线"}, "supplement": {"answer": "连霍高速"},
    "pass_on": {"reason": "应由该组办理"}, "decline": {"reason": "不属于"},
    "withdraw": {"reason": "已解决"}, "resolve": {"result": "已协调", "reasons": {1: "无法满足"}},
    "confirm": {"satisfaction": 5}, "write_off": {"follow_up": "已回访"},
    "sign_off": {"follow_up": "已回访"},
    "redo": {"reason": "未放行"}, "reopen": {"reason": "再次出现"}, "deny": {"reason": "条件具备"},
    "comment": {"text": "已联系"}, "supervise": {"instruction": "今日办结"},
    "explain": {"reason": "等待批复"}, "duplicate": {"reason": "重复"},
    "revive": {"reason": "仍需通行"},
}  # fmt: skip
TARGET: Final = {
    "accept": "in_progress", "ask": "need_info", "pass_on": "submitted", "decline": "declined",
    "withdraw": "withdrawn", "resolve": "resolved", "confirm": "closed", "write_off": "closed",
    "countersign": "closed",
    "redo": "in_progress", "reopen": "in_progress", "duplicate": "declined",
    "revive": "submitted",
}  # fmt: skip
BY_CLIENT: Final = frozenset({"supplement", "withdraw", "confirm"})
BY_LEAD: Final = frozenset({"regrade", "reopen", "redo"})
BY_ANY: Final = frozenset({"urge", "revive"})
ENDED: Final = frozenset({"closed", "declined", "withdrawn"})
UNMET: Final = frozenset({"declined", "withdrawn"})


@dataclass
class Known:
    """A ticket as the diary knows it."""

    pk: int
    number: str
    is_own: bool  # with the group that the desk's project was given to at first
    clock: Clock
    asked_from: str = ""
    holder: Any = None
    passed: int = 0
    wished_by: Any = None
    is_signed: bool = False
    ended_at: int = 0
    original: "Known | None" = field(default=None, repr=False)  # of which it is a duplicate
    is_met: bool = False  # in part at least
    urged_on: int = -1  # the day


@dataclass
class Diary:
    """One history."""

    here: Desk
    at: int
    book: Book = field(default_factory=lambda: Book(dict(TERMS)))
    tickets: list[Known] = field(default_factory=list)
    serves_own: bool = True
    handed_over_at: int = -1
    did: Counter[str] = field(default_factory=Counter)

    def write(self, deed: str, which: int, pick: int, choice: int) -> None:
        """One deed, now; a history begins with a filing."""
        alive = [each for each in self.tickets if each.clock.status != "withdrawn"]
        with clock_at(moment_of(self.at)):
            if deed == "file" or not alive:
                self.file(KINDS[which % len(KINDS)], FILED[pick % len(FILED)])
            elif deed == "verb":
                ticket = alive[which % len(alive)]
                self.do(ticket, self.next_verb(ticket, pick), choice)
            else:
                getattr(self, deed)(which, pick)

    def next_verb(self, ticket: Known, pick: int) -> str:
        """Any, or what its past calls for: a decision, a late answer, the end of an original."""
        clock = ticket.clock
        waits = clock.status in {"submitted", "need_info"}
        original = ticket.original and ticket.original.clock
        called_for = {
            "deny" if pick % 3 == 0 else "grant": clock.wish and clock.status == "in_progress",
            "supplement": clock.has_lapsed and clock.status in {"submitted", "in_progress"},
            "withdraw" if pick % 3 == 0 else "decline": waits and self.duplicates_of(ticket),
            "revive": original and original.status in UNMET,
        }
        for verb, holds in called_for.items():
            if holds and pick % 2:
                return verb
        verbs = NEXT[clock.status]
        return verbs[pick % len(verbs)]

    def file(self, kind: str, urgency: str) -> None:
        row, clock = filed(self.here, kind, urgency=urgency), self.clock_of(kind, urgency)
        clock.hear("submit", self.at, "submitted", {})
        self.tickets.append(Known(row.pk, row.number, self.serves_own, clock, holder=self.serving))

    def clock_of(self, kind: str, urgency: str) -> Clock:
        return Clock(self.book, kind, urgency)

    @property
    def serving(self) -> Any:
        return self.here.liaison if self.serves_own else self.here.other_liaison

    def numbered(self, number: str) -> Known:
        return next(each for each in self.tickets if each.number == number)

    def duplicates_of(self, ticket: Known) -> list[Known]:
        return [each for each in self.tickets if each.original is ticket]

    def do(self, ticket: Known, verb: str, choice: int) -> None:
        """Try it; it must come about if and only if it was foretold."""
        by, inputs = self.actor(ticket, verb, choice), dict(INPUTS.get(verb, {}))
        inputs |= self.chosen(ticket, verb, choice)
        expected = self.may(ticket, verb, by, inputs)
        if not expected and choice % 3:  # what is refused is tried often enough
            return
        before = TicketEvent.objects.filter(ticket=ticket.pk).count() if not expected else 0
        try:
            perform(verb, ticket=Ticket(pk=ticket.pk), by=by, **inputs)
        except (NotAllowed, Invalid):
            assert not expected, (verb, inputs)
            assert TicketEvent.objects.filter(ticket=ticket.pk).count() == before, verb
            return
        assert expected, (verb, inputs)
        self.note(ticket, verb, by, inputs)

    def actor(self, ticket: Known, verb: str, choice: int) -> Any:
        here = self.here
        lead = here.lead if ticket.is_own else here.other_lead
        liaison = here.liaison if ticket.is_own else here.other_liaison
        holds = ticket.holder in {None, liaison} and choice % 3
        handler = liaison if holds else lead
        if verb in BY_ANY:
            return {"urge": (here.key, here.duty_desk, here.director),
                    "revive": (here.key, here.duty_desk, lead)}[verb][choice % 3]  # fmt: skip
        if verb in BY_CLIENT:
            return here.key
        if verb in BY_LEAD:
            return lead
        if verb in {"grant", "deny"}:
            return here.director if choice % 2 else lead
        one_of_a_kind = {
            "write_off": here.duty_desk, "sign_off": here.director, "countersign": here.duty_desk,
            "supervise": here.director, "lapse": SYSTEM,
        }  # fmt: skip
        return one_of_a_kind.get(verb, handler)

    def chosen(self, ticket: Known, verb: str, choice: int) -> dict[str, Any]:
        if verb == "pass_on":
            return {"group": self.here.other_group if ticket.is_own else self.here.group}
        if verb == "regrade":
            return {"urgency": GRADES[choice % len(GRADES)], "reason": "情况有变"}
        if verb == "extend":
            return {"amount": 1 + choice % (max(ticket.clock.term[0], 1) + 1), "reason": "未回函"}
        if verb == "duplicate":
            others = [each for each in self.tickets if each is not ticket or choice % 6 == 0]
            return {"number": (others or [ticket])[choice % max(len(others), 1)].number}
        if verb == "decline" and self.duplicates_of(ticket):
            return {"duplicates": ("revive", "leave")[choice % 2] if choice % 9 else ""}
        return {}

    def may(self, ticket: Known, verb: str, by: Any, inputs: dict[str, Any]) -> bool:
        """What the rules say of it now, said again."""
        clock = ticket.clock
        first_wish = not clock.extension and not clock.wish
        decides = bool(clock.wish) and by != ticket.wished_by
        foretold: dict[str, Callable[[], bool]] = {
            "ask": lambda: clock.questions < 2,
            "supplement": lambda: clock.status == "need_info" or clock.has_lapsed,
            "pass_on": lambda: ticket.passed < 2,
            "regrade": lambda: inputs["urgency"] != clock.urgency,
            "extend": lambda: (
                clock.due >= self.at and first_wish and inputs["amount"] <= max(clock.term[0], 1)
            ),
            "grant": lambda: decides,
            "deny": lambda: decides,
            "lapse": lambda: clock.answer_due <= self.at,
            "explain": lambda: clock.due < self.at,
            "write_off": lambda: not clock.was_red,
            "sign_off": lambda: clock.was_red and not ticket.is_signed,
            "countersign": lambda: ticket.is_signed,
            "reopen": lambda: self.at - ticket.ended_at < 30 * DAY,
            "urge": lambda: ticket.urged_on != self.at // DAY,
            "duplicate": lambda: self.may_be_duplicate(ticket, inputs["number"]),
            "decline": lambda: bool(inputs.get("duplicates", "revive")),
            "revive": lambda: (
                ticket.original is not None
                and ticket.original.clock.status in UNMET
                and self.at - ticket.original.ended_at < 30 * DAY
            ),
        }
        return foretold[verb]() if verb in foretold else True

    def may_be_duplicate(self, ticket: Known, number: str) -> bool:
        """Of one that his group has, that goes on or was met, and that is no duplicate."""
        other = self.numbered(number)
        return (
            other is not ticket and other.is_own == ticket.is_own
            and other.clock.status not in UNMET and other.original is None
            and not self.duplicates_of(ticket) and not ticket.is_met
        )  # fmt: skip

    def note(self, ticket: Known, verb: str, by: Any, inputs: dict[str, Any]) -> None:
        to = self.target(ticket, verb)
        if verb == "ask":
            ticket.asked_from = ticket.clock.status
        if to in ENDED and ticket.clock.status not in ENDED:
            ticket.ended_at = self.at
        if verb in {"sign_off", "countersign", "redo", "reopen"}:
            ticket.is_signed = verb == "sign_off"
        self.did[verb] += 1
        ticket.clock.hear(verb, self.at, to, inputs)
        changed = getattr(self, f"on_{verb}", None)
        if changed is not None:
            changed(ticket, by, inputs)

    # What a verb changes that the diary knows of beside the clock

    def on_accept(self, ticket: Known, by: Any, _inputs: dict[str, Any]) -> None:
        ticket.holder = by

    def on_extend(self, ticket: Known, by: Any, _inputs: dict[str, Any]) -> None:
        ticket.wished_by = by

    def on_pass_on(self, ticket: Known, _by: Any, _inputs: dict[str, Any]) -> None:
        ticket.is_own, ticket.holder = not ticket.is_own, None
        ticket.passed += 1

    def on_urge(self, ticket: Known, _by: Any, _inputs: dict[str, Any]) -> None:
        ticket.urged_on = self.at // DAY

    def on_duplicate(self, ticket: Known, _by: Any, inputs: dict[str, Any]) -> None:
        ticket.original = self.numbered(inputs["number"])

    def on_reopen(self, ticket: Known, _by: Any, _inputs: dict[str, Any]) -> None:
        ticket.original = None

    def on_revive(self, ticket: Known, _by: Any, _inputs: dict[str, Any]) -> None:
        ticket.original = None
        ticket.is_own, ticket.holder, ticket.passed = self.serves_own, self.serving, 0

    def on_decline(self, ticket: Known, by: Any, inputs: dict[str, Any]) -> None:
        if inputs.get("duplicates") == "revive":
            for each in self.duplicates_of(ticket):
                self.note(each, "revive", by, {})

    def target(self, ticket: Known, verb: str) -> str:
        if verb in {"supplement", "lapse"} and ticket.clock.status == "need_info":
            return ticket.asked_from
        self.did["late answer"] += verb == "supplement"
        return TARGET.get(verb, ticket.clock.status)

    # What happens to more than one ticket, or to none

    def lapse_all(self, _which: int, _extra: int) -> None:
        """The worker lets every question lapse that is due."""
        due = [
            each for each in self.tickets
            if each.clock.status == "need_info" and each.clock.answer_due <= self.at
        ]  # fmt: skip
        assert lapse_questions() == len(due)
        for ticket in due:
            self.note(ticket, "lapse", SYSTEM, {})

    def skip(self, which: int, pick: int) -> None:
        """Until something is due: a minute before, just then, a minute after, a day after."""
        clock = self.tickets[which % len(self.tickets)].clock
        due = clock.due if clock.asked_at is None else clock.answer_due
        self.at = max(self.at, due + (-1, 0, 1, DAY)[pick % 4])

    def climb(self, _which: int, _extra: int) -> None:
        """The worker gives each step that is due, and no other."""
        due = {each.pk: each.clock.step_due(self.at) for each in self.tickets}
        before = Escalation.objects.count()
        assert sweep() == Swept(given=sum(map(bool, due.values())), unknown=0)
        for row in Escalation.objects.order_by("recorded_at")[before:]:
            assert row.level == due.pop(row.ticket_id)
        for ticket in self.tickets:
            if ticket.pk not in due:
                level = ticket.clock.step_due(self.at)
                self.note(ticket, "escalate", SYSTEM, {"level": level})

    def hand_over(self, _which: int, _extra: int) -> None:
        if self.handed_over_at == self.at:
            return
        here, was_own = self.here, self.serves_own
        self.serves_own, self.handed_over_at = not was_own, self.at
        group, liaison = here.other_group if was_own else here.group, self.serving
        hand_over(
            project=here.project, group=group, liaison=liaison, reason="调整", by=here.duty_desk
        )
        for ticket in self.tickets:
            if ticket.is_own == was_own and ticket.clock.status not in ENDED:
                ticket.is_own, ticket.holder = self.serves_own, liaison
                ticket.clock.hear("hand_over", self.at, ticket.clock.status, {})

    def edit_day(self, which: int, extra: int) -> None:
        """Staff close a day, or open one; it holds for whatever is reckoned after."""
        day, worked = self.at // DAY + 1 + which % 9, bool(extra % 2)
        CalendarOverride.objects.update_or_create(
            day=(moment_of(day * DAY) + timedelta(hours=1)).date(),
            defaults={"is_working": worked, "reason": "测试"},
        )
        self.book.days.append((self.at, day, worked))
        self.at += 1

    def edit_term(self, which: int, extra: int) -> None:
        key = [("handle", "", "normal"), ("handle", "worker_return", "")][which % 2]
        term = (1 + extra % 5, TERMS[key][1])
        stage, kind, urgency = key
        Term.objects.filter(stage=stage, kind=kind, urgency=urgency).update(amount=term[0])
        self.book.others.append((self.at, key, term))
        self.at += 1
