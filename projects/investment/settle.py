"""The verb that settles a figure of investment that is out of the ordinary."""

from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.investment.models import FlagSettlement
from projects.investment.queries_flags import flag_of
from projects.record.clock import change
from projects.record.masks import has_numbers
from projects.record.refusals import Checker, NotAllowed, Stale
from projects.register.current import require_current
from projects.register.models import Project
from projects.register.registration import field_errors, require_permission


def settle_flag(
    *,
    project: Project,
    flag: str,
    month: int,
    outcome: str,
    note: str,
    seen: str | None = None,
    by: AbstractUser,
) -> FlagSettlement:
    """Record what an officer found out: the figure is right as stated, or is to be corrected.

    ``month`` is of the running year, 0 for the year. It holds for the figures as they are now; one
    that was to be corrected may still be found right. Raises NotAllowed where the figures give no
    such flag or it was found right, Stale if ``seen`` is not the flag's mark, Invalid where the
    note is missing or holds a mobile or an ID number.
    """
    require_permission(by, "investment.add_flagsettlement")
    with change() as at:
        row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        require_current(row)
        found = flag_of(row, flag, month, at)
        if found is None:
            raise NotAllowed(_("This waits no longer: the figures were changed."))
        if seen is not None and seen != found.mark:
            raise Stale
        if not found.is_open and not found.is_wrong:
            raise NotAllowed(_("This waits no longer: it is settled."))
        fact = FlagSettlement(
            project=row, year=timezone.localdate(at).year, month=month, flag=flag,
            stated=found.stated, beside=found.beside, outcome=outcome, note=note,
            officer_id=by.pk, recorded_at=at,
        )  # fmt: skip
        check = Checker(field_errors(fact, exclude={"project", "officer"}))
        check.require(
            not has_numbers(fact.note), "note", _("Leave mobiles and ID numbers out."),
            "personal-number",
        )  # fmt: skip
        check.finish()
        fact.save(force_insert=True)
        return fact
