"""What the rows of the sheet of officers mean: accounts, posts and groups by their names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import (
    Assignment,
    DistrictPost,
    Membership,
    Responsibility,
    ServiceGroup,
)
from coordination.groups.queries_acting import SERVING_ROLES
from coordination.staff.models import ADMINISTRATORS, Officer, Role
from coordination.tickets.flow import OPEN
from coordination.tickets.models import Ticket
from projects.house.imports import CellError, Change, ImportRow, Outcome, RowPlan
from projects.record.folding import fold

POSTS: Final[Mapping[str, tuple[str, ...]]] = {
    Role.LIAISON: ("联络员", "服务专员", "专员"),
    Role.GROUP_LEAD: ("组长", "服务组组长", "服务组长"),
    Role.DUTY_DESK: ("值班台", "值班员", "值班人员"),
    Role.DIRECTOR: ("主任", "中心主任"),
    Role.LEADER: ("分包领导", "包联领导", "包抓领导"),
    Role.DISTRICT_REPORTER: ("县区填报员", "填报员", "县（市）区填报员"),
}
_CALLED: Final = {
    fold(word): post for post, words in POSTS.items() for word in (post, *words)
}  # fmt: skip
_MOBILE: Final = Officer._meta.get_field("mobile")
_WORK: Final = _(
    "Projects or open tickets are his: change this on his own page, which asks who gets them."
)
_SCOPE: Final = _("Districts or projects were given to him: end them on his own page first.")
_HIMSELF: Final = _("Nobody takes himself out of service.")
_SEVERAL: Final = _("Several officers have this name; write the user name.")


@dataclass(frozen=True)
class Placed:
    """An officer's post, group and telephone."""

    role: str
    group: ServiceGroup | None
    mobile: str

    def words(self) -> dict[str, str]:
        """By the names of the columns."""
        post = str(Role(self.role).label) if self.role else ""
        return {
            "post": post, "group": self.group.name if self.group else "", "mobile": self.mobile,
        }  # fmt: skip

    def kept(self) -> dict[str, Any]:
        """As JSON, by which an undoing knows it again."""
        return {
            "role": self.role, "group": self.group.pk if self.group else None,
            "mobile": self.mobile,
        }  # fmt: skip


def post_called(text: str) -> str | None:
    """The post of the desk that the text names, in any of its words; None where it names none."""
    labels = {fold(str(Role(each).label)): each for each in POSTS}
    return _CALLED.get(fold(text)) or labels.get(fold(text))


class Staff:
    """Officers, their groups and what is theirs, each read once for all rows."""

    def __init__(self, officers: Q, at: datetime) -> None:
        found = list(Officer.objects.filter(officers))
        self._by_username = {each.username: each for each in found}
        self._by_name = dict[str, list[Officer]]()
        for each in found:
            if each.is_active:
                self._by_name.setdefault(each.folded, []).append(each)
        self._groups = {
            key: each
            for each in ServiceGroup.objects.filter(is_active=True)
            for key in (fold(each.name), each.code)
        }
        keys = [each.pk for each in found]
        memberships = Membership.objects.filter(officer__in=keys, during__contains=at)
        self._group_of = {
            each.officer_id: each.group for each in memberships.select_related("group")
        }
        self._working, self._scoped = _working(keys, at), _scoped(keys)

    @staticmethod
    def of_rows(rows: Sequence[ImportRow], at: datetime) -> "Staff":
        """Those whom the rows name."""
        usernames = {row.values.get("username") for row in rows} - {None, ""}
        names = {fold(row.values.get("name") or "") for row in rows} - {""}
        return Staff(Q(username__in=usernames) | Q(folded__in=names), at)

    def officer_of(self, row: ImportRow) -> Officer | CellError:
        """The officer by his user name, or else by his name; or what is wrong with them."""
        username, name = row.values.get("username"), row.values.get("name") or ""
        if not username:
            named = self._by_name.get(fold(name), [])
            if len(named) == 1:
                return named[0]
            return CellError("name", _SEVERAL if named else _NO_ACCOUNT, "unknown")
        officer = self._by_username.get(username)
        if officer is None:
            return CellError("username", _NO_ACCOUNT, "unknown")
        if name and fold(name) != officer.folded:
            return CellError("name", _("The account has another name."), "contradicts")
        return officer

    def present(self, officer: Officer) -> Placed:
        """What he is now."""
        return Placed(officer.role, self._group_of.get(officer.pk), officer.mobile)

    def wanted(self, row: ImportRow, before: Placed) -> Placed | list[CellError]:
        """What he is to be: what the row does not state stays as it is."""
        group, mobile, errors = before.group, before.mobile, list[CellError]()
        if typed := row.values.get("group"):
            group = self._groups.get(fold(typed)) or self._groups.get(typed)
            if group is None:
                errors.append(CellError("group", _NO_GROUP, "unknown"))
        if typed := row.values.get("mobile"):
            try:
                mobile = _MOBILE.clean(typed, None)
            except ValidationError as error:
                errors += [CellError("mobile", each, "mobile") for each in error.messages]
        return errors or Placed(row.values.get("post") or before.role, group, mobile)

    def errors_of(
        self, officer: Officer, before: Placed, after: Placed, by: Officer
    ) -> Iterator[CellError]:
        """Why he cannot be placed so, or why more would be left behind than can be undone."""
        if officer.role in ADMINISTRATORS or officer.is_superuser:
            message = _("This is an administrator, who has no post of the desk.")
            yield CellError("username", message, "administrator")
            return
        if not officer.is_active:
            yield CellError("username", _("This officer's account is inactive."), "inactive")
        works, moves = officer.pk in self._working, before.group not in {None, after.group}
        if moves and works:
            yield CellError("group", _WORK, "work")
        if before.role == after.role:
            return
        if officer == by:
            yield CellError("post", _HIMSELF, "self")
        if works and after.role not in SERVING_ROLES:
            yield CellError("post", _WORK, "work")
        if officer.pk in self._scoped:
            yield CellError("post", _SCOPE, "scope")


