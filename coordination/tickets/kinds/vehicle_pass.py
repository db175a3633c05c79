"""车辆通行: a vehicle that is, or may be, stopped at a checkpoint.

Passes are recorded and coordinated, never approved: on 2020-02-12 the ministries forbade any
approval or stamping of the vehicle pass and of the workers' coach pass.
"""

import re
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.tickets.kinds.base import Example, Kind, Line, LineRule
from coordination.tickets.kinds.units import VEHICLES
from projects.record.sealed_fields import SealedCharField
from projects.register.identifiers import validate_county_code, validate_mobile

# Standard plates have a province, a letter, and five of the alphabet without I and O, one of
# them a digit; new-energy plates six (small: D or F first, large: D or F last; later years added
# letters, which are a setting); trailers four and 挂 (GA 36 as used).
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_TRAILER: Final = re.compile(rf"[{_PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4}}挂")


@cache
def _plate(new_energy: str) -> re.Pattern[str]:
    return re.compile(
        rf"[{_PROVINCES}][A-HJ-NP-Z]"
        rf"(?:(?=.*\d)[A-HJ-NP-Z0-9]{{5}}|[{new_energy}][A-HJ-NP-Z0-9]\d{{4}}"
        rf"|\d{{5}}[{new_energy}]|[A-HJ-NP-Z0-9]{{4}}挂)"
    )


def normalise_plate(text: str) -> str:
    """Without the dot and spaces that people write, in capitals."""
    return (text if text.isalnum() else re.sub(r"[·•\s]", "", text)).upper()


def plate_has_form(text: str) -> bool:
    """Whether the text has the form of a plate, such as ``豫C12345``."""
    return _plate(settings.NEW_ENERGY_LETTERS).fullmatch(text) is not None


def is_trailer(text: str) -> bool:
    """Whether it is a trailer's plate, such as ``豫C1234挂``."""
    return _TRAILER.fullmatch(text) is not None


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
    trailer_plate = models.CharField(
        _("trailer's plate"), max_length=12, blank=True, help_text=_("For a combination only.")
    )
    carrier = models.CharField(_("carrier"), max_length=80)
    driver_name = SealedCharField(_("driver"), max_length=40)
    driver_mobile = SealedCharField(
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


def _trailer_holds(line: VehiclePassLine, _at: datetime) -> bool:
    line.trailer_plate = normalise_plate(line.trailer_plate)
    return not line.trailer_plate or is_trailer(line.trailer_plate)


def _is_drawn(line: VehiclePassLine, _at: datetime) -> bool:
    """Whether the plate is not a trailer's: a combination is known by its tractor's plate."""
    return not is_trailer(line.plate)


def _stays_in_province(line: VehiclePassLine) -> bool:
    return line.origin[:2] == line.destination[:2]


_RULES: Final[tuple[LineRule[VehiclePassLine], ...]] = (
    LineRule(
        "plate", (), _plate_holds, _("This is not a plate number, such as 豫C12345."), "plate"
    ),
    LineRule(
        "trailer_plate", (), _trailer_holds,
        _("This is not a trailer's plate number, such as 豫C1234挂."), "plate",
    ),
    LineRule(
        "trailer_plate", ("plate",), lambda line, at: not line.trailer_plate or _is_drawn(line, at),
        _("A trailer is drawn by a tractor: give the tractor's plate beside it."), "tractor",
    ),
    LineRule(
        "valid_to", ("valid_from",), lambda line, _at: line.valid_from < line.valid_to,
        _("The last day must be after the first."), "date-order",
    ),
)  # fmt: skip


_WARNINGS: Final[tuple[LineRule[VehiclePassLine], ...]] = (
    LineRule(
        "plate", ("trailer_plate",), _is_drawn,
        _("This is a trailer's plate; a combination passes under its tractor's."), "tractor",
    ),
    LineRule(
        "pass_type", ("origin", "destination"),
        lambda line, _at: line.pass_type != PassType.A or not _stays_in_province(line),
        _("An A pass is for a trip from one province to another."), "pass-scope",
    ),
    LineRule(
        "pass_type", ("origin", "destination"),
        lambda line, _at: line.pass_type != PassType.B or _stays_in_province(line),
        _("A B pass holds within the province only."), "pass-scope",
    ),
)  # fmt: skip


KIND: Final = Kind(
    name="vehicle_pass",
    label=_("Vehicle passage"),
    model=VehiclePassLine,
    unit=lambda line: VEHICLES.base,  # noqa: ARG005 - of every line
    fields=(
        "pass_type", "plate", "trailer_plate", "carrier", "driver_name", "driver_mobile",
        "cargo_category", "origin", "destination", "valid_from", "valid_to", "blocked_checkpoint",
    ),
    personal=frozenset({"driver_name", "driver_mobile"}),
    whole=True,
    asked=lambda line: Decimal(1),  # noqa: ARG005 - every vehicle is one
    quantity_field="",
    rules=_RULES,
    headline=lambda line: f"{line.plate} {line.origin} → {line.destination}",
    example=Example(
        "钢材运输车通行",
        {
            "pass_type": "B", "plate": "豫C12345", "carrier": "洛阳示例物流", "driver_name": "李四",
            "driver_mobile": "13900139000", "cargo_category": "钢材", "origin": "410305",
            "destination": "410311", "valid_from": "2020-03-09", "valid_to": "2020-03-16",
        },
    ),
    warnings=_WARNINGS,
    searchable=("plate", "trailer_plate"),
    dimensions=(VEHICLES,),
)  # fmt: skip
