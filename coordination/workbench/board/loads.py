"""How the work is spread, by group and by officer, and how punctual each is."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from coordination.groups.models import Assignment, Membership, ServiceGroup
from coordination.groups.queries import away
from coordination.groups.widgets import assignments_page
from coordination.staff.models import Officer
from coordination.tickets.board_counts import (
    Open,
    Punctual,
    open_of,
    punctual_of,
    queue,
    rate_of,
)
from coordination.tickets.flow import Status
from coordination.tickets.queries_lately import KEPT
from coordination.workbench.board.scope import BY_OFFICER
from coordination.workbench.queue.filters import PRESSING
from projects.house.blocks import Column, Figures, Format, Listed, Path, Row, Table
from projects.house.widgets import ALL_ALONE, OF_MANY, Picture, View, Whose

_NOBODY: Final = "none"
_TOTAL: Final = ("total",)
_STATES: Final = (Status.SUBMITTED, Status.IN_PROGRESS, Status.NEED_INFO, Status.RESOLVED)
_SHOWN: Final = ("projects", "open", "red", "yellow", "kept", "done", "rate")


def _load(open_: Iterable[Open], done: Iterable[Punctual], projects: int | None) -> dict[str, Any]:
    """The figures of one row."""
    rows, (kept, number, share) = list(open_), rate_of(list(done))
    oldest = min((each.oldest for each in rows), default=None)
    return {
        "projects": projects,
        **{
            str(state): sum(each.number for each in rows if each.status == state)
            for state in _STATES
        },
        "open": sum(each.number for each in rows),
        "pressing": sum(each.pressing for each in rows),
        "red": sum(each.red for each in rows), "yellow": sum(each.yellow for each in rows),
        "kept": kept, "done": number, "rate": share, "oldest": _written(oldest),
    }  # fmt: skip


def _written(moment: datetime | None) -> str | None:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else None


def _served(view: View, whose: str) -> Counter[Any]:
    """How many projects each group, or each officer as liaison, serves now."""
    rows = Assignment.objects.filter(during__contains=view.at)
    if view.group is not None:
        rows = rows.filter(group=view.group)
    return Counter(dict(rows.values_list(whose).annotate(Count("pk"))))


def of_groups(view: View) -> Figures | None:
    """The groups in service, and those out of service that still have tickets or projects."""
    if view.asked.get("by") == BY_OFFICER and not view.is_public:
        return None
    found, served = open_of(view), _served(view, "group")
    working = {each.group for each in found} | served.keys()
    groups = ServiceGroup.objects.filter(
        Q(is_active=True) | Q(pk__in=[pk for pk in working if pk is not None])
    )
    named: list[tuple[int | None, str]] = [(each.pk, _group_name(each)) for each in groups]
    if None in working:
        named.append((None, _("No group yet")))
    return _figures(view, named, served, _OF_GROUP)


def _group_name(group: ServiceGroup) -> str:
    if group.is_active:
        return group.name
    return _("%(name)s (out of service)") % {"name": group.name}


def of_officers(view: View) -> Figures | None:
    """Every member, and every other officer who still has a ticket or a project."""
    if view.group is None and (view.asked.get("by") != BY_OFFICER or view.is_public):
        return None
    found, done, served = open_of(view), punctual_of(view), _served(view, "liaison")
    rows = Membership.objects.filter(during__contains=view.at)
    if view.group is not None:
        rows = rows.filter(group=view.group)
    served_in = list(rows.values_list("officer", "group__name", "group__ordinal"))
    groups = {officer: name for officer, name, _ordinal in served_in}
    order = {officer: ordinal for officer, _name, ordinal in served_in}
    working = {each.handler for each in found} | {each.officer for each in done}
    pks = {*groups, *working, *served} - {None}
    absent = set(away(view.at).values_list("officer_id", flat=True))
    officers = sorted(
        Officer.objects.filter(pk__in=pks),
        key=lambda each: (each.pk not in order, order.get(each.pk, 0), each.username),
    )
    named: list[tuple[int | None, str]] = [
        (each.pk, _officer_name(each, groups, absent, view)) for each in officers
    ]
    if None in working:
        named.append((None, _("No handler")))
    if not named:
        return None
    return _figures(view, named, served, _OF_OFFICER)


def _officer_name(officer: Officer, groups: dict[int, str], absent: set[int], view: View) -> str:
    """His name; on the board of everybody with his group; and what is unusual of him."""
    marks = [_("on leave")] if officer.pk in absent else []
    if officer.pk not in groups:
        marks.append(_("not of the group") if view.group is not None else _("in no group"))
    name = str(officer)
    if view.group is None and officer.pk in groups:
        name = f"{name} · {groups[officer.pk]}"
    if not marks:
        return name
    words = pgettext("list", ", ").join(marks)
    return _("%(name)s (%(marks)s)") % {"name": name, "marks": words}


type _Whose = tuple[Callable[[Open], int | None], Callable[[Punctual], int | None]]
_OF_GROUP: Final[_Whose] = (lambda row: row.group, lambda row: row.group)
_OF_OFFICER: Final[_Whose] = (lambda row: row.handler, lambda row: row.officer)


def _figures(
    view: View, named: Iterable[tuple[int | None, str]], served: Counter[Any], whose: _Whose
) -> Figures:
    """A row for each of the named, and the total of all."""
    found, done = open_of(view), punctual_of(view)
    of_open, of_done = whose
    rows = [
        {
            "key": _NOBODY if pk is None else str(pk), "name": name,
            **_load(
                (each for each in found if of_open(each) == pk),
                (each for each in done if of_done(each) == pk),
                served[pk] if pk is not None else None,
            ),
        }
        for pk, name in named
    ]  # fmt: skip
    return {"rows": rows, "total": _load(found, done, served.total())}


type Address = Callable[[Any, Path], str]


def _to_queue(whose: str, **filters: str) -> Address:
    """The queue with these filters and the row's group or officer; the total row has none."""

    def address(view: View, key: Path) -> str:
        own = {} if key == _TOTAL else {whose: key[0]}
        return queue(view, **filters, **own)

    return address


