"""Forms that call one verb, and show its refusal beside the fields."""

# ruff: noqa: ARG002 - Django names the arguments
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import lookup_spawns_duplicates
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin
from unfold.paginator import InfinitePaginator

from projects.record.days import DayTimeInput
from projects.record.finding import holding
from projects.record.refusals import Invalid, Refusal

DONE: Final = "typed.done"


def say_done(request: HttpRequest) -> None:
    """Say that what was sent is done although the answer is no redirect: nothing typed is kept."""
    request.META[DONE] = True


def typed(request: HttpRequest) -> Any:
    """The POST data, or None for a GET."""
    return request.POST if request.method == "POST" else None


def _add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Show each message beside the field that it is about, or above the form."""
    if not isinstance(refusal, Invalid):
        form.add_error(None, str(refusal.message))
        return
    for error in refusal.errors:
        name = str(error.path[0])
        form.add_error(name if name in form.fields else None, str(error.message))


def _native(field: forms.Field) -> forms.Widget | None:
    """Use the browser's date and time inputs, which follow the reader's language."""
    if isinstance(field, forms.DateTimeField):
        return DayTimeInput()
    if isinstance(field, forms.DateField):
        return forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return None


def mark_asked(field: forms.Field) -> None:
    """Give the label a star: the verb requires the field, though the form does not."""
    field.is_asked = True  # type: ignore[attr-defined]  # a mark for the template, on a field of the form


class VerbForm(forms.Form):
    """The form of one verb. If it is valid, ``attempt`` calls the verb and shows a refusal.

    ``asked`` are the fields that the verb requires, and refuses together with its other refusals.
    """

    use_required_attribute = False  # we show the errors, in the reader's language
    asked: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            widget = _native(field)
            field.widget = widget or field.widget
            if name in self.asked:
                mark_asked(field)

    def attempt[Done](self, verb: Callable[..., Done], **given: Any) -> tuple[Done] | None:
        """Call the verb: its result in a one-tuple, or None if refused; the form then says why."""
        if not self.is_valid():
            return None
        try:
            return (verb(**self.cleaned_data, **given),)
        except Refusal as refusal:
            _add_refusal(self, refusal)
            return None


def form_page(
    admin: "ModelAdmin[Any]",
    request: HttpRequest,
    form: VerbForm,
    *,
    title: str | Promise,
    submit: str | Promise,
    note: str | Promise = "",
    of: Any = None,
) -> HttpResponse:
    """Show one form on its own page, with the typed values; ``of`` is the row it belongs to."""
    context = {
        **admin.admin_site.each_context(request),
        "title": title, "opts": admin.opts, "form": form, "submit": submit, "note": note,
        "object": of,
    }  # fmt: skip
    return TemplateResponse(request, "record/verb_form.html", context)


class ReadOnly:
    """A mixin for admins and inlines whose rows nobody adds, changes or deletes there."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@dataclass(frozen=True)
class Adding:
    """The page on which a verb adds a row: its form and texts; ``done`` is shown afterwards."""

    form: type[VerbForm]
    verb: Callable[..., object]
    title: str | Promise
    submit: str | Promise
    done: str | Promise
    note: str | Promise = ""


class FoldedSearch:
    """A mixin for admins: every word is searched in ``search_fields``, however it is spelled."""

    search_fields: ClassVar[list[str]] = []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows that hold all typed words, and whether one may be among them twice."""
        meta = queryset.model._meta
        is_joined = any(lookup_spawns_duplicates(meta, each) for each in self.search_fields)
        return queryset.filter(holding(self.search_fields, search_term)), is_joined


class _UncountedList(ChangeList):
    """Knows of no more rows than its page shows: it offers none beyond them for an action."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_count = len(self.result_list)


class WithoutCount(ModelAdmin):  # type: ignore[misc]  # the theme has no types
    """An admin of many rows, which are shown page by page and not counted."""

    paginator = InfinitePaginator
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _UncountedList


class AsksVerbs(ModelAdmin):  # type: ignore[misc]  # the theme has no types
    """An admin with pages that call one verb each."""

    def ask(
        self,
        request: HttpRequest,
        form: VerbForm,
        verb: Callable[..., object],
        *,
        title: str | Promise,
        submit: str | Promise,
        done: str | Promise,
        note: str | Promise = "",
        of: Any = None,
    ) -> HttpResponse:
        """Show the form; once it is valid, call the verb and go back to the list with ``done``."""
        if form.attempt(verb, by=request.user):
            messages.success(request, str(done))
            return self.changelist_of()
        return form_page(self, request, form, title=title, submit=submit, note=note, of=of)

    def ask_first(
        self, request: HttpRequest, verb: Callable[..., Any], *, title: str, done: str
    ) -> HttpResponse:
        """Call a verb without inputs: a GET asks for confirmation, only the POST acts."""
        return self.ask(
            request, VerbForm(typed(request)), verb, title=title, submit=_("Yes, now"), done=done
        )

    def changelist_of(self) -> HttpResponseRedirect:
        """Redirect to the list."""
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        )
