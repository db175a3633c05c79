"""重点原材料: a material that a site is short of."""

from decimal import Decimal
from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.tickets.kinds.base import Example, Kind, LineRule, MeasuredLine, unit_rule
from coordination.tickets.kinds.units import ADDABLE, canonical, label_of
from projects.record.days import PAST, DayField
from projects.record.numbers import AmountField
from projects.record.text_fields import LineField


class Shortage(models.TextChoices):
    SUPPLIER_STOPPED = "supplier_stopped", _("Supplier has stopped")
    TRANSPORT = "transport", _("Transport")
    PRICE = "price", _("Price")
    OTHER = "other", _("Other")


class MaterialSupplyLine(MeasuredLine):
    """One material: how much is needed by when, and how much is there. The gap is what is asked."""

    item = LineField(_("material"), max_length=60)
    specification = LineField(_("specification"), max_length=80, blank=True)
    quantity = AmountField(_("quantity needed"), most=100_000_000)
    in_stock = AmountField(_("in stock"), default=Decimal(0), most=100_000_000)
    supplier = LineField(_("supplier"), max_length=80, blank=True)
    supplier_region = LineField(_("supplier's region"), max_length=40, blank=True)
    needed_by = DayField(_("needed by"))
    shortage = models.CharField(_("why it is short"), max_length=20, choices=Shortage)

    class Meta(MeasuredLine.Meta):
        verbose_name = _("material line")
        verbose_name_plural = _("material lines")


_RULES: Final[tuple[LineRule[MaterialSupplyLine], ...]] = (
    LineRule(
        "quantity", (), lambda line, _at: line.quantity > 0,
        _("The quantity must be more than zero."), "quantity",
    ),
    LineRule(
        "in_stock", ("quantity",),
        lambda line, _at: line.quantity <= 0 or line.in_stock < line.quantity,
        _("What is in stock already covers what is needed."), "no-gap",
    ),
    LineRule(
        "needed_by", (), lambda line, at: line.needed_by >= timezone.localdate(at), PAST,
        "date-order",
    ),
    unit_rule(),
)  # fmt: skip


KIND: Final = Kind(
    name="material_supply",
    label=_("Key raw materials"),
    model=MaterialSupplyLine,
    unit=lambda line: canonical(line.unit),
    fields=(
        "item", "specification", "quantity", "unit", "in_stock", "supplier", "supplier_region",
        "needed_by", "shortage",
    ),
    personal=frozenset(),
    whole=False,
    asked=lambda line: line.quantity - line.in_stock,
    quantity_field="quantity",
    rules=_RULES,
    about=lambda line: line.item,
    headline=lambda line: (
        f"{line.item} {(line.quantity - line.in_stock).normalize():f} {label_of(line.unit)}"
    ),
    example=Example(
        "水泥短缺",
        {
            "item": "水泥", "specification": "P.O 42.5", "quantity": "500", "unit": "吨",
            "in_stock": "120", "needed_by": "2020-03-20", "shortage": "transport",
        },
    ),
    searchable=("item",),
    dimensions=ADDABLE,
    counts_lines=True,
)  # fmt: skip
