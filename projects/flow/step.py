"""One verb, done once: lock, ask the flow, write, append exactly one event.

A room that has things with a state makes one :class:`Machine`. What it must give: a model of the
thing and of its event (``models.py``), a :class:`~projects.flow.table.Flow`, how actors stand to
its things (``actors.py``), and its chain of events (``chain.py``).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.flow.chain import Chain, Entry
from projects.flow.models import Event, Thing
from projects.record.clock import change
from projects.record.refusals import Checker
from projects.record.writing import reserve, sequence_of, update

LONGEST_TEXT = 2000


def require_text(**inputs: str) -> dict[str, str]:
    """The inputs, stripped. Raises Invalid by the name of each that is empty or too long."""
    check = Checker()
    stripped = {name: (value or "").strip() for name, value in inputs.items()}
    for name, value in stripped.items():
        check.require(value, name, _("This field is required."), "required")
        check.require(
            len(value) <= LONGEST_TEXT, name, _("At most 2,000 characters."), "max_length"
        )
    check.finish()
    return stripped


@dataclass
class Step[T: Thing, E: Event]:
    """A verb under way on a locked thing; the verb fills in what it writes."""

    thing: T
    at: datetime
    to: str
    payload: dict[str, Any] = field(default_factory=dict)
    text: dict[str, Any] = field(default_factory=dict)
    internal: bool = False
    event: E | None = None
    # Rows that name the event, written in its transaction as soon as it is there.
    also: list[Callable[[E], object]] = field(default_factory=list)

    def done(self) -> E:
        """The event, after the step; there is none before."""
        if self.event is None:
            raise RuntimeError("the step is not done yet")
        return self.event


@cache
def _changing(model: type[Thing]) -> tuple[str, ...]:
    """The columns that a verb may change."""
    return tuple(
        each.name for each in model._meta.local_concrete_fields
        if not (each.primary_key or each.generated) and each.name not in model.SAID_ONCE
    )  # fmt: skip


def locked_row[T: Thing](thing: T) -> T:
    """The row as it is now, locked; raises the model's DoesNotExist."""
    return type(thing)._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)


def _nothing(_thing: Thing, _at: datetime) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Machine[T: Thing, E: Event, A, S: Step[Any, Any]]:
    """The verbs of a room's things: whoever does one, it is done by the same steps."""

    chain: Chain[T, E, A]
    step_type: type[S]
    # Reads the row again and locks it; for a room that wants more with it than the row.
    locked: Callable[[T], T] = locked_row
    # What is brought up to date in the locked row before a verb changes anything.
    before: Callable[[T, datetime], None] = _nothing
    # By verb: what must be so before it is done; each raises Invalid where it is not.
    requirements: defaultdict[str, list[Callable[[T], None]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    # What a thing's end does to other rows; what each gives is added to the payload of the event
    # that ends it. A room above adds its own.
    endings: list[Callable[[T, datetime], dict[str, Any]]] = field(default_factory=list)

    def begin(
        self, verb: str, *, thing: T, payload: dict[str, Any], text: dict[str, Any], by: A
    ) -> E:
        """Save a new thing with its first event. Raises NotAllowed where he may not begin it."""
        actors = self.chain.actors
        rule = actors.flow[verb]
        with change() as at:
            if rule.sources or not actors.capacities(thing, by) & rule.who:
                raise actors.not_allowed(rule, thing)
            thing.status, thing.changed_at = rule.target, at
            thing.save(force_insert=True)
            ((event_id,),) = reserve(sequence_of(self.chain.event), many=1)
            entry = Entry(thing, verb, rule.target, payload, text, id=event_id)
            return self.chain.append_each([entry], at=at, by=by)[0]

    @contextmanager
    def step(self, verb: str, *, thing: T, version: int | None, by: A) -> Iterator[S]:
        """Do ``verb`` on the thing: yields the locked row, then saves it with exactly one event.

        Raises Missing to an outsider who has nothing to do with it, Stale where ``version`` is no
        longer the thing's, NotAllowed where the flow or the thing's past forbids it. Nothing is
        written if anything is raised.
        """
        with change() as at:
            row = self.locked(thing)
            self.chain.actors.require(verb, row, version, by)
            # A racing verb may have read the clock after us and locked before us: time follows
            # order.
            moment = max(at, row.changed_at)
            self.before(row, moment)
            for require in self.requirements[verb]:
                require(row)
            rule = self.chain.actors.flow[verb]
            this = self.step_type(row, moment, to=rule.target_from(row.status, row.back_to))
            yield this
            this.event = self.record_step(
                verb, thing=row, to=this.to, at=this.at, payload=this.payload, text=this.text,
                internal=this.internal, by=by,
            )  # fmt: skip
            for write in this.also:
                write(this.done())

    def record_step(
        self,
        verb: str,
        *,
        thing: T,
        to: str,
        at: datetime,
        payload: dict[str, Any],
        text: dict[str, Any],
        internal: bool = False,
        by: A,
    ) -> E:
        """Save a locked thing in its next state, with the event that says so.

        Where that is one of the flow's ``ended`` states, the endings run.
        """
        has_ended = to in self.chain.actors.flow.ended
        if has_ended:
            for ending in self.endings:
                payload = payload | ending(thing, at)
        thing.status = to
        thing.changed_at = at
        thing.ended_at = (thing.ended_at or at) if has_ended else None
        if not internal:  # what an outsider cannot see changes nothing that he has read
            thing.version += 1
        update(thing, _changing(type(thing)))
        return self.chain.append(
            thing=thing, verb=verb, to=to, at=at, payload=payload, text=text, internal=internal,
            by=by,
        )  # fmt: skip
