"""The pages of display links: made, shown once, listed with their last use, revoked."""

# ruff: noqa: ARG002 - Django names the arguments
from functools import partial
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from unfold.decorators import action

from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs
from coordination.workbench.board.display_links import make_display_link, revoke_display_link
from coordination.workbench.models import DisplayLink
from projects.record.finding import typed_row_or_404

_REVOKE: Final = pgettext_lazy("display link", "Revoke")


class DisplayLinkForm(VerbForm):
    """The form of a new link: where its screen hangs."""

    asked = frozenset({"name"})
    name = forms.CharField(
        label=gettext_lazy("name"), max_length=40, required=False,
        help_text=gettext_lazy("Where the screen hangs, for example 值班室大屏."),
    )  # fmt: skip


@admin.register(DisplayLink)
class DisplayLinkAdmin(ByVerbs):
    acting = "workbench.change_displaylink"
    list_display: ClassVar = ["name", "made_by", "made_at", "last_used_at", "revoked_at"]
    list_select_related: ClassVar = ["made_by"]
    fields: ClassVar = [
        "name", "made_by", "made_at", "last_used_at", "revoked_by", "revoked_at",
    ]  # fmt: skip
    search_fields: ClassVar = ["name"]
    actions = None
    actions_detail: ClassVar = ["revoke"]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Make a link; its address is shown on the next page, and never again."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = DisplayLinkForm(typed(request))
        if made := form.attempt(make_display_link, by=officer_of(request)):
            return self._show_once(request, *made[0])
        return form_page(
            self, request, form, title=_("Make a display link"), submit=_("Make"),
            note=_(
                "Whoever has the link sees the board's totals, without signing in: no names, no"
                " single tickets, no buttons. Its address is shown once, on the next page."
            ),
        )  # fmt: skip

    def _show_once(self, request: HttpRequest, link: DisplayLink, address: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request), "title": _("The display link is made"),
            "opts": self.opts, "link": link, "address": address,
        }  # fmt: skip

        def shown(request: HttpRequest) -> HttpResponse:
            return TemplateResponse(request, "workbench/board/display_link.html", context)

        return never_cache(shown)(request)

    @action(
        description=pgettext_lazy("display link", "Revoke"),
        url_path="revoke",
        permissions=["acting"],
    )  # type: ignore[untyped-decorator]  # the theme has no types
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Revoke the link."""
        link = typed_row_or_404(DisplayLink.objects.all(), object_id)
        return self.ask(
            request, VerbForm(typed(request)), partial(revoke_display_link, link=link),
            title=_("Revoke %(link)s?") % {"link": link}, submit=_REVOKE,
            done=_("The display link is revoked."),
            note=_("Its screen shows nothing from then on. This cannot be undone."),
        )  # fmt: skip
