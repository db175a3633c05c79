"""The contact on a ticket's page: in the clear to who has to ring him, masked to the others."""

from collections.abc import Callable
from typing import Any

from coordination.privacy.reveal import look_as_handler
from coordination.tickets import personal
from coordination.tickets.models import Ticket
from coordination.tickets.reader import TicketReader
from projects.record.masks import mask_name, mask_phone
from projects.record.sealed_fields import UNREADABLE, opened_or


def contact_panel(ticket: Ticket, reader: TicketReader) -> dict[str, Any]:
    """The panel. That somebody who works on the ticket looks is put on record here.

    ``dial`` is the number for a telephone; empty where it is masked.
    """
    officer = reader.officer
    handles = look_as_handler(ticket=ticket, by=officer, reader=reader)
    clear = handles or personal.CONTACT in reader.clear
    number = opened_or(ticket, "contact_mobile", None) or ""
    return {
        "handles": handles,
        "may_reveal": officer.has_perm("privacy.add_reveal"),
        "name": _shown_value(ticket, "contact_name", str if clear else mask_name),
        "mobile": _shown_value(ticket, "contact_mobile", _grouped if clear else mask_phone),
        "dial": number if clear else "",
    }


def _grouped(number: str) -> str:
    """A mobile number as people read it out."""
    return f"{number[:3]} {number[3:7]} {number[7:]}".strip()


def _shown_value(ticket: Ticket, name: str, shown: Callable[[str], str]) -> str:
    value = opened_or(ticket, name, None)
    return str(UNREADABLE) if value is None else shown(value)
