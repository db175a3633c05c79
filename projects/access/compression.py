"""Compressed answers: lists and pages are a tenth to a fifth as long so."""

from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from projects.access.conditional import GZIP
from projects.access.request_limits import API

_SHORTEST: Final = 1024  # bytes; a shorter answer fits into one packet as it is
_TYPES: Final = ("json", "openapi")  # of the API: not files, which are compressed themselves
_PAGES: Final = ("text/html", "text/css", "text/javascript", "image/svg+xml")


class CompressAnswers(GZipMiddleware):
    """Django's own middleware, for the API's answers, with entity tags that stay strong, and pages.

    BREACH needs a browser that sends a secret by itself with requests that somebody else makes,
    and whose answers repeat what he chose. The API's secret is a header that only the caller's
    program sets. On pages the session's cookie is SameSite=Lax, the CSRF token is masked anew in
    each, and Django adds up to 100 random bytes (docs/adr/0051-light-pages.md). Static files come
    compressed already in production.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the answer, compressed if it is long enough and the caller takes it."""
        kind = response.headers.get("Content-Type", "")
        if not request.path.startswith(API):
            if kind.startswith(_PAGES) and request.method != "HEAD":
                return super().process_response(request, response)
            return response
        if (
            not any(each in kind for each in _TYPES)
            or len(getattr(response, "content", b"")) < _SHORTEST
        ):
            return response
        tag = response.headers.get("ETag")
        answer: HttpResponseBase = super().process_response(request, response)
        if tag and answer.has_header("Content-Encoding"):
            answer.headers["ETag"] = f'{tag[:-1]}{GZIP}"'
        return answer
