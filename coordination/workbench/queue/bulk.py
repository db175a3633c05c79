"""One verb on many tickets: each in a transaction of its own, each refusal by its ticket."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from coordination.staff.models import Officer
from coordination.tickets.acts import why_not
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for
from coordination.tickets.queries_responsible import answering_each
from coordination.tickets.verbs.registry import perform
from projects.record.clock import now
from projects.record.refusals import Invalid, Missing, NotAllowed, Refusal

# Verbs for which one text may be said of many tickets. What must differ from ticket to ticket,
# such as a line's quantity or why it was not met, is left to the ticket's own page.
BULK_VERBS: Final = (
    Verb.ACCEPT, Verb.PASS_ON, Verb.COMMENT, Verb.URGE, Verb.RESOLVE, Verb.WRITE_OFF,
)  # fmt: skip
MOST: Final = 100
HANDLER: Final = "handler"  # None: each ticket goes to the one who serves its project


@dataclass(frozen=True)
class Outcome:
    """The result for one ticket; ``refusal`` is empty if it was done."""

    ticket: Ticket
    refusal: str = ""


def picked(ids: Iterable[int], by: Officer) -> list[Ticket]:
    """Those of the tickets that he may see, the newest first, at most MOST."""
    rows = (
        tickets_for(by)
        .filter(pk__in=list(ids)[:MOST])
        .select_related("project", "group", "handler")
    )
    return list(rows.order_by("-pk"))


def perform_each(
    verb: str, *, versions: Mapping[int, int], inputs: Mapping[str, Any], by: Officer
) -> list[Outcome]:
    """Perform the verb on each ticket unless it has changed since he saw it; return each result.

    A refusal of one does not affect the others. Raises Missing for a verb that is not for many.
    """
    if verb not in BULK_VERBS:
        raise Missing
    tickets = picked(versions, by)
    own = answering_each(tickets, now()) if _goes_to_its_own(inputs) else {}
    return [
        _outcome(
            verb, ticket, versions[ticket.pk],
            {**inputs, HANDLER: own[ticket.pk] or by} if ticket.pk in own else inputs, by,
        )
        for ticket in tickets
    ]  # fmt: skip


def _goes_to_its_own(inputs: Mapping[str, Any]) -> bool:
    """Whether he could have chosen one officer for all tickets, and has chosen none."""
    return HANDLER in inputs and inputs[HANDLER] is None


def _outcome(
    verb: str, ticket: Ticket, version: int, inputs: Mapping[str, Any], by: Officer
) -> Outcome:
    try:
        return Outcome(perform(verb, ticket=ticket, version=version, by=by, **inputs))
    except Invalid as refusal:
        open_lines = [str(each.path[1]) for each in refusal.errors if each.path[0] == "reasons"]
        if open_lines:
            said = _("Not settled yet: line %(lines)s.") % {"lines": ", ".join(open_lines)}
            return Outcome(ticket, said)
        return Outcome(ticket, " ".join(refusal.reasons))
    except NotAllowed as refusal:
        return Outcome(ticket, why_not(verb, ticket, by) or str(refusal.message))
    except Refusal as refusal:
        return Outcome(ticket, " ".join(refusal.reasons))