def _to_resolved(whose: str, **filters: str) -> Address:
    """The same of what was resolved: an officer's is what he resolved."""

    def address(view: View, key: Path) -> str:
        if key == (_NOBODY,) and whose == "resolver":
            return ""
        return _to_queue(whose, **filters)(view, key)

    return address


def _to_projects(whose: str) -> Address:
    def address(view: View, key: Path) -> str:
        asked = {} if view.group is None else {"group__id__exact": view.group.pk}
        if key != _TOTAL:
            asked[f"{whose}__id__exact"] = key[0]
        return assignments_page(**asked)

    return address


def _columns(whose: str, serves: str, resolved: str) -> tuple[Column, ...]:
    return (
        Column("projects", gettext_lazy("projects"), is_nullable=True, link=_to_projects(serves)),
        *(
            Column(str(state), state.label, link=_to_queue(whose, status=str(state)))
            for state in _STATES
        ),
        Column("open", pgettext_lazy("board", "open"), link=_to_queue(whose, status="open")),
        Column(
            "pressing", gettext_lazy("urgent or critical"),
            link=_to_queue(whose, status="open", urgency=PRESSING),
        ),
        Column(
            "red", pgettext_lazy("board", "red"), link=_to_queue(whose, light="red"), light="red"
        ),
        Column(
            "yellow", pgettext_lazy("board", "yellow"), link=_to_queue(whose, light="yellow"),
            light="yellow",
        ),
        Column(
            "kept", pgettext_lazy("board", "in time"), link=_to_resolved(resolved, punctual=KEPT)
        ),
        Column(
            "done", pgettext_lazy("board", "resolved"),
            link=_to_resolved(resolved, punctual="all"),
        ),
        Column("rate", pgettext_lazy("board", "in time, %"), Format.RATE, is_nullable=True),
        Column("oldest", gettext_lazy("oldest"), Format.TEXT, is_nullable=True),
    )  # fmt: skip


def _to_board(view: View, key: Path) -> str:
    """The group's own board."""
    if key in {_TOTAL, (_NOBODY,)}:
        return ""
    codes = view.once("workbench.codes", lambda _view: _codes())
    return f"{reverse('board')}?{urlencode({'group': codes[int(key[0])]})}"


def _codes() -> dict[int, str]:
    return dict(ServiceGroup.objects.values_list("pk", "code"))


def _to_officer(_view: View, key: Path) -> str:
    if key in {_TOTAL, (_NOBODY,)}:
        return ""
    return f"{reverse('board')}?{urlencode({'officer': key[0]})}"


def _by_whom(view: View) -> dict[str, str]:
    if view.whose != Whose.ALL:
        return {}
    if view.asked.get("by") == BY_OFFICER:
        return {pgettext("board", "By group"): "?"}
    return {pgettext("board", "By officer"): f"?by={BY_OFFICER}"}


_ROWS: Final = (
    Listed(("rows",), Column("key", "", Format.TEXT), Column("name", "", Format.TEXT)),
    Row(gettext_lazy("In all"), _TOTAL, is_total=True),
)
_NOTE: Final = pgettext_lazy(
    "board", "In time: resolved by the deadline, of those resolved in the last 30 days."
)
GROUPS: Final = Picture(
    "groups", 50, pgettext_lazy("board", "Load and punctuality by group"), of_groups,
    Table(
        headings=(gettext_lazy("service group"),), columns=_columns("group", "group", "group"),
        rows=_ROWS, row_link=_to_board, note=_NOTE,
    ),
    span=7, shown=_SHOWN, bar="open", whose=ALL_ALONE, wall="bottom-middle",
    on_wall=("open", "red", "yellow", "rate"), links=_by_whom,
)  # fmt: skip
OFFICERS: Final = Picture(
    "officers", 51, pgettext_lazy("board", "Load and punctuality by officer"), of_officers,
    Table(
        headings=(gettext_lazy("officer"),), columns=_columns("handler", "liaison", "resolver"),
        rows=_ROWS, row_link=_to_officer, note=_NOTE,
    ),
    span=7, shown=_SHOWN, bar="open", whose=OF_MANY, links=_by_whom,
)  # fmt: skip
