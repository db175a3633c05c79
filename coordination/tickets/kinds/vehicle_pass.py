"""车辆通行: a vehicle that a checkpoint holds up, or may.

Recorded and coordinated, never approved: on 2020-02-12 the ministries forbade any approval or
stamping of the vehicle pass and of the workers' coach pass.
"""

import re
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.tickets.kinds.base import Kind, Line, LineRule
from projects.register.identifiers import validate_county_code, validate_mobile

# Standard plates have a province, a letter, and five of the alphabet without I and O, one of
# them a digit; new-energy plates six (small: D or F first, large: D or F last); trailers four
# and 挂 (GA 36 as used).
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE: Final = re.compile(
    rf"[{_PROVINCES}][A-HJ-NP-Z]"
    r"(?:(?=.*\d)[A-HJ-NP-Z0-9]{5}|[DF][A-HJ-NP-Z0-9]\d{4}|\d{5}[DF]|[A-HJ-NP-Z0-9]{4}挂)"
)


def normalise_plate(text: str) -> str:
    """Without the dot and spaces that people write, in capitals."""
    return re.sub(r"[·•\s]", "", text).upper()


def plate_has_form(text: str) -> bool:
    """The plate is one that a vehicle can carry; ``豫C12345``."""
    return _PLATE.fullmatch(text) is not None


class PassType(models.TextChoices):
    A = "A", _("A (inter-provincial)")
    B = "B", _("B (within the province)")
    ORDINARY = "ordinary", _("Ordinary")
    WORKER_COACH = "worker_coach", _("Workers' coach")


class VehiclePassLine(Line):
    """One vehicle on one route for a time."""

    pass_type = models.CharField(_("pass type"), max_length=12, choices=PassType)
    plate = models.CharField(
        _("plate"), max_length=12, help_text=_("For a combination, the tractor's.")
    )
    carrier = models.CharField(_("carrier"), max_length=80)
    driver_name = models.CharField(_("driver"), max_length=40)
    driver_mobile = models.CharField(
        _("driver's mobile"), max_length=11, validators=[validate_mobile]
    )
    cargo_category = models.CharField(_("cargo category"), max_length=40)
    origin = models.CharField(
        _("origin (county code)"), max_length=6, validators=[validate_county_code]
    )
    destination = models.CharField(
        _("destination (county code)"), max_length=6, validators=[validate_county_code]
    )
    valid_from = models.DateField(_("from day"))
    valid_to = models.DateField(_("to day"))
    blocked_checkpoint = models.CharField(_("checkpoint that blocks"), max_length=80, blank=True)

    class Meta(Line.Meta):
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")


def _plate_holds(line: VehiclePassLine, _at: datetime) -> bool:
    line.plate = normalise_plate(line.plate)
    return plate_has_form(line.plate)


_RULES: Final[tuple[LineRule[VehiclePassLine], ...]] = (
    LineRule(
        "plate", (), _plate_holds, _("This is not a plate number, such as 豫C12345."), "plate"
    ),
    LineRule(
        "valid_to", ("valid_from",), lambda line, _at: line.valid_from < line.valid_to,
        _("The last day must be after the first."), "date-order",
    ),
)  # fmt: skip


KIND: Final = Kind(
    name="vehicle_pass",
    label=_("Vehicle passage"),
    model=VehiclePassLine,
    unit=_("vehicles"),
    fields=(
        "pass_type", "plate", "carrier", "driver_name", "driver_mobile", "cargo_category",
        "origin", "destination", "valid_from", "valid_to", "blocked_checkpoint",
    ),
    personal=frozenset({"driver_name", "driver_mobile"}),
    whole=True,
    asked=lambda line: Decimal(1),  # noqa: ARG005
    rules=_RULES,
    headline=lambda line: f"{line.plate} {line.origin} → {line.destination}",
    searchable=("plate",),
)  # fmt: skip
