"""How tickets were handled in the week: in all, by group, in time or late, and how satisfied.

Where tickets stood is read from their ranges, what happened from the week's events. A group is
named by its code, so renaming it changes no bulletin.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from coordination.groups.models import Assignment, ServiceGroup
from coordination.tickets.figure_links import NOBODY, Link, entries_by_group, entries_by_kind
from coordination.tickets.flow import ENDED, OPEN, Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import TicketEvent
from coordination.tickets.queries_history import IS_OPEN, changed_in, standing_at
from coordination.tickets.queries_in_time import forgiven
from coordination.tickets.queries_overdue import overdue_by
from projects.flow.table import NEW
from projects.house.amounts import rate
from projects.house.blocks import (
    Audience,
    Block,
    Column,
    Figures,
    Format,
    Keyed,
    Path,
    Period,
    Row,
    Table,
    Text,
)
from projects.house.equations import Equation
from projects.house.outline import FACTORS
from projects.house.sentences import Sentence

_SETTLING: Final = ("resolved", "in_time", "late", "overdue")
_PARTS: Final = (
    "open_before", "filed", "reopened", "moved_in", "ended", "moved_out", "open_after", *_SETTLING,
)  # fmt: skip
_WITHOUT_MOVES: Final = frozenset({"moved_in", "moved_out"})
_SATISFIED: Final = 4  # of 5

type _Counts = dict[int | None, Counter[str]]
type _OfKinds = dict[str, Counter[str]]


def _stood(period: Period, counts: _Counts) -> None:
    """How many tickets each group had open at both ends."""
    for name, at in (("open_before", period.start), ("open_after", period.end)):
        rows = standing_at(at).filter(IS_OPEN).values_list("group").annotate(Count("pk"))
        for group, number in rows:
            _of(counts, group)[name] += number


def _moved(period: Period, counts: _Counts) -> None:
    """What came to each group and what left it: a ticket ends in the group that had it."""
    changes = changed_in(period.start, period.end).values_list(
        "status_before", "status", "group_before", "group"
    )
    for before, after, had, has, number in changes.annotate(Count("pk")):
        was_open, is_open = before in OPEN, after in OPEN
        if was_open and after in ENDED:
            _of(counts, had)["ended"] += number
        elif is_open and before == NEW:
            _of(counts, has)["filed"] += number
        elif is_open and before in ENDED:
            _of(counts, has)["reopened"] += number
        elif was_open and is_open and had != has:
            _of(counts, had)["moved_out"] += number
            _of(counts, has)["moved_in"] += number


def _settled(period: Period, counts: _Counts, kinds: _OfKinds) -> None:
    """What was resolved, in time or late, and what is overdue, by group and by kind.

    A ticket resolved twice counts twice.
    """
    rows: Any = TicketEvent.objects.filter(
        recorded_at__gt=period.start, recorded_at__lte=period.end, verb=Verb.RESOLVE
    )
    in_time = Q(payload__in_time=True) | Q(pk__in=forgiven(period.start, period.end))
    late = Q(payload__in_time=False) & ~in_time
    found = rows.values_list("state_range__group", "state_range__kind").annotate(
        resolved=Count("pk"), kept=Count("pk", filter=in_time), missed=Count("pk", filter=late)
    )
    parts = [(*row, 0) for row in found]
    parts += [
        (group, kind, 0, 0, 0, number)
        for (group, kind), number in overdue_by(period.end, "group", "kind").items()
    ]
    for group, kind, *numbers in parts:
        figures = dict(zip(_SETTLING, numbers, strict=True))
        _of(counts, group).update(figures)
        kinds.setdefault(kind, Counter()).update(figures)


def _of(counts: _Counts, group: int | None) -> Counter[str]:
    return counts.setdefault(group, Counter())


def _written(
    counts: Counter[str], names: Iterable[str] = _PARTS, *, lacks: frozenset[str] = frozenset()
) -> dict[str, Any]:
    figures = {name: counts[name] for name in names if name not in lacks}
    return {**figures, "rate": rate(counts["in_time"], counts["in_time"] + counts["late"])}


def _by_group(period: Period, counts: Mapping[int | None, Counter[str]]) -> dict[str, Any]:
    """A row for each group that served a project by then, and for any other that has figures."""
    served = Assignment.objects.filter(during__startswith__lte=period.end).values("group")
    codes = dict(
        ServiceGroup.objects.filter(Q(pk__in=served) | Q(pk__in=[each for each in counts if each]))
        .order_by("code").values_list("pk", "code")
    )  # fmt: skip
    found = {code: _written(counts.get(pk, Counter())) for pk, code in codes.items()}
    if None in counts:
        found[NOBODY] = _written(counts[None])
    return found


def _satisfaction(period: Period) -> dict[str, Any]:
    """What enterprises answered in the week, from 1 to 5."""
    rows = TicketEvent.objects.filter(
        recorded_at__gt=period.start, recorded_at__lte=period.end, verb=Verb.CONFIRM
    ).values_list("payload__satisfaction", flat=True)
    given = [int(each) for each in rows if each is not None]
    satisfied = sum(each >= _SATISFIED for each in given)
    average = Decimal(sum(given)) / len(given) if given else None
    return {
        "answers": len(given),
        "satisfied": satisfied,
        "rate": rate(satisfied, len(given)),
        "average": average and str(average.quantize(Decimal("0.1"), ROUND_HALF_UP)),
    }


def _pressed(period: Period) -> dict[str, int]:
    """How often tickets were urged and supervised in the week, by a person."""
    rows = TicketEvent.objects.filter(
        recorded_at__gt=period.start, recorded_at__lte=period.end,
        verb__in=[Verb.URGE, Verb.SUPERVISE],
    ).values_list("verb").annotate(Count("pk"))  # fmt: skip
    found = dict(rows)
    return {"urged": found.get(Verb.URGE, 0), "supervised": found.get(Verb.SUPERVISE, 0)}


def count(period: Period) -> dict[str, Any]:
    """Count what stood at both ends of the week and what happened in it."""
    counts: _Counts = {}
    kinds: _OfKinds = {}
    _stood(period, counts)
    _moved(period, counts)
    _settled(period, counts, kinds)
    total = sum(counts.values(), Counter[str]())
    return {
        **_written(total, lacks=_WITHOUT_MOVES),
        **_pressed(period),
        "by_group": _by_group(period, counts),
        "by_kind": {kind: _written(kinds[kind], _SETTLING) for kind in sorted(kinds)},
        "satisfaction": _satisfaction(period),
    }


def _steps(figures: Figures) -> Iterator[str]:
    if figures["open_after"]:
        yield ngettext(
            "%(number)s open ticket is settled within its term and followed up before it is"
            " written off.",
            "%(number)s open tickets are settled within their terms and followed up before they"
            " are written off.",
            figures["open_after"],
        ) % {"number": figures["open_after"]}


def _groups() -> dict[Path, tuple[Text, ...]]:
    rows = ServiceGroup.objects.order_by("ordinal").values_list("code", "name")
    return {(code,): (name,) for code, name in rows} | {(NOBODY,): (_("No service group"),)}


def _kinds() -> dict[Path, tuple[Text, ...]]:
    return {(name,): (kind.label,) for name, kind in KINDS.items()}


def _columns(link: Callable[[str], Link], *names: str) -> tuple[Column, ...]:
    """Columns of these names, each figure linked to its entries of the ledger."""
    columns = {
        "open_before": (_("open before"), "before"),
        "filed": (_("filed"), "filed"),
        "reopened": (_("reopened"), "reopened"),
        "moved_in": (pgettext_lazy("bulletin", "handed in"), "moved_in"),
        "ended": (_("ended"), "ended"),
        "moved_out": (pgettext_lazy("bulletin", "handed on"), "moved_out"),
        "open_after": (_("open after"), "after"),
        "resolved": (pgettext_lazy("bulletin", "resolved"), "settled"),
        "in_time": (pgettext_lazy("bulletin", "of it in time"), "in_time"),
        "late": (pgettext_lazy("bulletin", "of it late"), "late"),
        "overdue": (pgettext_lazy("bulletin", "overdue at the cut-off"), "overdue"),
    }
    return tuple(Column(name, columns[name][0], link=link(columns[name][1])) for name in names)


_RATE: Final = Column(
    "rate", pgettext_lazy("bulletin", "in time"), Format.RATE, "%", is_nullable=True
)
_DONE: Final = ("resolved", "in_time", "late")
_MOVES: Final = tuple(name for name in _PARTS if name not in _SETTLING)
_IN_TIME: Final = _("In time = resolved by the deadline ÷ resolved, of tickets with a deadline.")
BLOCK: Final = Block(
    name="handling", place=38, chapter=FACTORS, count=count, steps=_steps,
    equations=(
        Equation("open_before = by_group.*.open_before"),
        Equation("open_after = by_group.*.open_after"),
        *(Equation(f"{name} = by_group.*.{name}") for name in _SETTLING),
        *(Equation(f"{name} = by_kind.*.{name}") for name in _SETTLING),
        Equation("by_group.*.moved_in = by_group.*.moved_out"),
    ),
    tables=(
        Table(
            heading=_("Handling of tickets"), in_words=True,
            columns=(
                *_columns(
                    entries_by_kind, *(name for name in _MOVES if name not in _WITHOUT_MOVES),
                    *_SETTLING,
                ),
                _RATE,
                Column("urged", pgettext_lazy("bulletin", "urged"), says=_("a number of them")),
                Column(
                    "supervised", pgettext_lazy("bulletin", "supervised"),
                    says=_("a number of them"),
                ),
            ),
            sentences=(
                Sentence(_(
                    "%(open_before)s tickets were open before; %(filed)s were filed in this period,"
                    " %(reopened)s reopened and %(ended)s ended; %(open_after)s are open now."
                )),
                Sentence(
                    _(
                        "%(resolved)s were resolved, of those with a deadline %(in_time)s in time"
                        " and %(late)s late: %(rate)s%% in time."
                    ),
                    needs="rate", otherwise=_("%(resolved)s were resolved, none with a deadline."),
                ),
                Sentence(
                    _("At the cut-off %(overdue)s were overdue."), needs="overdue",
                    otherwise=_("At the cut-off none was overdue."),
                ),
                Sentence(_(
                    "Tickets were urged %(urged)s times and supervised %(supervised)s times."
                )),
            ),
            equations=(Equation("open_before + filed + reopened - ended = open_after"),),
        ),
        Table(
            heading=_("Satisfaction"), in_words=True, rows=(Row(at=("satisfaction",)),),
            columns=(
                Column("answers", pgettext_lazy("bulletin", "answers")),
                Column("satisfied", pgettext_lazy("bulletin", "satisfied (4 or 5)")),
                Column(
                    "rate", pgettext_lazy("bulletin", "satisfied"), Format.RATE, "%",
                    is_nullable=True,
                ),
                Column(
                    "average", pgettext_lazy("bulletin", "average"), Format.QUANTITY,
                    is_nullable=True, says=_("from 1 to 5"),
                ),
            ),
            sentences=(
                Sentence(
                    _(
                        "Enterprises confirmed %(answers)s tickets; with %(satisfied)s they were"
                        " satisfied (4 or 5 of 5): %(rate)s%%, on average %(average)s."
                    ),
                    needs="answers",
                    otherwise=_("No enterprise confirmed a ticket in this period."),
                ),
            ),
        ),
        Table(
            title=_("Settled in time, by kind"), unit="起", headings=(_("kind"),),
            columns=(*_columns(entries_by_kind, *_SETTLING), _RATE),
            rows=(
                Keyed("BulletinSettlingOfKind", _kinds, at=("by_kind",)),
                Row(_("In all"), is_total=True),
            ),
            note=_IN_TIME,
        ),
        Table(
            title=_("Tickets by service group"), unit="起", headings=(_("service group"),),
            columns=_columns(entries_by_group, *_MOVES),
            rows=(Keyed("BulletinTicketsOfGroup", _groups, at=("by_group",)),),
            equations=(
                Equation(
                    "open_before + filed + reopened + moved_in - ended - moved_out = open_after"
                ),
            ),
            audience=Audience.STAFF,
        ),
        Table(
            title=_("Settled in time, by service group"), unit="起",
            headings=(_("service group"),),
            columns=(*_columns(entries_by_group, *_SETTLING), _RATE),
            rows=(
                Keyed("BulletinTicketsOfGroup", _groups, at=("by_group",)),
                Row(_("In all"), is_total=True),
            ),
            note=_IN_TIME, audience=Audience.STAFF,
        ),
    ),
)  # fmt: skip
