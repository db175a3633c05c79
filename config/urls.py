"""Where each address leads. The rooms bring their own (see their ``room.py``)."""

import sys
from http import HTTPStatus

from django.contrib import admin
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path
from django.views import defaults
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

from projects.access import problems
from projects.house.rooms import rooms

_API = "/api/"


def answer_health(_request: HttpRequest) -> HttpResponse:
    """The health check: 200 if the database answers, otherwise 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


def answer_400(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 400: a problem document for the API, otherwise a page; as for a wrong Host."""
    if request.path.startswith(_API):
        return problems.respond("malformed")
    return defaults.bad_request(request, exception)


def answer_404(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 404 in the same way."""
    if request.path.startswith(_API):
        return problems.respond("not-found", problems.NO_ADDRESS)
    return defaults.page_not_found(request, exception)


def answer_500(request: HttpRequest) -> HttpResponseBase:
    """Answer an unexpected error; 503 with Retry-After if the database is unavailable."""
    away = problems.is_away(sys.exception())
    if request.path.startswith(_API):
        return problems.unavailable() if away else problems.respond("internal")
    answer = defaults.server_error(request)
    if away:
        answer.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        answer.headers["Retry-After"] = str(problems.RETRY_SECONDS)
    return answer


def addresses() -> list[URLPattern | URLResolver]:
    """All addresses; the rooms' pages first, as some of them lie below the admin's."""
    return [
        path("", RedirectView.as_view(pattern_name="admin:index")),
        *(each for room in rooms() for each in room.urls),
        path("admin/", admin.site.urls),
        path("i18n/", include("django.conf.urls.i18n")),
        path("healthz", answer_health, name="health"),
        path("api/v1/", include(([each for room in rooms() for each in room.api], "api"))),
        path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    ]


handler400 = answer_400
handler404 = answer_404
handler500 = answer_500
urlpatterns = addresses()
