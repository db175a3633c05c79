"""One verb on one thing: lock, check the flow, write, append exactly one event.

A room that has things with a state makes one :class:`Machine`. It provides the models of the thing
and its event (``models.py``), a :class:`~projects.flow.table.Flow`, its ``Actors``
(``actors.py``) and its ``Chain`` of events (``chain.py``).
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
from projects.record.text import prose
from projects.record.writing import reserve, sequence_of, update

LONGEST_TEXT = 2000


def require_text(**inputs: str) -> dict[str, str]:
    """The inputs as prose. Raises Invalid with one error for each that is empty or too long."""
    check = Checker()
    texts = {name: prose(value or "") for name, value in inputs.items()}
    for name, value in texts.items():
        check.require(value, name, _("This field is required."), "required")
        check.require(
            len(value) <= LONGEST_TEXT, name, _("At most 2,000 characters."), "max_length"
        )
    check.finish()
    return texts


def given_text(**inputs: str) -> dict[str, str]:
    """The same of inputs that may be left out: those that say something."""
    return require_text(**{name: value for name, value in inputs.items() if prose(value or "")})


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
    # Called with the event once it is written, in the same transaction.
    also: list[Callable[[E], object]] = field(default_factory=list)

    def done(self) -> E:
        """The event of the finished step. Raises RuntimeError before."""
        if self.event is None:
            raise RuntimeError("the step is not done yet")
        return self.event


@cache
def _changeable_columns(model: type[Thing]) -> tuple[str, ...]:
    """The columns that a verb may change."""
    return tuple(
        column.name for column in model._meta.local_concrete_fields
        if not (column.primary_key or column.generated) and column.name not in model.FIXED_COLUMNS
    )  # fmt: skip


def locked_row[T: Thing](thing: T) -> T:
    """Read and lock the row. Raises the model's DoesNotExist."""
    return type(thing)._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)


def _keep(_thing: Thing, _at: datetime) -> None:
    """Leave the row as it is."""


@dataclass(frozen=True, kw_only=True)
class Machine[T: Thing, E: Event, A, S: Step[Any, Any]]:
    """Does the verbs of a room's things, each by the same steps whoever calls it."""

    chain: Chain[T, E, A]
    step_type: type[S]
    # Reads and locks the row; a room may select related rows with it.
    locked: Callable[[T], T] = locked_row
    # Updates columns of the locked row that depend on the time, before the verb changes any.
    before: Callable[[T, datetime], None] = _keep
    # By verb: further checks of the thing; each raises Invalid.
    requirements: defaultdict[str, list[Callable[[T], None]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    # Called when a thing ends, to change other rows; what each returns is added to the payload
    # of the ending event. A room above adds its own.
    endings: list[Callable[[T, datetime], dict[str, Any]]] = field(default_factory=list)

    def begin(
        self, verb: str, *, thing: T, payload: dict[str, Any], text: dict[str, Any], by: A
    ) -> E:
        """Save a new thing with its first event. Raises NotAllowed where the actor may not."""
        actors = self.chain.actors
        rule = actors.flow[verb]
        with change() as at:
            if rule.sources or not actors.capacities(thing, by) & rule.who:
                raise actors.not_allowed(rule, thing, None)
            thing.status, thing.changed_at = rule.target, at
            thing.save(force_insert=True)
            ((event_id,),) = reserve(sequence_of(self.chain.event), many=1)
            entry = Entry(thing, verb, rule.target, payload, text, id=event_id)
            return self.chain.append_each([entry], at=at, by=by)[0]

    @contextmanager
    def step(self, verb: str, *, thing: T, version: int | None, by: A) -> Iterator[S]:
        """Do ``verb`` on the thing: yield a Step with the locked row, then save it with one event.

        Raises what ``Actors.require`` and the requirements raise. Nothing is written if anything
        is raised.
        """
        with change() as at:
            row = self.locked(thing)
            self.chain.actors.require(verb, row, version, by)
            # A concurrent verb may have read the clock later but got the lock first. Times must
            # not run backwards along the events.
            moment = max(at, row.changed_at)
            self.before(row, moment)
            for require in self.requirements[verb]:
                require(row)
            rule = self.chain.actors.flow[verb]
            current = self.step_type(row, moment, to=rule.target_from(row.status, row.back_to))
            yield current
            self.complete(verb, current, by=by)

    def complete(self, verb: str, current: S, *, by: A) -> None:
        """Save the locked thing of a filled-in step with its event, then the rows that name it."""
        current.event = self.record_step(
            verb, thing=current.thing, to=current.to, at=current.at, payload=current.payload,
            text=current.text, internal=current.internal, by=by,
        )  # fmt: skip
        for write in current.also:
            write(current.done())

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
        """Save a locked thing in the state ``to`` with its event; return the event.

        Where that is one of the flow's ``ended`` states, the endings run.
        """
        has_ended = to in self.chain.actors.flow.ended
        if has_ended:
            for ending in self.endings:
                payload = payload | ending(thing, at)
        thing.status = to
        thing.changed_at = at
        thing.ended_at = (thing.ended_at or at) if has_ended else None
        if not internal:  # an outsider does not see the event, so what he read is not stale
            thing.version += 1
        update(thing, _changeable_columns(type(thing)))
        return self.chain.append(
            thing=thing, verb=verb, to=to, at=at, payload=payload, text=text, internal=internal,
            by=by,
        )  # fmt: skip
