"""Two kinds of admin page that the rooms of the centre share."""

# ruff: noqa: ARG002 - Django names the arguments
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from projects.record.admin_forms import ByVerbs as PlainByVerbs


class NeverDeleted(ModelAdmin):  # type: ignore[misc]  # the theme has no types
    """Whoever once answered for something stays on record."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ByVerbs(PlainByVerbs):
    """The same, with a question before a verb that needs no inputs."""

    def ask_first(
        self, request: HttpRequest, verb: Callable[..., Any], *, title: str, done: str
    ) -> HttpResponse:
        """A verb without inputs: a link leads to the question, and only the answer does it."""
        form = VerbForm(typed(request))
        if form.attempt(verb, by=officer_of(request)):
            messages.success(request, done)
            return self.changelist_of()
        return form_page(self, request, form, title=title, submit=_("Yes, now"))
