"""The Content-Security-Policy of every answer (docs/adr/0043-security-headers.md).

Django 5.2 sends none; 6.0 has it built in. Only files of this server are used, no page holds an
inline script, and no page may stand in a frame of another. The staff's pages are an exception: the
theme's Alpine.js makes functions of attributes ('unsafe-eval'), and sets styles inline.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

_HEADER: Final = "Content-Security-Policy"
_SHARED: Final = (
    "default-src 'none'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
POLICY: Final = f"{_SHARED}; script-src 'self'; style-src 'self'"
STAFF_POLICY: Final = (
    f"{_SHARED}; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"
)


def add_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: add the policy, unless the view set a stricter one of its own."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_staff = request.path.startswith("/admin/")
        response.headers.setdefault(_HEADER, STAFF_POLICY if is_staff else POLICY)
        response.headers["X-Frame-Options"] = "DENY"  # the framework allows its own frames
        return response

    return answer
