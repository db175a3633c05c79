"""A department's provisional deadline is reckoned again with its ticket's own."""

from coordination.referrals.queries import open_referrals
from coordination.tickets.verbs.reckon_again import Again
from projects.worktime.reckon import reckon
from projects.worktime.spans import Span


def settle_referrals(again: Again) -> None:
    """Of the provisional and the true deadline of each open referral the later holds."""
    rows = open_referrals(again.step.ticket).filter(due_is_provisional=True)
    for row in rows.select_related("event"):
        span = Span(row.event.payload["amount"], row.event.payload["unit"])
        found = reckon(row.asked_at, span, again.calendar)
        if found.unknown_year is not None:
            again.awaited.append(found.unknown_year)
            continue
        row.due_at, row.due_is_provisional = max(found.due, row.due_at), False
        row.save(update_fields=["due_at", "due_is_provisional"])
        again.payload.setdefault("referrals", []).append(row.pk)
