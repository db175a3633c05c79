"""How long somebody waits who guessed wrong, in words."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_MINUTE: Final = 60


def refused_for(reason: str, seconds: int) -> str:
    """The reason, and in how many minutes or seconds to come again."""
    return _("%(reason)s %(again)s") % {"reason": reason, "again": again_in(seconds)}


def again_in(seconds: int) -> str:
    """In how many minutes or seconds to come again."""
    if seconds < _MINUTE:
        text = ngettext(
            "Try again in %(number)d second.", "Try again in %(number)d seconds.", seconds
        )
        return text % {"number": seconds}
    minutes = -(-seconds // _MINUTE)
    text = ngettext("Try again in %(number)d minute.", "Try again in %(number)d minutes.", minutes)
    return text % {"number": minutes}
