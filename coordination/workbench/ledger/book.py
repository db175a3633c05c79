"""对账销号: the ledger of a period: every row balances, every figure links to its tickets."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import ServiceGroup
from coordination.tickets.kinds.registry import KINDS
from coordination.workbench.ledger.queries import By, Column, Key, Scope, counted
from coordination.workbench.ledger.span import Span
from projects.register.models import District, Project

COMING: Final = (Column.FILED, Column.REOPENED, Column.MOVED_IN)
GOING: Final = (Column.MOVED_OUT, Column.WRITTEN_OFF, Column.DECLINED, Column.WITHDRAWN)
_ORDER: Final = (Column.BEFORE, *COMING, *GOING, Column.AFTER, Column.SETTLED, Column.AWAITING)
_NAMED: Final[dict[By, tuple[Any, tuple[str, ...]]]] = {
    By.GROUP: (ServiceGroup, ("ordinal", "pk")),
    By.DISTRICT: (District, ("code",)),
    By.PROJECT: (Project, ("code",)),
}
_OF_GROUPS: Final = frozenset({Column.MOVED_IN, Column.MOVED_OUT})


@dataclass(frozen=True)
class Row:
    """One group, kind, district or project: opening balance, in, out, closing balance."""

    key: Key
    label: str | Promise
    figures: Counter[str]

    @property
    def difference(self) -> int:
        """The closing balance minus what the movements explain; zero if it reconciles."""
        figures = self.figures
        came = sum(figures[column] for column in COMING)
        went = sum(figures[column] for column in GOING)
        return figures[Column.AFTER] - (figures[Column.BEFORE] + came - went)


@dataclass(frozen=True)
class Ledger:
    """The rows of one period, and their total."""

    by: By
    span: Span
    columns: tuple[Column, ...]
    rows: list[Row]
    total: Row

    @property
    def reconciles(self) -> bool:
        """Whether every row, and so the total, reconciles."""
        return not any(row.difference for row in (*self.rows, self.total))


@contextmanager
def _one_view() -> Iterator[None]:
    """A REPEATABLE READ transaction, so that all figures are from one moment."""
    if connection.in_atomic_block:  # within the caller's own transaction
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def ledger(*, by: By, span: Span, scope: Scope | None = None) -> Ledger:
    """The ledger of the period, a row for each group, kind, district or project with a figure.

    It depends only on events recorded up to ``span.end``; ``scope`` restricts it. Tickets move
    only between groups, so movements are left out in tables by anything else.
    """
    scope = scope or {}
    with _one_view():
        figures = counted(by, span, scope)
        labels = _labels(by, set(figures))
    is_of_groups = By.GROUP in {by, *scope}
    columns = tuple(each for each in _ORDER if is_of_groups or each not in _OF_GROUPS)
    rows = [
        Row(key, label, Counter({name: figures[key][name] for name in columns}))
        for key, label in labels.items()
    ]
    total: Counter[str] = Counter()
    for row in rows:
        total.update(row.figures)
    return Ledger(by, span, columns, rows, Row(None, _("In all"), total))


def _labels(by: By, keys: set[Key]) -> dict[Key, str | Promise]:
    """The label of each row, in the rows' order; rows without a group etc. are last."""
    if by == By.KIND:
        return {name: kind.label for name, kind in KINDS.items() if name in keys}
    rows, order = _NAMED[by]
    named = rows.objects.filter(pk__in=[key for key in keys if key is not None]).order_by(*order)
    nobody: dict[Key, str | Promise] = {None: _("None")} if None in keys else {}
    return {**{row.pk: str(row) for row in named}, **nobody}
