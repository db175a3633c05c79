"""疫情防控: what a site lacks to keep its workers safe, and how it is kept."""

from decimal import Decimal
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.tickets.kinds.base import Example, Kind, MeasuredLine, unit_rule
from coordination.tickets.kinds.units import ADDABLE, LONGEST_UNIT, canonical, label_of
from projects.record.numbers import CountField
from projects.record.text_fields import LineField


class Need(models.TextChoices):
    MASKS = "masks", _("Masks")
    DISINFECTANT = "disinfectant", _("Disinfectant")
    THERMOMETERS = "thermometers", _("Thermometers")
    ISOLATION_ROOMS = "isolation_rooms", _("Isolation rooms")
    ACCEPTANCE_CHECK = "acceptance_check", _("Check before resumption")
    OTHER = "other", _("Other")


_UNITS: Final[dict[str, str]] = {
    Need.MASKS: "只", Need.DISINFECTANT: "升", Need.THERMOMETERS: "支",
    Need.ISOLATION_ROOMS: "间", Need.ACCEPTANCE_CHECK: "次", Need.OTHER: "件",
}  # fmt: skip


class EpidemicControlLine(MeasuredLine):
    """One need of a site, with how many work there and which measures it keeps."""

    need = models.CharField(_("what is needed"), max_length=20, choices=Need)
    quantity = CountField(_("quantity"), least=1, most=10_000_000)
    unit = LineField(
        _("unit"), max_length=LONGEST_UNIT, blank=True,
        help_text=_("Left empty: 只 of masks, 升 of disinfectant, 支 of thermometers."),
    )  # fmt: skip
    workers_on_site = CountField(_("workers on site"), most=100_000)
    isolation_rooms = CountField(_("isolation rooms there are"), default=0, most=10_000)
    site_closed_management = models.BooleanField(_("site is closed to visitors"), default=False)
    real_name_register = models.BooleanField(_("real-name register is kept"), default=False)
    daily_temperature = models.BooleanField(_("temperatures taken daily"), default=False)

    class Meta(MeasuredLine.Meta):
        verbose_name = _("epidemic-control line")
        verbose_name_plural = _("epidemic-control lines")


KIND: Final = Kind(
    name="epidemic_control",
    label=_("Epidemic control"),
    model=EpidemicControlLine,
    unit=lambda line: canonical(line.unit) or _UNITS[line.need],
    fields=(
        "need", "quantity", "unit", "workers_on_site", "isolation_rooms",
        "site_closed_management", "real_name_register", "daily_temperature",
    ),
    personal=frozenset(),
    whole=True,
    asked=lambda line: Decimal(line.quantity),
    quantity_field="quantity",
    rules=(unit_rule(blank=True),),
    about=lambda line: str(line.get_need_display()),
    headline=lambda line: f"{line.get_need_display()} {line.quantity} {label_of(line.unit)}",
    example=Example(
        "工地防疫口罩短缺",
        {
            "need": "masks", "quantity": 2000, "unit": "只", "workers_on_site": 180,
            "isolation_rooms": 4, "site_closed_management": True, "real_name_register": True,
            "daily_temperature": True,
        },
    ),
    dimensions=ADDABLE,
    counts_lines=True,
)  # fmt: skip
