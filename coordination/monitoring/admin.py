"""The officers' pages: send today's link again, or show it so that an officer hands it over."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from coordination.monitoring.ask import hand_over, send_again
from coordination.staff.admin_forms import officer_of
from projects.progress.models import Reporter
from projects.record.refusals import Missing, Refusal


def urls() -> list[URLPattern]:
    """The two addresses; only by POST, since both are put on record."""
    send = admin.site.admin_view(require_POST(never_cache(send_page)))
    show = admin.site.admin_view(require_POST(never_cache(link_page)))
    return [
        path("admin/monitoring/<int:reporter_id>/send/", send, name="send_daily_link"),
        path("admin/monitoring/<int:reporter_id>/link/", show, name="show_daily_link"),
    ]


def _reporter(request: HttpRequest, reporter_id: int) -> Reporter:
    if not officer_of(request).has_perm("monitoring.add_asking"):
        raise PermissionDenied
    found = Reporter.objects.select_related("project").filter(pk=reporter_id).first()
    if found is None:
        raise Http404
    return found


def _project_page(reporter: Reporter) -> HttpResponse:
    page = reverse("admin:register_project_change", args=[reporter.project_id])
    return HttpResponseRedirect(page)


def send_page(request: HttpRequest, reporter_id: int) -> HttpResponse:
    """Send the link again and go back to the project."""
    reporter = _reporter(request, reporter_id)
    try:
        send_again(reporter=reporter, by=officer_of(request))
    except Missing as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Today's link is sent again."))
    return _project_page(reporter)


def link_page(request: HttpRequest, reporter_id: int) -> HttpResponse:
    """Show the link of today."""
    reporter = _reporter(request, reporter_id)
    try:
        address = hand_over(reporter=reporter, by=officer_of(request))
    except Missing as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return _project_page(reporter)
    context = {
        **admin.site.each_context(request), "title": _("Today's link of a reporter"),
        "reporter": reporter, "address": address,
    }  # fmt: skip
    return TemplateResponse(request, "monitoring/daily_link.html", context)
