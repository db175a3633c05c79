"""Compressed answers of the API, whose lists are a tenth as long so."""

from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from projects.access.conditional import GZIP
from projects.access.request_limits import API

_SHORTEST: Final = 1024  # bytes; a shorter answer fits into one packet as it is
_TYPES: Final = ("json", "openapi")  # not files, which are compressed themselves


class CompressAnswers(GZipMiddleware):
    """Django's own middleware, for the API alone, with entity tags that stay strong.

    BREACH needs a browser that sends a secret by itself with requests that somebody else makes.
    The API's secret is a header that only the caller's program sets, and no cookie opens it; on
    pages, whose cookies a browser sends, nothing is compressed but static files.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the answer, compressed if it is long enough and the caller takes it."""
        kind = response.headers.get("Content-Type", "")
        if (
            not request.path.startswith(API)
            or not any(each in kind for each in _TYPES)
            or len(getattr(response, "content", b"")) < _SHORTEST
        ):
            return response
        tag = response.headers.get("ETag")
        answer: HttpResponseBase = super().process_response(request, response)
        if tag and answer.has_header("Content-Encoding"):
            answer.headers["ETag"] = f'{tag[:-1]}{GZIP}"'
        return answer
