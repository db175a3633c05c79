"""The codes of errors in tickets, and what each means."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.files.checks.refusal_messages import REFUSAL_MESSAGES

_SHARED: Final = {"required", "too-many"}  # with other errors than a file's
ERROR_CODES: Final[Mapping[str, Promise]] = {
    "mobile": _("Not a mobile number of 11 digits."),
    "phone": _("Neither a mobile number of 11 digits nor a landline with its area code."),
    "county-code": _("Not the code or the name of a county, or of a city without counties."),
    "several-places": _("The name is that of several places: give the name of the city too."),
    "functional-zone": _("A functional zone, which has no code: give the county it lies in."),
    "plate": _("Not a number plate."),
    "tractor": _("A combination needs the tractor's plate, and the trailer's beside it."),
    "pass-scope": _("This type of pass does not hold for this trip."),
    "seats": _("Fewer seats than people."),
    "coach-cap": _("The coach would be fuller than is allowed for now."),
    "isolation-site": _("After symptoms or contact, a place of isolation is needed."),
    "no-gap": _("What is in stock covers what is needed."),
    "unit": _("Not a unit, or one in which this is not measured."),
    "settled": _("What was met of it already is more, or it needs nothing more."),
    "unchanged": _("Nothing would change."),
    "taken": _("Another ticket of the enterprise has it; `number` says which."),
    "unwanted": _("No line asks for a ticket of this kind to be opened."),
    "personal-number": _("A mobile or an ID number stands where everybody can read it."),
    "not-own": _("Somebody else attached it."),
    "urged-today": _("The ticket was urged today already; once a day is allowed."),
    "not-asked": _("No question waits for an answer."),
    "not-revivable": _("Its original was not declined or withdrawn in the last thirty days."),
    "held": _("The centre keeps the whole ticket for the time being."),
    "terms-missing": _("The desk has no term or no service hours for it: tell the desk."),
    **{code: says for code, says in REFUSAL_MESSAGES.items() if code not in _SHARED},
}
