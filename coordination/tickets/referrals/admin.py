"""The departments, and the page that shows a link once."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from coordination.groups.admin import NeverDeleted
from coordination.groups.admin_forms import officer_of
from coordination.tickets.referrals.draw import draw_link
from coordination.tickets.referrals.models import Department, Referral
from projects.record.refusals import Missing, NotAllowed


@admin.register(Department)
class DepartmentAdmin(NeverDeleted):
    list_display: ClassVar = ["ordinal", "name", "email", "phone", "is_active"]
    list_display_links: ClassVar = ["name"]
    list_filter: ClassVar = ["is_active"]
    search_fields: ClassVar = ["name"]
    fields = ("ordinal", "name", "email", "phone", "is_active")


def urls(inside: Callable[[Any], Any], common: Callable[[HttpRequest], dict[str, Any]]) -> Any:
    """The address at which a link is drawn; by POST, since each one ends the one before."""

    @require_POST
    @never_cache
    def link_view(request: HttpRequest, referral_id: int) -> HttpResponse:
        return _link_page(request, referral_id, common)

    return [path("referrals/<int:referral_id>/link/", inside(link_view), name="referral_link")]


def _link_page(
    request: HttpRequest, referral_id: int, common: Callable[[HttpRequest], dict[str, Any]]
) -> HttpResponse:
    try:
        referral, address = draw_link(referral=referral_id, by=officer_of(request))
    except Missing as refusal:
        raise Http404 from refusal
    except NotAllowed as refusal:
        messages.error(request, str(refusal.message))
        ticket = Referral.objects.values_list("ticket", flat=True).get(pk=referral_id)
        return HttpResponseRedirect(reverse("admin:coordination_ticket_change", args=[ticket]))
    context = {
        **common(request), "title": _("The department's link"), "referral": referral,
        "address": address,
    }  # fmt: skip
    return TemplateResponse(request, "coordination/referral_link.html", context)
