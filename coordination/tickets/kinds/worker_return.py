"""工人返岗: a party of workers who travel back to a site, point to point."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.tickets.kinds.base import Example, Kind, Line, LineRule
from coordination.tickets.kinds.units import PEOPLE
from projects.record.days import PAST, MomentField, UntilField
from projects.record.numbers import CountField
from projects.record.text_fields import LineField, SealedLineField
from projects.register.identifiers import LONGEST_PHONE, SealedPhoneField, validate_phone
from projects.register.places import PLACE_HELP, PlaceField

# From this day intercity coaches were to carry no more than half of their seats "until further
# notice"; COACH_CAP_UNTIL is the last day of it, once there is one.
COACH_CAP_FROM: Final = date(2020, 2, 11)


class Mode(models.TextChoices):
    COACH = "coach", _("Coach")
    TRAIN = "train", _("Train")
    CARRIAGE = "carriage", _("Chartered carriage")
    FLIGHT = "flight", _("Flight")
    SELF = "self", _("On their own")


class Contact(models.TextChoices):
    NONE = "none", _("None")
    YES = "yes", _("Yes")


class WorkerReturnLine(Line):
    """One party: how many, from where, when and how, and who receives them. Headcount only."""

    headcount = CountField(_("headcount"), least=1, most=10_000)
    origin = PlaceField(_("origin"), max_length=6, help_text=PLACE_HELP)
    departs_at = MomentField(_("departs at"))
    arrives_at = UntilField(_("arrives at"))
    mode = models.CharField(_("travels by"), max_length=10, choices=Mode)
    seats = CountField(_("seats"), null=True, blank=True, most=10_000)
    health_declared = models.BooleanField(_("health declared"), default=False)
    temperature_checked = models.BooleanField(_("temperature checked"), default=False)
    symptom_or_contact_14d = models.CharField(
        _("symptoms or contact within 14 days"), max_length=4, choices=Contact,
        default=Contact.NONE,
    )  # fmt: skip
    isolation_site = LineField(_("isolation site"), max_length=80, blank=True)
    receiver = SealedLineField(_("received by"), max_length=40)
    receiver_mobile = SealedPhoneField(
        _("receiver's phone"), max_length=LONGEST_PHONE, validators=[validate_phone]
    )

    class Meta(Line.Meta):
        verbose_name = _("party of workers")
        verbose_name_plural = _("parties of workers")


_RULES: Final[tuple[LineRule[WorkerReturnLine], ...]] = (
    LineRule(
        "arrives_at", ("departs_at",), lambda line, _at: line.departs_at < line.arrives_at,
        _("They must arrive after they depart."), "date-order",
    ),
    LineRule(
        "arrives_at", ("departs_at",),
        lambda line, at: not line.departs_at < line.arrives_at <= at, PAST, "date-order",
    ),
    LineRule(
        "isolation_site", ("symptom_or_contact_14d",),
        lambda line, _at: bool(line.isolation_site) or line.symptom_or_contact_14d != Contact.YES,
        _("Say where they will be isolated."), "isolation-site",
    ),
    LineRule(
        "seats", ("headcount",),
        lambda line, _at: line.seats is None or line.seats >= line.headcount,
        _("There are fewer seats than people."), "seats",
    ),
)  # fmt: skip


def _coach_is_capped(line: WorkerReturnLine) -> bool:
    day = timezone.localdate(line.departs_at)
    until: date | None = settings.COACH_CAP_UNTIL
    return line.mode == Mode.COACH and day >= COACH_CAP_FROM and (until is None or day <= until)


def _coach_is_half_empty(line: WorkerReturnLine, _at: datetime) -> bool:
    seats = line.seats
    return seats is None or not _coach_is_capped(line) or line.headcount * 2 <= seats


_WARNINGS: Final[tuple[LineRule[WorkerReturnLine], ...]] = (
    LineRule(
        "seats", ("headcount", "mode", "departs_at"), _coach_is_half_empty,
        _("Since 11 February 2020 an intercity coach carries no more than half of its seats."),
        "coach-cap",
    ),
)  # fmt: skip


KIND: Final = Kind(
    name="worker_return",
    label=_("Workers' return"),
    model=WorkerReturnLine,
    unit=lambda line: PEOPLE.base,  # noqa: ARG005 - of every line
    fields=(
        "headcount", "origin", "departs_at", "arrives_at", "mode", "seats", "health_declared",
        "temperature_checked", "symptom_or_contact_14d", "isolation_site", "receiver",
        "receiver_mobile",
    ),
    personal=frozenset({"receiver", "receiver_mobile"}),
    kept_inside=frozenset({"symptom_or_contact_14d", "isolation_site"}),
    whole=True,
    asked=lambda line: Decimal(line.headcount),
    quantity_field="headcount",
    rules=_RULES,
    about=lambda line: line.place("origin"),
    headline=lambda line: f"{line.place('origin')} × {line.headcount}",
    example=Example(
        "三十名工人返岗",
        {
            "headcount": 30, "origin": "411502", "departs_at": "2020-03-10T08:00:00+08:00",
            "arrives_at": "2020-03-10T16:00:00+08:00", "mode": "coach", "seats": 60,
            "health_declared": True, "temperature_checked": True, "receiver": "赵六",
            "receiver_mobile": "13700137000",
        },
    ),
    warnings=_WARNINGS,
    met_label=_("Arrived"),
    dimensions=(PEOPLE,),
)  # fmt: skip
