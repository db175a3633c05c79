"""Which of the first steps are done, and what comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.cache import cache

from coordination.staff.models import Officer, Role
from projects.house.rooms import first_steps, permissions_of
from projects.house.waiting import FirstStep

CENTRE: Final = frozenset({Role.DIRECTOR, Role.DUTY_DESK})
READERS: Final = CENTRE | {Role.SYSTEM_ADMIN}
_DOERS: Final = (Role.SYSTEM_ADMIN, Role.DIRECTOR, Role.DUTY_DESK)
_ALL_DONE: Final = "first-steps-done"


@dataclass(frozen=True)
class Shown:
    """A step as an officer sees it: ``before`` are the titles of open steps that come first."""

    step: FirstStep
    is_done: bool
    words: str
    before: Sequence[str]
    may: bool  # whether it is his to do
    who: Sequence[str]  # the roles whose it is

    @property
    def state(self) -> str:
        """done, blocked, optional or open."""
        if self.is_done:
            return "done"
        if self.before:
            return "blocked"
        return "optional" if self.step.is_optional else "open"

    @property
    def is_lacking(self) -> bool:
        """Whether the desk is not in service without it."""
        return not (self.is_done or self.step.is_optional)


def steps_for(officer: Officer, at: datetime) -> list[Shown]:
    """The steps in their order: all for the centre, for others those that are theirs to do."""
    steps = first_steps()
    found = {each.code: each.find(at) for each in steps}
    titles = {each.code: str(each.title) for each in steps}
    return [
        Shown(
            each, *found[each.code],
            [titles[code] for code in each.after if code in found and not found[code][0]],
            officer.has_perm(each.permission), _doers(each.permission),
        )
        for each in steps
        if officer.role in CENTRE or officer.has_perm(each.permission)
    ]  # fmt: skip


def _doers(permission: str) -> list[str]:
    return [str(role.label) for role in _DOERS if permission in permissions_of(role)]


def count_lacking(officer: Officer, at: datetime) -> int:
    """How many of his steps are lacking; always 0 once all of the centre were done.

    What is lacking afterwards, such as a new project that nobody serves, is told by other means.
    """
    if officer.role not in READERS or cache.get(_ALL_DONE):
        return 0
    number = sum(each.is_lacking for each in steps_for(officer, at))
    if not number and officer.role in CENTRE:
        cache.set(_ALL_DONE, 1, timeout=None)
    return number
