"""The first steps of the staff: the three administrators, accounts, and posts."""

from collections import Counter
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from coordination.staff.models import ADMINISTRATORS, Officer, Role
from projects.house.waiting import FirstStep

_SERVING: Final = (Role.LIAISON, Role.GROUP_LEAD)


def _by_role() -> Counter[str]:
    return Counter(Officer.objects.filter(is_active=True).values_list("role", flat=True))


def _listed(words: list[str]) -> str:
    return pgettext("names", ", ").join(words)


def _administrators(_at: datetime) -> tuple[bool, str]:
    found = _by_role()
    missing = [str(each.label) for each in Role if each in ADMINISTRATORS and not found[each]]
    if missing:
        return False, _("missing: %(roles)s") % {"roles": _listed(missing)}
    return True, _("all three are there")


def _accounts(_at: datetime) -> tuple[bool, str]:
    found = _by_role()
    number = sum(found[each] for each in found if each not in {*ADMINISTRATORS, Role.DIRECTOR})
    words = ngettext("%(number)d account", "%(number)d accounts", number) % {"number": number}
    return bool(number), _("%(accounts)s besides director and administrators") % {"accounts": words}


def _posts(_at: datetime) -> tuple[bool, str]:
    found = _by_role()
    words = [
        _("%(role)s %(number)d") % {"role": each.label, "number": found[each]}
        for each in (*_SERVING, Role.DUTY_DESK)
    ]
    if found[""]:
        words.append(_("without a post %(number)d") % {"number": found[""]})
    return any(found[each] for each in _SERVING) and bool(found[Role.DUTY_DESK]), _listed(words)


FIRST_STEPS: Final = (
    FirstStep(
        "administrators", 10, gettext_lazy("The three administrators"),
        gettext_lazy(
            "Accounts, roles and the record belong to three people; each is made on the server with"
            " “manage.py first_administrator --role …”."
        ),
        _administrators, "admin:staff_officer_changelist", gettext_lazy("Show them"),
        "staff.view_officer",
    ),
    FirstStep(
        "accounts", 30, gettext_lazy("Accounts of the staff"),
        gettext_lazy("Everybody who works at the desk signs in with an account of his own."),
        _accounts, "admin:staff_officer_changelist", gettext_lazy("Make accounts"),
        "staff.add_officer", after=("administrators",),
    ),
    FirstStep(
        "posts", 40, gettext_lazy("Posts"),
        gettext_lazy(
            "A new account may do nothing until the director gives it a post: liaison, group lead"
            " or duty desk; what nobody else can take goes to the duty desk."
        ),
        _posts, "admin:staff_officer_changelist", gettext_lazy("Give posts"),
        "staff.assign_post", after=("accounts",),
    ),
)  # fmt: skip
