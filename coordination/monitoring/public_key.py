"""The page on which an enterprise without software reports its projects, by its key.

The key is sent once. From then on a cookie names it, which is signed, works on these pages alone
and for some hours, and opens nothing once the key is revoked or has expired. Every request counts
against the key's limit, each wrong key against that of its address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial, wraps
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import AuthenticationFailed

from coordination.monitoring.public_form import shown, take
from coordination.parties.public import render_page, see_again
from projects.access.authentication import key_of, key_still_open
from projects.access.key_usage import note_refusal
from projects.access.models import ApiKey, KeyRefusal, Scope
from projects.access.problems import Problem
from projects.progress.models import DailyReport
from projects.progress.queries import reporting_projects
from projects.progress.queries_standings import Standing, standings_of
from projects.progress.report import report, report_unchanged, why_not_unchanged
from projects.record.clock import now
from projects.record.refusals import Missing, Refusal
from projects.register.models import Project
from projects.worktime.calendar import at_time, day_of

_COOKIE: Final = "zhitongche_report"
_SALT: Final = "coordination.monitoring.public_key"
_LASTS: Final = 8 * 60 * 60  # seconds: a working day
_NEEDED: Final = (Scope.READ, Scope.ACT)
_AT_ONCE: Final = 50
_SCOPES: Final = _("This key may not be used here: it needs “read” and “act, report progress”.")
_AGAIN: Final = _("Please paste the key again.")
_NEW_DAY: Final = _("A new day has begun: please look at the figures again.")
_UNKNOWN: Final = _("Your enterprise reports on no such project.")

type View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class _Line:
    """A project of the list: its report of the day, or else the last one, ready to be repeated."""

    project: Project
    standing: Standing
    why_not: str
    refused: str = ""

    @property
    def row(self) -> DailyReport | None:
        return self.standing.filed or self.standing.last


def _page(view: View) -> View:
    """Decorate a page of the key: its headers, CSRF, and what is shown of refusals."""

    @csrf_protect
    @require_http_methods(["GET", "HEAD", "POST"])
    @sensitive_post_parameters("key")
    @wraps(view)
    def page(request: HttpRequest, **path: str) -> HttpResponse:
        try:
            answer = view(request, **path)
        except Missing:
            answer = _closed(_UNKNOWN, HTTPStatus.NOT_FOUND)
        except Problem as problem:  # too many requests
            answer = _closed(problem.detail, HTTPStatus(problem.status_code))
            if problem.wait:
                answer["Retry-After"] = str(problem.wait)
        # Its address has no secret; without an origin the check against forged requests fails.
        answer["Referrer-Policy"] = "same-origin"
        return answer

    return page


def _closed(message: Any, status: HTTPStatus) -> HttpResponse:
    return render_page("parties/link/closed.html", {"message": message}, status)


def _key_of_cookie(request: HttpRequest) -> ApiKey | None:
    """The key that was sent before, if it still opens these pages."""
    try:
        key_id = signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_SALT, max_age=_LASTS)
    except signing.BadSignature:
        return None
    key = key_still_open(request, str(key_id))
    return key if key is not None and all(map(key.covers, _NEEDED)) else None


@_page
def report_by_key_page(request: HttpRequest) -> HttpResponse:
    """Ask for the key; then list the enterprise's projects, each with its last figures."""
    if request.method == "POST" and "key" in request.POST:
        return _take_key(request)
    if request.method == "POST" and "leave" in request.POST:
        answer = see_again(request)
        answer.delete_cookie(_COOKIE, path=reverse("report_by_key"))
        return answer
    key = _key_of_cookie(request)
    if key is None:
        had_one = _COOKIE in request.COOKIES or request.method == "POST"
        return _ask(request, _AGAIN if had_one else "")
    refused: tuple[str, str] | None = None
    if request.method == "POST":
        code = request.POST.get("unchanged", "")
        why = _repeat(request, code, key)
        if not why:
            return see_again(request)
        refused = (code, why)
    return _list(request, key, refused)


