"""What the API's document says of the fields of tickets and of their lines."""

from typing import Final

LABEL: Final = "The same in the caller's language; for people."
TICKET_FIELDS: Final = {
    "number": "The ticket's number, by which addresses name it.",
    "kind": "What is asked for, and of which fields its lines are.",
    "title": "What it is about, in one line of at most 60 characters.",
    "detail": "What else is to be known; at most 2,000 characters.",
    "urgency": "How urgent it is. The desk may grade it anew.",
    "status": "Where it stands.",
    "needed_by": "By when it is needed; a day alone lasts to its end.",
    "filed_at": "When it was filed.",
    "changed_at": "When it last changed; for `changed_since`.",
    "ended_at": "When it was written off, declined or withdrawn; null while it is open.",
    "version": "Counts its changes; `If-Match` compares it.",
    "satisfaction": "What the enterprise said: 1 (very dissatisfied) to 5 (very satisfied); null "
    "until then.",
    "redo_count": "How many times it was sent back.",
    "urge_count": "How many times it was urged.",
    "urged_at": "When it was last urged; null if it never was.",
}

# Of the lines of all kinds, by their names; one name means the same in every kind but these.
_OWN: Final = {
    ("epidemic_control", "quantity"): "How many are needed, in `unit`.",
    ("worker_return", "origin"): "Where they come from: a name, or the six-digit code of GB/T 2260;"
    " a county or a city.",
}
_LINE_FIELDS: Final = {
    "position": "The line's place in the ticket, counted from 1.",
    "pass_type": "Which pass is asked for.",
    "plate": "The number plate; for a combination, the tractor's.",
    "trailer_plate": "The trailer's number plate, for a combination only.",
    "carrier": "Who carries it.",
    "driver_name": "The driver's name.",
    "driver_mobile": "The driver's mobile number, of 11 digits.",
    "cargo_category": "What sort of cargo it is.",
    "origin": "Where it comes from: a name, or the six-digit code of GB/T 2260; a county or a "
    "city.",
    "destination": "Where it goes: a name, or the six-digit code of GB/T 2260; a county or a city.",
    "valid_from": "The first day on which the pass is needed.",
    "valid_to": "The last day on which the pass is needed.",
    "blocked_checkpoint": "The checkpoint that does not let it through.",
    "headcount": "How many people travel.",
    "departs_at": "When they depart.",
    "arrives_at": "When they arrive; a day alone lasts to its end.",
    "mode": "By what they travel.",
    "seats": "How many seats the vehicle has.",
    "health_declared": "Whether all have declared their health.",
    "temperature_checked": "Whether all had their temperature taken.",
    "symptom_or_contact_14d": "Whether anybody had symptoms or contact within 14 days.",
    "isolation_site": "Where those are kept apart who must be.",
    "receiver": "Who receives them.",
    "receiver_mobile": "The receiver's number, a mobile or a landline with its area code.",
    "item": "Which material it is.",
    "specification": "Its specification.",
    "quantity": "How much is needed, in `unit`.",
    "unit": "The unit of measure; stored by the name that the table of units has for it.",
    "in_stock": "How much of it there is, in `unit`; 0 where left out.",
    "supplier": "Who supplies it.",
    "supplier_region": "Where the supplier is.",
    "needed_by": "By which day it is needed.",
    "shortage": "Why it is short.",
    "cargo": "What is transported.",
    "tonnage": "How much of it, in tonnes.",
    "vehicles": "How many vehicles carry it.",
    "route": "By which roads.",
    "load_from": "When loading begins.",
    "load_to": "When loading ends; a day alone lasts to its end.",
    "unload_from": "When unloading begins.",
    "unload_to": "When unloading ends; a day alone lasts to its end.",
    "pass_needed": "Whether the vehicles need passes.",
    "need": "What is needed.",
    "workers_on_site": "How many people work on the site.",
    "isolation_rooms": "How many isolation rooms the site has; 0 where left out.",
    "site_closed_management": "Whether the site is closed to visitors.",
    "real_name_register": "Whether a register of real names is kept.",
    "daily_temperature": "Whether temperatures are taken daily.",
    "unit_filed": "The unit as it was filed; null where none was.",
    "asked": "The quantity that is asked for, in `unit`.",
    "met": "The quantity that was met, in `unit`.",
    "refused": "The quantity that was refused, in `unit`.",
    "outcome": "What has become of the line.",
    "outcome_reason": "Why it was refused, or not met; null where it was not.",
}


def line_fields(kind: str) -> dict[str, str]:
    """What is said of the fields of the kind's lines."""
    return _LINE_FIELDS | {name: text for (of, name), text in _OWN.items() if of == kind}
