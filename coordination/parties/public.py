"""The frame of every page behind a link: no account, no session, nothing from elsewhere.

Opening such a page uses nothing up. Whoever has its address may use the link, so the headers
keep the address from leaving: no referrer, no cache, no index. No CSRF token is needed, since a
form that only works with the secret address cannot be sent by another site.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from projects.record.refusals import Gone, Missing, Text

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
_UNKNOWN: Final = _("This link is not valid. Please check that it is complete.")

type LinkView = Callable[[HttpRequest, str], HttpResponse]


def link_page(view: LinkView) -> LinkView:
    """Decorate a view that gets the token of a link.

    Answers 404 where it raises Missing and 410 where it raises Gone, each with one sentence that
    reveals nothing of what the link was for.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @sensitive_variables("token")
    @wraps(view)
    def page(request: HttpRequest, token: str) -> HttpResponse:
        try:
            return view(request, token)
        except Gone as refusal:
            return _closed_page(refusal.message, HTTPStatus.GONE)
        except Missing:
            return _closed_page(_UNKNOWN, HTTPStatus.NOT_FOUND)

    return page


def see_again(request: HttpRequest) -> HttpResponse:
    """Send the browser to the same page by GET, so that loading it again sends nothing twice."""
    return HttpResponseRedirect(request.path, status=HTTPStatus.SEE_OTHER, headers=_HEADERS)


def _closed_page(message: Text, status: HTTPStatus) -> HttpResponse:
    return render_page("parties/link/closed.html", {"message": message}, status)


def render_page(
    template: str, context: dict[str, Any], status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """Render without the request, so that no session is read or begun."""
    body = render_to_string(template, {"lang": get_language(), **context})
    return HttpResponse(body, status=status, headers=_HEADERS)
