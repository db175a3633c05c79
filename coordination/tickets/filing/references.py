"""An enterprise's own references: each names one of its tickets, for good."""

from collections.abc import Iterable
from typing import Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from coordination.tickets.models import Ticket
from projects.record.refusals import FieldError
from projects.register.models import Enterprise

# In one order for all, so that two requests with the same references do not wait for each other.
_HOLD: Final = """
    SELECT pg_advisory_xact_lock(key) FROM (
        SELECT DISTINCT hashtextextended(reference, %s) AS key FROM unnest(%s::text[]) AS reference
        ORDER BY key
    ) AS keys
"""
_EARLIER: Final = _("An earlier ticket of this request has this reference.")
_TAKEN: Final = _("Ticket %(number)s has this reference already.")


def held_references(references: Iterable[str], *, enterprise: Enterprise) -> dict[str, str]:
    """The tickets' numbers by those of the references that are taken.

    Until the transaction ends nobody else files with any of them.
    """
    given = sorted({each for each in references if each})
    if not given:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [enterprise.pk, given])
    own = Ticket.objects.filter(enterprise=enterprise, external_id__in=given)
    return dict(own.values_list("external_id", "number"))


def taken(reference: str, numbers: dict[str, str]) -> list[FieldError]:
    """The error of a reference that another ticket has; its number is empty within one request."""
    if reference not in numbers:
        return []
    number = numbers[reference]
    message = _TAKEN % {"number": number} if number else _EARLIER
    return [FieldError(("external_id",), message, "taken", number)]
