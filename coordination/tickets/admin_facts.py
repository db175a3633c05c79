"""Whose ticket it is and how it stands: the narrow column of its page."""

from typing import Any

from coordination.groups.models import Officer
from coordination.tickets.models import Ticket
from coordination.tickets.privacy.masks import mask_mobile, mask_name
from coordination.tickets.privacy.models import PersonalGroup
from coordination.tickets.privacy.queries import is_revealed


def facts(ticket: Ticket, _officer: Officer) -> dict[str, Any]:
    """The panel of group, handler and days; the ticket itself says it all, but who signed."""
    return {"signed": ticket.signed_off_by if ticket.signed_off_by_id else None}


def parties(ticket: Ticket, officer: Officer) -> dict[str, Any]:
    """The panel of enterprise, contact and project; the contact masked until he asks."""
    if is_revealed(ticket, PersonalGroup.CONTACT, officer):
        return {"name": ticket.contact_name, "mobile": ticket.contact_mobile}
    return {"name": mask_name(ticket.contact_name), "mobile": mask_mobile(ticket.contact_mobile)}
