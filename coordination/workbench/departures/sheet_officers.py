"""The sheet of officers: which post and which group each has, and his office phone.

Accounts are made elsewhere, by the system administrator (ADR 48); here the director gives those
that are there what they may do. What somebody's work hangs on is changed on his own page.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coordination.groups.models import ServiceGroup
from coordination.groups.serve import join_group, require_permission
from coordination.staff.models import Officer
from coordination.staff.revise import record_phone
from coordination.workbench.departures.queries import To
from coordination.workbench.departures.queries_sheet import (
    POSTS,
    Placed,
    Staff,
    plan_row,
    registered,
)
from coordination.workbench.departures.relieve import Kind, Relief, relieve_officer, withdraw_post
from projects.house.imports import CellError, ImportColumn, ImportRow, ImportSheet, RowPlan
from projects.house.imports import Kind as Read
from projects.record.refusals import Invalid, NotAllowed, Stale

_PERMISSION: Final = "staff.assign_post"


def plan(rows: Sequence[ImportRow], at: datetime, by: Officer) -> list[RowPlan]:
    """An account that gets its first post is new, one that has another post is changed."""
    require_permission(by, _PERMISSION)
    staff, seen = Staff.of_rows(rows, at), dict[int, int]()
    return [plan_row(row, staff, seen, by) for row in rows]


def carry_out(plans: Sequence[RowPlan], at: datetime, by: Officer) -> Iterator[dict[str, Any]]:
    """Give each his post, his group and his telephone from now on."""
    require_permission(by, _PERMISSION)
    staff = Staff.of_rows([each.row for each in plans], at)
    reason = _("Import of officers")
    for each in plans:
        officer = staff.officer_of(each.row)
        if isinstance(officer, CellError):
            raise Stale
        before = staff.present(officer)
        after = staff.wanted(each.row, before)
        if isinstance(after, list):
            raise Stale
        _place(officer, before, after, reason, by)
        yield {"officer": officer.pk, "before": before.kept(), "after": after.kept()}


def _place(officer: Officer, before: Placed, after: Placed, reason: str, by: Officer) -> None:
    """Do what differs, by the verbs of one officer; his group last, as a post is needed for it."""
    try:
        if before.group is not None and after.group is None:
            _relieve(officer, Kind.LEAVE_GROUP, reason, by)
        if before.role != after.role and after.role:
            _relieve(officer, Kind.CHANGE_ROLE, reason, by, role=after.role)
        if before.group is not None and after.group not in {None, before.group}:
            _relieve(officer, Kind.MOVE, reason, by, group=after.group)
        elif after.group not in {None, before.group}:
            join_group(officer=officer, group=after.group, by=by)
        if before.role and not after.role:
            withdraw_post(officer=officer, reason=reason, by=by)
        if before.mobile != after.mobile:
            record_phone(officer=officer, mobile=after.mobile, by=by)
    except Invalid as refusal:
        raise NotAllowed(f"{officer}: {' '.join(refusal.reasons)}") from refusal


def _relieve(
    officer: Officer,
    kind: Kind,
    reason: str,
    by: Officer,
    *,
    role: str = "",
    group: ServiceGroup | None = None,
) -> None:
    relief = Relief(officer=officer, kind=kind, to=To.LEAVE, reason=reason, role=role, group=group)
    relieve_officer(relief=relief, by=by)


def undo(effects: Sequence[Any], at: datetime, by: Officer) -> None:
    """Give each back what he was; refused where that was changed since, or work hangs on it."""
    require_permission(by, _PERMISSION)
    keys = [each["officer"] for each in effects]
    officers = Officer.objects.in_bulk(keys)
    groups = ServiceGroup.objects.in_bulk()
    staff = Staff(Q(pk__in=keys), at)
    for each in effects:
        officer = officers[each["officer"]]
        now, before = staff.present(officer), _placed(each["before"], groups)
        if now != _placed(each["after"], groups):
            raise NotAllowed(_("%(officer)s was changed since.") % {"officer": officer})
        for error in staff.errors_of(officer, now, before, by):
            raise NotAllowed(f"{officer}: {error.message}")
        _place(officer, now, before, _("An import was undone"), by)


def _placed(kept: Mapping[str, Any], groups: Mapping[int, ServiceGroup]) -> Placed:
    group = groups[kept["group"]] if kept["group"] is not None else None
    return Placed(kept["role"], group, kept["mobile"])


SHEET: Final = ImportSheet(
    "officers", pgettext_lazy("sheet", "Officers"), (
        ImportColumn(
            "name", pgettext_lazy("person", "name"), Read.TEXT,
            ("姓名", "人员姓名", "工作人员", "人员"), is_key=True,
        ),
        ImportColumn(
            "username", gettext_lazy("user name"), Read.TEXT,
            ("用户名", "登录名", "登录账号", "账号"), is_key=True,
        ),
        ImportColumn(
            "post", gettext_lazy("post"), Read.CHOICE,
            ("岗位", "职务", "岗位职务", "担任岗位", "角色"), choices=POSTS, is_required=True,
        ),
        ImportColumn(
            "group", gettext_lazy("service group"), Read.TEXT,
            ("服务组", "所在组", "所在服务组", "所属服务组", "所属组", "协调服务组", "服务组别",
             "组别"),
        ),
        ImportColumn(
            "mobile", gettext_lazy("office phone"), Read.TEXT,
            ("工作电话", "办公电话", "联系电话", "联系方式", "电话", "手机", "手机号", "手机号码"),
        ),
    ),
    _PERMISSION, plan=plan, carry_out=carry_out, undo=undo, export=registered, order=40,
)  # fmt: skip
