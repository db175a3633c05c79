"""The departments whose answers are late, on the board of everybody."""

from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.referrals.queries import overdue_by_department, overdue_referrals
from coordination.tickets.board_counts import queue
from projects.house.blocks import Column, Figures, Format, Listed, Path, Table
from projects.house.widgets import ALL_ALONE, Figure, Picture, Reading, Tile, View


def _late(view: View) -> Reading:
    """How many tickets wait for a department that is late."""
    number = overdue_referrals(view.at).values("ticket").distinct().count()
    link = queue(view, referral="overdue")
    return Reading((Figure(str(number), _("tickets (起)"), link=link),), is_amiss=bool(number))


def _departments(view: View) -> Figures | None:
    rows = [
        {
            "key": str(each.department), "name": each.name, "overdue": each.overdue,
            "open": each.open, "since": f"{timezone.localtime(each.since):%Y-%m-%d %H:%M}",
        }
        for each in overdue_by_department(view.at)
    ]  # fmt: skip
    return {"rows": rows} if rows else None


def _of_department(view: View, key: Path) -> str:
    return queue(view, referral=f"late-{key[0]}")


_KEY: Final[Any] = Column("key", "", Format.TEXT)
WIDGETS: Final = (
    Tile("late-answers", 150, gettext_lazy("Overdue referrals"), _late, ALL_ALONE, is_to_do=True),
    Picture(
        "departments", 80, gettext_lazy("Overdue referrals by department"), _departments,
        Table(
            headings=(gettext_lazy("Department"),),
            columns=(
                Column("overdue", gettext_lazy("Overdue"), link=_of_department, light="red"),
                Column("open", gettext_lazy("Waiting in all")),
                Column("since", gettext_lazy("Due since"), Format.TEXT),
            ),
            rows=(Listed(("rows",), _KEY, Column("name", "", Format.TEXT)),),
        ),
        span=6, whose=ALL_ALONE,
    ),
)  # fmt: skip
