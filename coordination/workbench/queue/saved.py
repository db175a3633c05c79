"""The views of a queue: those of the officer's role, and his saved ones."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer, Role
from coordination.tickets.queries_responsible import stands_in
from coordination.workbench.models import SavedView
from coordination.workbench.queue.filters import STANDING_IN, Queue
from projects.record.clock import now
from projects.record.refusals import Checker, Missing
from projects.record.text import one_line

MOST_VIEWS: Final = 20
_LONGEST_NAME: Final = 20
_LONGEST_QUERY: Final = 500
_SERVING: Final = frozenset({Role.LIAISON, Role.GROUP_LEAD})
_CENTRE: Final = frozenset({Role.DUTY_DESK, Role.DIRECTOR, Role.AUDITOR})
_ALL: Final = _SERVING | _CENTRE
_LOOKING: Final = frozenset({Role.LEADER})


@dataclass(frozen=True)
class View:
    """A named filter; ``pk`` is set if the officer saved it."""

    name: str | Promise
    query: str
    pk: int | None = None
    is_default: bool = False

    @property
    def address(self) -> str:
        """The query string of its address; never empty, because that would open the first view."""
        return f"?{self.query or 'status='}"


_BUILT_IN: Final[tuple[tuple[Promise, str, frozenset[Role]], ...]] = (
    (_("Mine"), "status=open&handler=me", frozenset({Role.LIAISON})),
    (_("My group's"), "status=open", _SERVING),
    (_("Mine"), "status=open&handler=me", frozenset({Role.GROUP_LEAD})),
    (_("All open"), "status=open", _CENTRE | _LOOKING),
    (_("No group yet"), "status=open&group=none", _CENTRE),
    (_("Waiting for acceptance"), "status=submitted", _ALL),
    (_("Overdue"), "light=red&order=due", _ALL | _LOOKING),
    (_("Awaiting the enterprise"), "status=need_info", _ALL),
    (_("To be written off"), "status=resolved", _ALL),
    (
        _("Awaiting countersignature"),
        "signature=awaited",
        frozenset({Role.GROUP_LEAD, Role.DUTY_DESK, Role.DIRECTOR}),
    ),
    (_("Third transfers"), "passed=3", frozenset({Role.DUTY_DESK, Role.DIRECTOR})),
    (_("All"), "", _ALL | _LOOKING),
)


_STANDING_IN: Final = View(_("Standing in"), f"status=open&handler={STANDING_IN}")


def views_of(officer: Officer) -> list[View]:
    """The views of his role, then his own; also one for standing in, while he does."""
    own = SavedView.objects.filter(officer=officer)
    built_in = [View(name, query) for name, query, roles in _BUILT_IN if officer.role in roles]
    if officer.role in _SERVING and stands_in(officer, now()):
        built_in.insert(1, _STANDING_IN)
    return [
        *built_in,
        *[View(view.name, view.query, view.pk, view.is_default) for view in own],
    ]


def first_query(views: list[View]) -> str:
    """The view that opens by default: his own choice, or the first of his role."""
    chosen = [view.query for view in views if view.is_default]
    return (chosen or [view.query for view in views] or [""])[0]


def save_view(*, name: str, queue: Queue, is_default: bool = False, by: Officer) -> SavedView:
    """Save a filter under a name; replaces his view of the same name.

    Raises Invalid if the name is empty or too long, the filter too long, or he has 20 others.
    """
    name = one_line(name)
    others = SavedView.objects.filter(officer=by).exclude(name=name)
    with transaction.atomic():
        check = Checker()
        check.require(name, "name", _("Give the view a name."), "required")
        check.require(len(name) <= _LONGEST_NAME, "name", _("At most 20 characters."), "max_length")
        check.require(
            len(queue.query) <= _LONGEST_QUERY, "name", _("This filter is too long."), "max_length"
        )
        check.require(
            others.count() < MOST_VIEWS, "name", _("Remove a view first: 20 at most."), "most"
        )
        check.finish()
        if is_default:
            others.filter(is_default=True).update(is_default=False)
        view, _made = SavedView.objects.update_or_create(
            officer=by, name=name, defaults={"query": queue.query, "is_default": is_default}
        )
        return view


def remove_view(*, view_id: int, by: Officer) -> None:
    """Remove a view of his own. Raises Missing if it is not his."""
    gone, _each = SavedView.objects.filter(officer=by, pk=view_id).delete()
    if not gone:
        raise Missing
