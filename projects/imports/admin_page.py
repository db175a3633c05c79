"""The page of one import: progress, questions, the preview, and what can be done."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from projects.house.rooms import import_sheets
from projects.imports.admin_forms import ConfirmForm, StatedForm, UndoForm
from projects.imports.models import OPEN, Import, State
from projects.imports.progress import percent_of
from projects.imports.queries import page_of_rows
from projects.imports.queries_shown import (
    OUTCOMES,
    STATE_COLOURS,
    checks_of,
    columns_of,
    notices_of,
    shown_rows,
    sums_of,
    tabs_of,
)
from projects.imports.rights import may_import
from projects.record.admin_forms import typed
from projects.record.finding import id_of

WORK: Final = {
    State.READING: gettext_lazy("The workbook is being read, and compared with what is there."),
    State.CARRYING: gettext_lazy("The import is being carried out: all of it, or nothing."),
    State.UNDOING: gettext_lazy("The import is being undone: all of it, or nothing."),
}


def page_of(request: HttpRequest, of: Import) -> dict[str, Any]:
    """The template's variables; a form that was refused is among them with its errors."""
    shown: dict[str, Any] = {
        "of": of, "colour": STATE_COLOURS[of.state],
        "may": may_act(request, of), "is_open": of.state in OPEN,
    }  # fmt: skip
    if of.is_at_work:
        return shown | {"work": WORK[State(of.state)], "percent": percent_of(of.pk)}
    columns, sums, checks = list(columns_of(of)), sums_of(of), checks_of(of)
    return shown | {
        "asked": [each for each in columns if each.is_asked],
        "columns": columns, "known": [each for each in columns if not each.why],
        "must_see": notices_of(of, must_be_seen=True),
        "other_notices": notices_of(of, must_be_seen=False),
        "sums": sums, "checks": checks, "has_after": any("after" in each for each in sums),
        "writes": (of.counts.get("new", 0), of.counts.get("changed", 0)),
        "refused": of.counts.get("refused", 0),
        "confirm": ConfirmForm(of=of, initial={"plan_hash": of.plan_hash}),
        "undo": UndoForm(of=of), "stated": StatedForm(of=of), **_rows(request, of),
    }  # fmt: skip


def may_act(request: HttpRequest, of: Import) -> bool:
    """Whether the officer may do something with the import, or only look."""
    declared = import_sheets().get(of.sheet)
    return declared is not None and may_import(declared, request.user)


def _rows(request: HttpRequest, of: Import) -> dict[str, Any]:
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in OUTCOMES else ""
    page = page_of_rows(
        of, outcome=outcome, after=id_of(request.GET.get("after")),
        before=id_of(request.GET.get("before")),
    )  # fmt: skip
    rows = shown_rows(of, page.rows)
    return {"tabs": tabs_of(of), "outcome": outcome, "page": page, "rows": rows}


def answers_of(request: HttpRequest) -> dict[str, Any]:
    """What was chosen for each column, and which of it is to be remembered."""
    chosen = {
        index: value for name, value in typed(request).items()
        if name.startswith("column-") and (index := id_of(name.removeprefix("column-"))) is not None
    }  # fmt: skip
    kept = {index for each in typed(request).getlist("remember")
            if (index := id_of(each)) is not None}  # fmt: skip
    return {"answers": chosen, "remember": kept}


def chosen_of(request: HttpRequest) -> dict[str, Any]:
    """Which sheet of the workbook was chosen."""
    return {"chosen": typed(request).get("chosen", "")}


def require_viewer(request: HttpRequest) -> None:
    """Raise PermissionDenied unless he may look at imports."""
    user: Any = request.user
    if not user.has_perm("imports.view_import"):
        raise PermissionDenied
