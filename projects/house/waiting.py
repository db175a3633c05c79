"""The values by which a room says what waits for an officer, and for a desk that is begun."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Waiting:
    """A reason why something waits: for an officer, or through him for others.

    ``code`` is its value in the queue's filter. ``condition`` takes the officer's viewpoint and
    returns the Q object; ``act`` takes a row of it and returns the verb that is most likely next,
    empty where no verb is. ``refusal`` is the verb that decides the other way, ``asked_by`` the
    verb whose event says what is to be decided.
    """

    code: str
    label: Promise
    order: int
    condition: Callable[[Any], Any]
    act: Callable[[Any], str] = lambda _row: ""
    refusal: str = ""
    asked_by: str = ""
    is_for_others: bool = False  # he has done his part, and only counts it


@dataclass(frozen=True)
class Matter:
    """Something other than a ticket that waits for an officer, shown on the first page.

    ``find`` takes the officer and the moment, and returns the number of things and a sentence;
    None where nothing waits for him. ``address`` is the name of the URL of the page that has them,
    ``act`` what is done there.
    """

    code: str
    label: Promise
    order: int
    find: Callable[[Any, datetime], tuple[int, str] | None]
    address: str
    act: Promise


@dataclass(frozen=True)
class FirstStep:
    """A step by which an empty desk is brought into service, on the page of the first steps.

    ``why`` is one sentence. ``find`` takes the moment and returns whether the step is done, and
    what is there now in words. ``address`` is the name of the URL of the page where ``act`` is
    done, by whoever has ``permission``. ``after`` has the codes of steps that must be done before.
    An optional step may stay open.
    """

    code: str
    order: int
    title: Promise
    why: Promise
    find: Callable[[datetime], tuple[bool, str]]
    address: str
    act: Promise
    permission: str
    after: Sequence[str] = ()
    is_optional: bool = False
