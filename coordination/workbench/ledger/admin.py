"""The ledger's pages: choose a period, read the table, open a figure, print, export to Excel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coordination.groups.models import ServiceGroup
from coordination.groups.queries import group_of
from coordination.staff.admin_forms import officer_of
from coordination.staff.models import Officer, Role
from coordination.tickets.kinds.registry import kind_choices
from coordination.tickets.queries import tickets_for
from coordination.workbench.ledger.book import GOING, Ledger, Row, ledger
from coordination.workbench.ledger.export import balance_of, workbook
from coordination.workbench.ledger.queries import By, Column, Key, page_of_entries
from coordination.workbench.ledger.span import (
    Span,
    month_before,
    month_of,
    of_days,
    quarter_of,
    year_of,
)  # fmt: skip
from coordination.workbench.queue.admin_queue import id_in
from projects.record.clock import now
from projects.record.days import YEARS
from projects.register.models import District, Project

_SIZE: Final = 50
_WEEK: Final = timedelta(days=7)
_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOBODY: Final = "none"
_WITHIN_GROUP: Final = frozenset({Role.LIAISON, Role.GROUP_LEAD})
_PERIODS: Final[tuple[tuple[Promise, Callable[[date], tuple[date, date]]], ...]] = (
    (gettext_lazy("This month"), month_of),
    (gettext_lazy("Last month"), month_before),
    (gettext_lazy("This quarter"), quarter_of),
    (gettext_lazy("This year"), year_of),
)


class AskedForm(forms.Form):
    """The form of period and grouping; invalid parameters are ignored."""

    first = forms.DateField(
        label=gettext_lazy("first day"), required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    last = forms.DateField(
        label=gettext_lazy("last day"), required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    by = forms.ChoiceField(label=pgettext_lazy("ledger", "a row for each"), choices=By.choices)
    group = forms.ModelChoiceField(
        ServiceGroup.objects.all(), label=gettext_lazy("service group"), required=False
    )
    kind = forms.ChoiceField(label=gettext_lazy("kind"), required=False)
    district = forms.ModelChoiceField(
        District.objects.all(), label=pgettext_lazy("administrative unit", "district"),
        required=False,
    )  # fmt: skip
    project = forms.ModelChoiceField(
        Project.objects.all(), to_field_name="code", required=False,
        label=gettext_lazy("project code"), widget=forms.TextInput({"size": 10}),
    )  # fmt: skip

    # In place of first and last day: the seven days to ``week``, or the time to it after ``since``;
    # set by links of boards and bulletins, as is a group by its code.
    week = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    since = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    code = forms.ModelChoiceField(
        ServiceGroup.objects.all(), to_field_name="code", required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Any, officer: Officer) -> None:
        super().__init__(data)
        kinds: Any = self.fields["kind"]
        kinds.choices = [("", "---------"), *kind_choices()]
        if officer.role in _WITHIN_GROUP:
            del self.fields["group"], self.fields["code"]

    def clean(self) -> dict[str, Any]:
        """Put the two days in order."""
        found = self.cleaned_data
        first, last = found.get("first"), found.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day must not be before the first."))
        return found


@dataclass(frozen=True)
class Asked:
    """The requested period and grouping, and what the officer may see."""

    form: AskedForm
    first: date
    last: date
    by: By
    scope: dict[By, Key]
    query: str
    week: Span | None = None
    own: ServiceGroup | None = None  # the only one whose tickets the officer sees here

    @property
    def span(self) -> Span:
        """The period, ending now at the latest."""
        if self.week is not None:
            return self.week.until(now())
        return of_days(self.first, self.last).until(now())


def _asked(request: HttpRequest) -> Asked:
    officer, today = officer_of(request), timezone.localdate(now())
    first, last = month_of(today)
    given = {"first": f"{first}", "last": f"{last}", "by": By.GROUP, **request.GET.dict()}
    form = AskedForm(given, officer)
    found = form.cleaned_data if form.is_valid() else {}
    chosen: dict[By, Any] = {
        By.GROUP: (group := found.get("group") or found.get("code")) and group.pk,
        By.KIND: found.get("kind"),
        By.DISTRICT: found.get("district") and found["district"].pk,
        By.PROJECT: found.get("project") and found["project"].pk,
    }
    scope = {by: key for by, key in chosen.items() if key}
    own = group_of(officer, now()) if officer.role in _WITHIN_GROUP else None
    if officer.role in _WITHIN_GROUP:
        if given.get("code", own and own.code) != (own and own.code):
            raise PermissionDenied  # another group's figure of a bulletin
        scope[By.GROUP] = own.pk if own else 0  # not in a group: nothing
    kept = {name: given[name] for name in form.fields if given.get(name)}
    return Asked(
        form=form, first=found.get("first") or first, last=found.get("last") or last,
        by=By(found.get("by") or By.GROUP), scope=scope, query=urlencode(kept),
        week=_week(found), own=own,
    )  # fmt: skip


def _week(found: Mapping[str, Any]) -> Span | None:
    """The period to the moment that is given in place of days."""
    end, start = found.get("week"), found.get("since")
    if end is None or not {end.year, (start or end).year} <= set(YEARS):
        return None
    return Span(start if start and start < end else end - _WEEK, end)


def urls(inside: Callable[[Any], Any], common: Callable[[HttpRequest], dict[str, Any]]) -> Any:
    """The addresses of the pages, below those of the tickets."""

    def page(view: Callable[..., HttpResponse]) -> Any:
        def shown(request: HttpRequest, **where: Any) -> HttpResponse:
            if not request.user.has_perm("workbench.view_ledger"):
                raise PermissionDenied
            return view(request, common(request), **where)

        return inside(shown)

    found: list[URLPattern] = [
        path("ledger/", page(table_page), name="ledger"),
        path("ledger/excel/", page(excel_page), name="ledger_excel"),
        path("ledger/<slug:column>/", page(entries_page), name="ledger_entries"),
    ]
    return found


def _headings(asked: Asked, book: Ledger) -> list[str]:
    first = capfirst(str(asked.by.label))
    return [first, *(capfirst(str(each.label)) for each in book.columns), _("Balance")]


def _subtitle(asked: Asked) -> str:
    """Which period, and whose tickets where that is one group's alone."""
    period = _period(asked)
    if asked.own is None:
        return period
    return _("%(period)s, tickets of %(group)s alone") % {"period": period, "group": asked.own}


