"""The verb of the classes of districts, within which bulletins rank them."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.record.acts import CHANGED, record_act
from projects.record.clock import change
from projects.record.refusals import Checker, Stale
from projects.register.models import CountyClass, District, DistrictClass
from projects.register.registration import LONGEST_REASON, require_permission

_CLASSES: Final = frozenset({"", *CountyClass.values})


def classes_version() -> int:
    """A number that grows with every class that is set: whether a page shows the newest."""
    return DistrictClass.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def set_classes(
    *,
    classes: Mapping[str, str],
    since: date,
    reason: str = "",
    version: int | None = None,
    by: AbstractUser,
) -> list[DistrictClass]:
    """Put districts into classes from a day on: by code, the class or "" for none.

    Each that changes is one row; others are left as they are. The day is today at the latest, and
    not before the district's last change; the same day corrects it. Raises NotAllowed, Stale if
    ``version`` is no longer :func:`classes_version`, Invalid by code.
    """
    require_permission(by, "register.add_districtclass")
    with change() as at:
        locked = District.objects.select_for_update(no_key=True).order_by("pk")
        districts = {each.code: each for each in locked}
        if version is not None and version != classes_version():
            raise Stale
        check = Checker()
        check.require(
            since <= timezone.localdate(at), "since", _("This day has not come yet."), "date-order"
        )
        check.require(
            len(reason.strip()) <= LONGEST_REASON, "reason", _("At most 200 characters."),
            "max_length",
        )  # fmt: skip
        held = _held()
        changed = {
            code: held.get(code)
            for code, chosen in classes.items()
            if chosen != (held[code].assigned if code in held else "")
        }
        check.require(changed, "classes", _("It is so already."))
        for code, before in changed.items():
            check.require(
                code in districts and since in districts[code].valid,
                code, _("This district does not exist on this day."), "validity",
            )  # fmt: skip
            check.require(classes[code] in _CLASSES, code, _("There is no such class."), "choice")
            check.require(
                before is None or before.since <= since, code,
                _("The last change holds from %(day)s: give no earlier day.")
                % {"day": before.since if before else since}, "date-order",
            )  # fmt: skip
        check.finish()
        for code, before in changed.items():
            pair = (before.assigned if before else "", classes[code])
            record_act(CHANGED, about=districts[code], changes={"class": pair}, by=by)
        return [
            DistrictClass.objects.create(
                district=districts[code], assigned=classes[code], since=since, recorded_at=at,
                by_id=by.pk, reason=reason.strip(),
            )
            for code in changed
        ]  # fmt: skip


def _held() -> dict[str, DistrictClass]:
    """The newest row of each district, by its code."""
    rows = DistrictClass.objects.order_by("district_id", "-since", "-pk").distinct("district_id")
    return {each.district.code: each for each in rows.select_related("district")}
