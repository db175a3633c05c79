"""疫情防控: what a site lacks to keep its workers safe, and how it is kept."""

from decimal import Decimal
from typing import Final

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.tickets.kinds.base import Example, Kind, Line, Measure


class Need(models.TextChoices):
    MASKS = "masks", _("Masks")
    DISINFECTANT = "disinfectant", _("Disinfectant")
    THERMOMETERS = "thermometers", _("Thermometers")
    ISOLATION_ROOMS = "isolation_rooms", _("Isolation rooms")
    ACCEPTANCE_CHECK = "acceptance_check", _("Check before resumption")
    OTHER = "other", _("Other")


class EpidemicControlLine(Line):
    """One need of a site, with how many work there and which measures it keeps."""

    need = models.CharField(_("what is needed"), max_length=20, choices=Need)
    quantity = models.PositiveIntegerField(_("quantity"), validators=[MinValueValidator(1)])
    workers_on_site = models.PositiveIntegerField(_("workers on site"))
    isolation_rooms = models.PositiveIntegerField(_("isolation rooms there are"), default=0)
    site_closed_management = models.BooleanField(_("site is closed to visitors"), default=False)
    real_name_register = models.BooleanField(_("real-name register is kept"), default=False)
    daily_temperature = models.BooleanField(_("temperatures taken daily"), default=False)

    class Meta(Line.Meta):
        verbose_name = _("epidemic-control line")
        verbose_name_plural = _("epidemic-control lines")


KIND: Final = Kind(
    name="epidemic_control",
    label=_("Epidemic control"),
    model=EpidemicControlLine,
    unit=_("items"),
    fields=(
        "need", "quantity", "workers_on_site", "isolation_rooms", "site_closed_management",
        "real_name_register", "daily_temperature",
    ),
    personal=frozenset(),
    whole=True,
    asked=lambda line: Decimal(line.quantity),
    rules=(),
    headline=lambda line: f"{line.get_need_display()} × {line.quantity}",
    measures=(Measure("items", _("items"), counts_lines=True),),
    example=Example(
        "工地防疫口罩短缺",
        {
            "need": "masks", "quantity": 2000, "workers_on_site": 180, "isolation_rooms": 4,
            "site_closed_management": True, "real_name_register": True, "daily_temperature": True,
        },
    ),
)  # fmt: skip