def _period(asked: Asked) -> str:
    if asked.week is not None:
        return _("%(start)s to %(end)s") % {
            "start": f"{timezone.localtime(asked.span.start):%Y-%m-%d %H:%M}",
            "end": f"{timezone.localtime(asked.span.end):%Y-%m-%d %H:%M}",
        }
    return _("%(first)s to %(last)s, as recorded by %(at)s") % {
        "first": asked.first, "last": asked.last,
        "at": f"{timezone.localtime(asked.span.end):%Y-%m-%d %H:%M}",
    }  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One figure, and the address of the tickets that it counts."""

    number: int
    address: str
    is_going: bool


def _cells(row: Row, asked: Asked, book: Ledger, *, of_all: bool) -> list[Cell]:
    key = "" if of_all else f"&key={_NOBODY if row.key is None else row.key}"
    return [
        Cell(
            row.figures[column],
            f"{reverse('admin:ledger_entries', args=[column])}?{asked.query}{key}",
            column in GOING,
        )
        for column in book.columns
    ]


def table_page(request: HttpRequest, common: Mapping[str, Any]) -> HttpResponse:
    """Show the table; with ``print`` on a page of its own."""
    asked = _asked(request)
    book = ledger(by=asked.by, span=asked.span, scope=asked.scope)
    shown = [(row, _cells(row, asked, book, of_all=False), balance_of(row)) for row in book.rows]
    total = (book.total, _cells(book.total, asked, book, of_all=True), balance_of(book.total))
    today = timezone.localdate(now())
    context = {
        **common, "title": _("Check-off ledger"), "asked": asked, "book": book, "rows": shown,
        "total": total, "headings": _headings(asked, book), "subtitle": _subtitle(asked),
        "periods": [(label, *days(today)) for label, days in _PERIODS],
    }  # fmt: skip
    name = "print" if "print" in request.GET else "page"
    return TemplateResponse(request, f"workbench/ledger/{name}.html", context)


def excel_page(request: HttpRequest, common: Mapping[str, Any]) -> HttpResponse:  # noqa: ARG001 - as every page here
    """Send the same table as a file."""
    asked = _asked(request)
    book = ledger(by=asked.by, span=asked.span, scope=asked.scope)
    content = workbook(
        book=book, title=_("Check-off ledger"), subtitle=_subtitle(asked),
        headings=_headings(asked, book),
    )  # fmt: skip
    name = f"ledger-{asked.first}-{asked.last}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=_EXCEL, headers=headers)


def _scope_of(request: HttpRequest, asked: Asked) -> dict[By, Key]:
    """The table's scope, restricted to the row whose figure was opened."""
    given = request.GET.get("key", "")
    if not given:
        return asked.scope
    key: Key = None if given == _NOBODY else given
    if asked.by != By.KIND and key is not None:
        key = id_in(request.GET, "key")
        if key is None:
            raise Http404
    if asked.scope.get(asked.by, key) != key:  # the row is not in this officer's table
        raise Http404
    return {**asked.scope, asked.by: key}


def entries_page(request: HttpRequest, common: Mapping[str, Any], column: str) -> HttpResponse:
    """Show what one figure counts: each ticket with the time and event that made it count."""
    if column not in Column.values:
        raise Http404
    asked = _asked(request)
    found = page_of_entries(
        Column(column), asked.span, _scope_of(request, asked),
        after=id_in(request.GET, "after"), size=_SIZE + 1,
    )  # fmt: skip
    known = tickets_for(officer_of(request)).filter(pk__in={event.ticket_id for event in found})
    context = {
        **common, "title": capfirst(str(Column(column).label)), "asked": asked, "known":
        set(known.values_list("pk", flat=True)), "subtitle": _subtitle(asked),
        "entries": [(event, event.verb_label) for event in found[:_SIZE]],
        "next": found[_SIZE - 1].pk if len(found) > _SIZE else None,
        "key": request.GET.get("key", ""), "column": column,
    }  # fmt: skip
    return TemplateResponse(request, "workbench/ledger/entries.html", context)
