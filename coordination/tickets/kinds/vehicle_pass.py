"""车辆通行: a vehicle that is, or may be, stopped at a checkpoint.

Passes are recorded and coordinated, never approved: on 2020-02-12 the ministries forbade any
approval or stamping of the vehicle pass and of the workers' coach pass.
"""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.tickets.kinds.base import Example, Kind, Line, LineRule, Occupied
from coordination.tickets.kinds.plates import (
    PlateField,
    is_trailer,
    validate_plate,
    validate_trailer,
)
from coordination.tickets.kinds.units import VEHICLES
from projects.record.days import PAST, DayField
from projects.record.text_fields import LineField, SealedLineField
from projects.register.identifiers import LONGEST_PHONE, SealedPhoneField, validate_mobile
from projects.register.places import PLACE_HELP, PlaceField


class PassType(models.TextChoices):
    A = "A", _("A (inter-provincial)")
    B = "B", _("B (within the province)")
    ORDINARY = "ordinary", _("Ordinary")
    WORKER_COACH = "worker_coach", _("Workers' coach")


class VehiclePassLine(Line):
    """One vehicle on one route for a time."""

    pass_type = models.CharField(_("pass type"), max_length=12, choices=PassType)
    plate = PlateField(
        _("plate"), max_length=12, validators=[validate_plate],
        help_text=_("For a combination, the tractor's."),
    )  # fmt: skip
    trailer_plate = PlateField(
        _("trailer's plate"), max_length=12, blank=True, validators=[validate_trailer],
        help_text=_("For a combination only."),
    )  # fmt: skip
    carrier = LineField(_("carrier"), max_length=80)
    driver_name = SealedLineField(_("driver"), max_length=40)
    driver_mobile = SealedPhoneField(
        _("driver's mobile"), max_length=LONGEST_PHONE, validators=[validate_mobile]
    )
    cargo_category = LineField(_("cargo category"), max_length=40)
    origin = PlaceField(_("origin"), max_length=6, help_text=PLACE_HELP)
    destination = PlaceField(_("destination"), max_length=6, help_text=PLACE_HELP)
    valid_from = DayField(_("from day"))
    valid_to = DayField(_("to day"))
    blocked_checkpoint = LineField(_("checkpoint that blocks"), max_length=80, blank=True)

    class Meta(Line.Meta):
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        indexes: ClassVar = [models.Index(fields=["plate", "-ticket"], name="vehicle_plate")]


def _is_drawn(line: VehiclePassLine, _at: datetime) -> bool:
    """Whether the plate is not a trailer's: a combination is known by its tractor's plate."""
    return not is_trailer(line.plate)


def _stays_in_province(line: VehiclePassLine) -> bool:
    return line.origin[:2] == line.destination[:2]


_RULES: Final[tuple[LineRule[VehiclePassLine], ...]] = (
    LineRule(
        "trailer_plate", ("plate",), lambda line, at: not line.trailer_plate or _is_drawn(line, at),
        _("A trailer is drawn by a tractor: give the tractor's plate beside it."), "tractor",
    ),
    LineRule(
        "valid_to", ("valid_from",), lambda line, _at: line.valid_from <= line.valid_to,
        _("The last day must not be before the first."), "date-order",
    ),
    LineRule(
        "valid_to", ("valid_from",),
        lambda line, at: not line.valid_from <= line.valid_to < timezone.localdate(at), PAST,
        "date-order",
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
    about=lambda line: line.plate,
    headline=lambda line: f"{line.plate} {line.place('origin')} → {line.place('destination')}",
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
    occupies=Occupied("plate", "valid_from", "valid_to"),
    dimensions=(VEHICLES,),
)  # fmt: skip
