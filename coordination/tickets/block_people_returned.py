"""How many workers came back, by what was recorded as met."""

from typing import Any, Final

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.tickets.kinds.worker_return import KIND
from coordination.tickets.models import Fulfilment
from projects.house.blocks import Block, Column, Period, Sentence, Table


def count(period: Period) -> dict[str, Any]:
    """Corrections are rows with a minus, so a sum is right at any moment."""
    sums = Fulfilment.objects.filter(kind=KIND.name, recorded_at__lte=period.end).aggregate(
        cumulative=Sum("quantity"),
        this_week=Sum("quantity", filter=Q(recorded_at__gt=period.start)),
    )
    return {name: int(people or 0) for name, people in sums.items()}


_SENTENCE: Final = Sentence(
    _("%(cumulative)s people have returned, %(this_week)s of them this week.")
)
BLOCK: Final = Block(
    name="people_returned", place=60, count=count,
    tables=(
        Table(
            in_words=True, sentences=(_SENTENCE,),
            columns=(
                Column("cumulative", pgettext_lazy("bulletin", "people returned"), unit="人"),
                Column("this_week", pgettext_lazy("bulletin", "of it this week"), unit="人"),
            ),
        ),
    ),
)  # fmt: skip
