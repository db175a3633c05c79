"""How many workers came back, by what was recorded as met."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.tickets.kinds.worker_return import KIND
from coordination.tickets.models import Fulfilment
from projects.house.blocks import Block, Carried, Column, Period, Table
from projects.house.outline import FACTORS
from projects.house.sentences import Sentence
from projects.house.totals import Totals

_RETURNED: Final = "returned"


def _met(rows: QuerySet[Fulfilment]) -> Totals:
    """Corrections are rows with a minus, so a sum is right at any moment."""
    met = rows.filter(kind=KIND.name).aggregate(people=Sum("quantity"))["people"]
    return {_RETURNED: met or Decimal(0)}


def _at(moment: datetime) -> Totals:
    return _met(Fulfilment.objects.filter(recorded_at__lte=moment))


def _change(period: Period) -> Totals:
    return _met(
        Fulfilment.objects.filter(recorded_at__gt=period.start, recorded_at__lte=period.end)
    )


def _figures(period: Period, totals: Totals) -> dict[str, Any]:
    return {
        "cumulative": int(totals[_RETURNED]), "this_week": int(_change(period)[_RETURNED]),
    }  # fmt: skip


CARRIED: Final = Carried(at=_at, change=_change, figures=_figures)
_SENTENCE: Final = Sentence(
    _("%(cumulative)s people have returned, %(this_week)s of them in this period.")
)
BLOCK: Final = Block(
    name="people_returned", place=60, chapter=FACTORS, count=CARRIED.count, carried=CARRIED,
    tables=(
        Table(
            heading=_("Return of workers"), in_words=True, sentences=(_SENTENCE,),
            columns=(
                Column("cumulative", pgettext_lazy("bulletin", "people returned"), unit="人"),
                Column("this_week", pgettext_lazy("bulletin", "of it in this period"), unit="人"),
            ),
        ),
    ),
)  # fmt: skip
