"""The page that shows a department's link once."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from coordination.referrals.draw import draw_link
from coordination.referrals.flow import ReferralVerb
from coordination.referrals.models import Referral
from coordination.staff.admin_forms import officer_of
from coordination.tickets.standing import may_ever
from projects.record.refusals import Missing, NotAllowed


def urls() -> list[URLPattern]:
    """The address that makes a link; only by POST, since each link replaces the one before."""
    view = admin.site.admin_view(require_POST(never_cache(link_page)))
    return [path("admin/referrals/<int:referral_id>/link/", view, name="referral_link")]


def link_page(request: HttpRequest, referral_id: int) -> HttpResponse:
    """Make a link and show it, this once."""
    if not may_ever(ReferralVerb.CHASE, officer_of(request)):
        raise PermissionDenied
    try:
        referral, address = draw_link(referral=referral_id, by=officer_of(request))
    except Missing as refusal:
        raise Http404 from refusal
    except NotAllowed as refusal:
        messages.error(request, str(refusal.message))
        ticket = Referral.objects.values_list("ticket", flat=True).get(pk=referral_id)
        return HttpResponseRedirect(reverse("admin:tickets_ticket_change", args=[ticket]))
    context = {
        **admin.site.each_context(request),
        "title": _("The department's link"), "referral": referral,
        "address": address,
    }  # fmt: skip
    return TemplateResponse(request, "referrals/referral_link.html", context)
