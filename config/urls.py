"""Where each address leads. The apps bring their own."""

import sys
from http import HTTPStatus

from django.contrib import admin
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path
from django.views import defaults
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

from coordination.desk.admin_board import board_page
from coordination.tickets.referrals.public import answer_page
from coordination.tickets.upload import api_page
from projects.access import problem_pages, problems
from projects.access.docs import Docs, Reading

_API = "/api/"


def answer_health(_request: HttpRequest) -> HttpResponse:
    """200 where the database answers, 503 where it does not; for whoever watches us."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


def answer_400(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """A problem for the API's callers, a page for everyone else; a wrong Host among the causes."""
    if request.path.startswith(_API):
        return problems.bad_request(request, exception)
    return defaults.bad_request(request, exception)


def answer_404(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """The same for an address that does not exist."""
    if request.path.startswith(_API):
        return problems.not_found(request, exception)
    return defaults.page_not_found(request, exception)


def answer_500(request: HttpRequest) -> HttpResponseBase:
    """The same for what went wrong here; it says nothing of why, but when to come again."""
    away = problems.is_away(sys.exception())
    if request.path.startswith(_API):
        return problems.unavailable() if away else problems.server_error(request)
    answer = defaults.server_error(request)
    if away:
        answer.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        answer.headers["Retry-After"] = str(problems.RETRY_SECONDS)
    return answer


handler400 = answer_400
handler404 = answer_404
handler500 = answer_500
urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/board/", admin.site.admin_view(board_page), name="board"),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("referral/<str:token>/", answer_page, name="referral"),
    path("healthz", answer_health, name="health"),
    path("problems/", problem_pages.list_problems, name="problems"),
    path("problems/<slug:code>", problem_pages.show_problem, name="problem"),
    path("upload/", api_page.upload_page, name="upload"),
    path("upload/<str:kind>.xlsx", api_page.send_template, name="upload-template"),
    path("api/v1/", include("coordination.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", Docs.as_view(url_name="schema"), name="docs"),
    path("api/redoc/", Reading.as_view(url_name="schema"), name="redoc"),
]
