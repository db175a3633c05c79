"""The first step of tickets: the terms by which they run."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from coordination.tickets.models import Term
from coordination.tickets.stages import Stage
from projects.house.waiting import FirstStep


def _terms(_at: datetime) -> tuple[bool, str]:
    there = set(Term.objects.values_list("stage", flat=True))
    missing = [str(each.label) for each in Stage if each not in there]
    if missing:
        return False, _("missing: %(roles)s") % {"roles": pgettext("names", ", ").join(missing)}
    number = Term.objects.count()
    words = ngettext("%(number)d term", "%(number)d terms", number) % {"number": number}
    return True, words


FIRST_STEPS: Final = (
    FirstStep(
        "terms", 80, gettext_lazy("Terms"),
        gettext_lazy(
            "How long acceptance, handling and answers may take; initial values are there, look"
            " whether they are your city's."
        ),
        _terms, "admin:tickets_term_changelist", gettext_lazy("Look at the terms"),
        "tickets.change_term", after=("hours",),
    ),
)  # fmt: skip
