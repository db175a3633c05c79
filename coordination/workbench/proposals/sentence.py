"""The explanation of a proposal, in one short sentence."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.workbench.proposals.spread import Knows, Why


def sentence(why: Why) -> str:
    """How he knows the district, and his workload; in the reader's language."""
    has = {"projects": why.projects, "tickets": why.tickets}
    return _("%(knows)s; %(bears)s (%(projects)s projects, %(tickets)s tickets)") % {
        "knows": _knows(why), "bears": _bears(why), **has,
    }  # fmt: skip


def _knows(why: Why) -> str:
    number = {"number": why.known}
    if why.knows is Knows.HIMSELF:
        return (
            ngettext(
                "serves %(number)s project of this district already",
                "serves %(number)s projects of this district already",
                why.known,
            )
            % number
        )
    if why.knows is Knows.GROUP:
        return (
            ngettext(
                "the group serves %(number)s project of this district",
                "the group serves %(number)s projects of this district",
                why.known,
            )
            % number
        )
    if why.knows is Knows.NOBODY:
        return _("no group serves this district yet")
    return _("who serves this district has far more to do")


def _bears(why: Why) -> str:
    return _("has least to do") if why.is_least else _("has little more than the least")