_NO_ACCOUNT: Final = _("There is no such account; the system administrator makes it first.")
_NO_GROUP: Final = _("There is no such group in service.")


def _working(keys: Sequence[int], at: datetime) -> set[int]:
    """Of these officers those who are liaison or deputy of a project, or handle an open ticket."""
    named = Assignment.objects.filter(
        Q(liaison__in=keys) | Q(deputy__in=keys), during__contains=at
    ).values_list("liaison_id", "deputy_id")
    handled = Ticket.objects.filter(handler__in=keys, status__in=sorted(OPEN))
    both: set[int | None] = {pk for pair in named for pk in pair}
    both |= set(handled.values_list("handler_id", flat=True))
    return {pk for pk in both if pk is not None}


def _scoped(keys: Sequence[int]) -> set[int]:
    """Of these officers those who have districts, or projects to answer for."""
    posts = DistrictPost.objects.filter(officer__in=keys, ended_at=None)
    answered = Responsibility.objects.filter(officer__in=keys, ended_at=None)
    return {
        *posts.values_list("officer_id", flat=True), *answered.values_list("officer_id", flat=True)
    }  # fmt: skip


def plan_row(row: ImportRow, staff: Staff, seen: dict[int, int], by: Officer) -> RowPlan:
    """What one row would do; ``seen`` has the row of each officer who stood above it."""
    officer = staff.officer_of(row)
    if isinstance(officer, CellError):
        return _refused(row, row.values.get("name") or row.values.get("username") or "", officer)
    title = f"{officer} ({officer.username})"
    first = seen.setdefault(officer.pk, row.number)
    if first != row.number:
        message = _("This officer stands in row %(row)s already.") % {"row": first}
        return _refused(row, title, CellError("", message, "twice"))
    before = staff.present(officer)
    wanted = staff.wanted(row, before)
    if isinstance(wanted, list):
        return _refused(row, title, *wanted)
    if wanted == before:
        return RowPlan(row, Outcome.UNCHANGED, title)
    if errors := list(staff.errors_of(officer, before, wanted, by)):
        return _refused(row, title, *errors)
    return RowPlan(
        row, Outcome.CHANGED if before.role else Outcome.NEW, title,
        changes=_changes(before, wanted), warnings=list(_warnings(before, wanted)),
    )  # fmt: skip


def _refused(row: ImportRow, title: str, *errors: CellError) -> RowPlan:
    return RowPlan(row, Outcome.REFUSED, title, errors=errors)


def _changes(before: Placed, wanted: Placed) -> list[Change]:
    now = before.words()
    return [
        Change(column, now[column], word)
        for column, word in wanted.words().items()
        if word != now[column]
    ]


def _warnings(before: Placed, wanted: Placed) -> Iterator[Promise]:
    """What should be looked at."""
    if wanted.role == Role.DIRECTOR != before.role:
        yield _("This row gives the post of the director, who may give posts himself.")
    if wanted.group not in {None, before.group} and wanted.role not in SERVING_ROLES:
        yield _("Only liaisons and group leads act in a group.")


def registered(_by: Any) -> Iterator[dict[str, str]]:
    """Every active officer who has a post of the desk, or none yet, by the names of the columns."""
    at_the_desk = Officer.objects.filter(is_active=True, is_superuser=False)
    rows = at_the_desk.exclude(role__in=ADMINISTRATORS).order_by("username")
    serving = Membership.objects.filter(during__upper_inf=True).select_related("group")
    groups = {each.officer_id: each.group.name for each in serving}
    for each in rows.iterator():
        yield {
            "name": each.name, "username": each.username, "post": each.role,
            "group": groups.get(each.pk, ""), "mobile": each.mobile,
        }  # fmt: skip