def _take_key(request: HttpRequest) -> HttpResponse:
    """Remember the key for some hours, where it may be used here."""
    try:
        key = key_of(request, request.POST["key"].strip().encode())
    except AuthenticationFailed as refusal:
        return _ask(request, refusal.detail)
    if not all(map(key.covers, _NEEDED)):
        note_refusal(key, KeyRefusal.Reason.SCOPE)
        return _ask(request, _SCOPES)
    answer = see_again(request)
    answer.set_cookie(
        _COOKIE, signing.dumps(key.key_id, salt=_SALT), max_age=_LASTS, httponly=True,
        path=reverse("report_by_key"), secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
    )  # fmt: skip
    return answer


def _ask(request: HttpRequest, wrong: Any) -> HttpResponse:
    context = {"wrong": wrong, "csrf_token": get_token(request)}
    return render_page("monitoring/report/key.html", context)


def _repeat(request: HttpRequest, code: str, key: ApiKey) -> str:
    """Report that nothing has changed on the project; why not, where that is refused."""
    day = day_of(now())
    if request.POST.get("day") != day.isoformat():
        return str(_NEW_DAY)
    try:
        report_unchanged(project=_project(code, day, key), day=day, by=key)
    except Missing:
        raise
    except Refusal as refusal:
        return str(refusal.message)
    return ""


def _project(code: str, day: date, key: ApiKey) -> Project:
    """The project on which the enterprise reports that day. Raises Missing."""
    rows = reporting_projects(key.enterprise, on=day).filter(left_at=None)
    found = rows.filter(code=code).first()
    if found is None:
        raise Missing
    return found


def _list(request: HttpRequest, key: ApiKey, refused: tuple[str, str] | None) -> HttpResponse:
    at = now()
    day, after = day_of(at), request.GET.get("after", "")
    rows = reporting_projects(key.enterprise, on=day).filter(left_at=None, code__gt=after)
    projects = list(rows.order_by("code")[: _AT_ONCE + 1])
    lines = _lines(projects[:_AT_ONCE], day, refused)
    context = {
        "enterprise": key.enterprise, "day": day, "due": settings.REPORT_DUE,
        "is_late": at > at_time(day, settings.REPORT_DUE), "lines": lines,
        "owed": sum(each.standing.filed is None for each in lines),
        "here": after, "after": projects[_AT_ONCE - 1].code if len(projects) > _AT_ONCE else "",
        "csrf_token": get_token(request),
    }  # fmt: skip
    return render_page("monitoring/report/projects.html", context)


def _lines(projects: list[Project], day: date, refused: tuple[str, str] | None) -> list[_Line]:
    """The projects, those first that have not reported; by three queries."""
    standings = standings_of({(each.pk, day) for each in projects})
    code, why = refused or ("", "")
    found = [
        _Line(
            each, standings[each.pk, day], why_not_unchanged(standings[each.pk, day].last, day),
            why if each.code == code else "",
        )
        for each in projects
    ]  # fmt: skip
    return sorted(found, key=lambda line: line.standing.filed is not None)


@_page
def report_project_by_key_page(request: HttpRequest, code: str) -> HttpResponse:
    """The form of one project; after a report what was recorded."""
    key = _key_of_cookie(request)
    if key is None:
        return HttpResponseRedirect(reverse("report_by_key"), status=HTTPStatus.SEE_OTHER)
    day = day_of(now())
    project, wrong, refused = _project(code, day, key), None, ""
    if request.method == "POST":
        if request.POST.get("day") != day.isoformat():
            refused = str(_NEW_DAY)
        else:
            given: dict[str, Any] = {"project": project, "day": day, "by": key}
            wrong, refused = take(
                request.POST, report=partial(report, **given),
                unchanged=partial(report_unchanged, **given),
            )  # fmt: skip
            if wrong is None and not refused:
                return see_again(request)
    template, context = shown(
        project, day, wrong=wrong, refused=refused, is_amending="amend" in request.GET
    )
    token = get_token(request)
    return render_page(template, context | {"csrf_token": token, "is_by_key": True})
