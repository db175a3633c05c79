"""One verb on many tickets: each in a transaction of its own, each refusal by its ticket."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for
from coordination.tickets.verbs.registry import perform
from projects.record.refusals import Invalid, Missing, Refusal

# What needs no look at each ticket by itself; a result, a follow-up or a refusal does.
BULK_VERBS: Final = (Verb.ACCEPT, Verb.PASS_ON, Verb.COMMENT)
MOST: Final = 100


@dataclass(frozen=True)
class Outcome:
    """What became of one ticket; ``refusal`` is empty where it was done."""

    ticket: Ticket
    refusal: str = ""


def picked(ids: Iterable[int], by: Officer) -> list[Ticket]:
    """Those that he may know of, in the order of the queue."""
    rows = tickets_for(by).filter(pk__in=list(ids)[:MOST]).select_related("project", "group")
    return list(rows.order_by("-pk"))


def perform_each(
    verb: str, *, versions: Mapping[int, int], inputs: Mapping[str, Any], by: Officer
) -> list[Outcome]:
    """Do the verb on each ticket, by the version that he saw of it; say what became of each.

    A refusal of one is no matter of the others. Raises Missing for a verb that is not for many.
    """
    if verb not in BULK_VERBS:
        raise Missing
    return [
        _outcome(verb, ticket, versions[ticket.pk], inputs, by) for ticket in picked(versions, by)
    ]


def _outcome(
    verb: str, ticket: Ticket, version: int, inputs: Mapping[str, Any], by: Officer
) -> Outcome:
    try:
        return Outcome(perform(verb, ticket=ticket, version=version, by=by, **inputs))
    except Invalid as refusal:
        return Outcome(ticket, " ".join(str(error.message) for error in refusal.errors))
    except Refusal as refusal:
        return Outcome(ticket, str(refusal.message))
