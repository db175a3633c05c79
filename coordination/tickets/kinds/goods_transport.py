"""物资运输: goods that must be carried to a site, or away from it."""

from decimal import Decimal
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.tickets.kinds.base import Example, Kind, Line, LineRule, Opening
from coordination.tickets.kinds.units import MASS, label_of
from projects.record.days import PAST, MomentField, UntilField
from projects.record.numbers import AmountField, CountField
from projects.record.text_fields import LineField


class GoodsTransportLine(Line):
    """One cargo: how much of it, in how many vehicles, by which route and when."""

    cargo = LineField(_("cargo"), max_length=60)
    tonnage = AmountField(_("tonnage"), most=1_000_000)
    vehicles = CountField(_("number of vehicles"), least=1, most=10_000)
    route = LineField(_("route"), max_length=200)
    load_from = MomentField(_("loading from"))
    load_to = UntilField(_("loading until"))
    unload_from = MomentField(_("unloading from"))
    unload_to = UntilField(_("unloading until"))
    pass_needed = models.BooleanField(_("passes needed"), default=False)

    class Meta(Line.Meta):
        verbose_name = _("cargo line")
        verbose_name_plural = _("cargo lines")


_RULES: Final[tuple[LineRule[GoodsTransportLine], ...]] = (
    LineRule(
        "tonnage", (), lambda line, _at: line.tonnage > 0,
        _("The tonnage must be more than zero."), "tonnage",
    ),
    LineRule(
        "load_to", ("load_from",), lambda line, _at: line.load_from < line.load_to,
        _("The end of loading must be after its beginning."), "date-order",
    ),
    LineRule(
        "unload_from", ("load_from",), lambda line, _at: line.load_from < line.unload_from,
        _("Unloading must begin after loading does."), "date-order",
    ),
    LineRule(
        "unload_to", ("unload_from",), lambda line, _at: line.unload_from < line.unload_to,
        _("The end of unloading must be after its beginning."), "date-order",
    ),
    LineRule("unload_to", (), lambda line, at: line.unload_to > at, PAST, "date-order"),
)  # fmt: skip


KIND: Final = Kind(
    name="goods_transport",
    label=_("Goods transport"),
    model=GoodsTransportLine,
    unit=lambda line: MASS.base,  # noqa: ARG005 - of every line
    fields=(
        "cargo", "tonnage", "vehicles", "route", "load_from", "load_to", "unload_from",
        "unload_to", "pass_needed",
    ),
    personal=frozenset(),
    whole=False,
    asked=lambda line: Decimal(line.tonnage),
    quantity_field="tonnage",
    rules=_RULES,
    about=lambda line: line.cargo,
    headline=lambda line: (
        f"{line.cargo} {Decimal(line.tonnage).normalize():f} {label_of(MASS.base)}"
    ),
    example=Example(
        "商品混凝土运输",
        {
            "cargo": "商品混凝土", "tonnage": "120", "vehicles": 6,
            "route": "新安县—连霍高速—洛龙区", "load_from": "2020-03-10T06:00:00+08:00",
            "load_to": "2020-03-10T10:00:00+08:00", "unload_from": "2020-03-10T08:00:00+08:00",
            "unload_to": "2020-03-10T14:00:00+08:00", "pass_needed": False,
        },
    ),
    searchable=("cargo",),
    dimensions=(MASS,),
    opens=Opening("vehicle_pass", lambda line: line.pass_needed, _("Passage: %(title)s")),
)  # fmt: skip
