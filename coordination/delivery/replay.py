"""Sending deliveries again that were given up or lost."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from coordination.delivery.channel_managers import NOT_HIS, may_manage_delivery
from coordination.delivery.give_up import carry_again
from coordination.delivery.models import Delivery, State
from coordination.delivery.queries import deliveries_for
from coordination.staff.models import Officer
from projects.record.clock import change
from projects.record.finding import get_or_missing
from projects.record.refusals import Missing, NotAllowed
from projects.record.sealed_fields import is_there


def replay(*, delivery: Delivery, by: Officer) -> Delivery:
    """Send a delivery again, from the start of the schedule, under the same message id.

    By those who may manage its channel. What a digest carries waits for it again. Raises
    NotAllowed while it is still under way, or if the channel is not in use or its link was erased,
    Missing if it is not his to see.
    """
    with change() as at:
        rows = deliveries_for(by).select_related(
            "destination__officer", "destination__group", "endpoint"
        )
        row = get_or_missing(rows.select_for_update(of=("self",)), pk=delivery.pk)
        if not may_manage_delivery(row, by):
            raise NotAllowed(NOT_HIS)
        if State.PENDING in {row.state, row.carried_by and row.carried_by.state}:
            raise NotAllowed(_("This delivery is still under way."))
        if not _is_in_use(row):
            raise NotAllowed(_("This channel is not in use."))
        if row.sealed_link == "":
            raise NotAllowed(_("Its link was for one time, and is not kept."))
        row.state, row.tries, row.due_at, row.settled_at = State.PENDING, 0, at, None
        row.at_any_hour = True  # whoever sends it again waits for it, as for a test
        row.save(update_fields=["state", "tries", "due_at", "settled_at", "at_any_hour"])
        carry_again(row)
        return row


def _is_in_use(row: Delivery) -> bool:
    """Whether the channel is open, or the webhook enabled and the content not yet erased."""
    if row.destination is not None:
        return row.destination.is_active
    return row.endpoint is not None and row.endpoint.is_enabled and is_there(row, "body")


def replay_all(*, deliveries: Iterable[Delivery], by: Officer) -> tuple[int, int]:
    """Replay each; returns how many are pending again, and how many were refused."""
    done = refused = 0
    for each in deliveries:
        try:
            replay(delivery=each, by=by)
            done += 1
        except (NotAllowed, Missing):
            refused += 1
    return done, refused
