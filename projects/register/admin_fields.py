"""Form fields that choose one of many projects or enterprises by typing, with suggestions.

Without JavaScript, the code or the whole name must be typed.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.record.clock import now
from projects.record.finding import id_of
from projects.record.text import one_line
from projects.register.models import Enterprise, Project
from projects.register.places import suggest_places
from projects.register.queries import current_projects
from projects.register.queries_scopes import enterprises_seen_by, limit_of, seen_among
from projects.register.suggest import (
    SUGGESTED,
    display_text,
    enterprise_from_text,
    project_from_text,
    suggest_enterprises,
    suggest_projects,
)

_LONGEST = 160
_NAMED = 5  # of the lines that name no project


class Suggested(forms.TextInput):
    """A text input with suggestions from an address, which may be sent another field's value."""

    class Media:
        js: ClassVar = [forms.Script("register/suggest.js", defer=True)]

    def __init__(self, address: Any, *, beside: str = "") -> None:
        attrs = {"autocomplete": "off", "data-suggest": address}
        super().__init__(attrs | ({"data-beside": beside} if beside else {}))


class _RowField(forms.CharField):
    """A text field whose value is the row that the text names."""

    none: Any
    among: QuerySet[Any] | None = None  # where a page narrows whom or what may be named

    def __init__(
        self, find: Callable[..., Any], model: type[Project | Enterprise], **options: Any
    ) -> None:
        super().__init__(max_length=_LONGEST, **options)
        self.find = find
        self.model = model

    def clean(self, value: Any) -> Any:
        """Return the row. Raises ValidationError unless exactly one has that name."""
        typed = super().clean(value)
        if not typed:
            return None
        row = self.find(typed) if self.among is None else self.find(typed, self.among)
        if row is None:
            raise forms.ValidationError(self.none, code="choice")
        return row

    def prepare_value(self, value: Any) -> Any:
        """Show a row, or a row's id from a link, as its code and name."""
        if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()):
            rows = self.model.objects.all() if self.among is None else self.among
            value = rows.filter(pk=value).first() or value
        return display_text(value) if isinstance(value, Project | Enterprise) else value


class ProjectField(_RowField):
    """A project, by its code or whole name; ``suggest`` is the address of the suggestions."""

    none = _("There is no project of this code or name. Choose one that is suggested.")

    def __init__(self, *, suggest: str = "admin:projects_suggest", **options: Any) -> None:
        options.setdefault("label", _("project"))
        options["widget"] = Suggested(reverse_lazy(suggest))
        super().__init__(project_from_text, Project, **options)


class ProjectsField(forms.CharField):
    """Several projects, one a line, each by its code or whole name."""

    def __init__(self, **options: Any) -> None:
        given: dict[str, Any] = {
            "label": _("projects"), "max_length": 60_000, "widget": forms.Textarea({"rows": 5}),
            "help_text": _("One a line: project code, or the whole name."),
        }  # fmt: skip
        super().__init__(**given | options)

    def clean(self, value: Any) -> Any:
        """Return the projects, each once. Raises ValidationError for each line that names none."""
        lines = [one_line(each) for each in (super().clean(value) or "").splitlines()]
        named = {each: project_from_text(each) for each in lines if each}
        unknown = [each for each, project in named.items() if project is None]
        if unknown:
            more = "…" if len(unknown) > _NAMED else ""
            said = {"named": "、".join(unknown[:_NAMED]) + more}
            message = _("There is no project of this code or name: %(named)s.")
            raise forms.ValidationError(message % said, code="choice")
        return list(dict.fromkeys(named.values()))

    def prepare_value(self, value: Any) -> Any:
        """Show a project's id from a link as its code and name."""
        pk = id_of(value) if isinstance(value, str) else None
        row = Project.objects.filter(pk=pk).first() if pk else None
        return value if row is None else display_text(row)


class EnterpriseField(_RowField):
    """An enterprise, by its code or whole name; ``beside`` is the field of its project, if any."""

    none = _("There is no enterprise of this code or name. Choose one that is suggested.")

    def __init__(self, *, beside: str = "", **options: Any) -> None:
        options.setdefault("label", _("enterprise"))
        address = reverse_lazy("admin:enterprises_suggest")
        options["widget"] = Suggested(address, beside=beside)
        super().__init__(enterprise_from_text, Enterprise, **options)


def projects_suggested(request: HttpRequest, rows: QuerySet[Project] | None = None) -> JsonResponse:
    """The suggested projects for the typed text, among these rows, or those of the register.

    Of which the reader may know. Raises PermissionDenied for whoever may not see projects.
    """
    _require_any(request, "register.view_project")
    given = current_projects() if rows is None else rows
    seen = seen_among(given, request.user, now(), by="pk")
    return JsonResponse({"found": suggest_projects(_typed(request, "q"), seen)})


def enterprises_suggested(request: HttpRequest) -> JsonResponse:
    """The suggested enterprises for the typed text, those of the project if one is named.

    Raises PermissionDenied for whoever may neither see enterprises nor issue them keys.
    """
    _require_any(request, "register.view_enterprise", "access.add_apikey")
    at = now()
    project = project_from_text(_typed(request, "beside"), limit_of(request.user, at))
    found = suggest_enterprises(
        _typed(request, "q"), project=project, on=timezone.localdate(at),
        among=enterprises_seen_by(request.user, at),
    )  # fmt: skip
    return JsonResponse({"found": found})


def places_suggested(request: HttpRequest) -> JsonResponse:
    """The suggested counties and cities."""
    found = suggest_places(_typed(request, "q"), timezone.localdate(now()), most=SUGGESTED)
    return JsonResponse({"found": found})


def _require_any(request: HttpRequest, *permissions: str) -> None:
    if not any(map(request.user.has_perm, permissions)):
        raise PermissionDenied


def _typed(request: HttpRequest, name: str) -> str:
    return one_line(request.GET.get(name, ""))[:_LONGEST]
