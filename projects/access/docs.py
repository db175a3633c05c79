"""The pages that show the OpenAPI document: our own files alone, nothing written into the page."""

import secrets
from functools import cache
from typing import Any, Final

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse
from django.templatetags.static import static
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

# Pictures within the style sheet are data: addresses; the page asks this server and no other.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_POLICY_HEADER: Final = "Content-Security-Policy"
_BUNDLE: Final = "drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js"
_ELSEWHERE: Final = "https://cdn.redoc.ly/redoc/logo-mini.svg"  # the one picture that it fetches
_NO_WORD: Final = "r.nc=void 0"  # where it keeps the word by which its style sheets are let in
_WORD: Final = "r.nc=document.currentScript.dataset.word"
_OUR_MARK: Final = "house/favicon.svg"


class Docs(SpectacularSwaggerSplitView):
    """Swagger UI, which starts itself from an address of ours instead of a script in the page."""

    template_name = "access/api_docs.html"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The page, or with ``?script`` what starts it."""
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]  # it has no types
        response[_POLICY_HEADER] = POLICY
        return response


class Reading(SpectacularRedocView):
    """Redoc: the same document to be read through, without sending anything.

    It makes its own style sheets, which the page's policy lets in by a word of this answer alone.
    """

    template_name = "access/api_reading.html"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response | HttpResponse:
        """The page, or with ``?bundle`` Redoc itself, asking nobody for its picture."""
        if "bundle" in request.query_params:
            answer = HttpResponse(_bundle(), content_type="text/javascript; charset=utf-8")
            answer["Cache-Control"] = "public, max-age=3600"
            return answer
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]  # it has no types
        word = secrets.token_urlsafe(16)
        response.data |= {"bundle": f"{request.path}?bundle", "word": word}
        response[_POLICY_HEADER] = POLICY.replace(
            "style-src 'self'", f"style-src 'self' 'nonce-{word}'"
        )
        return response


@cache
def _bundle() -> str:
    """Redoc as it is installed, with our own mark in place of a picture of elsewhere.

    It would take the word for its style sheets as a setting, but makes some before it reads those.
    """
    found = finders.find(_BUNDLE)
    if isinstance(found, str):
        with open(found, encoding="utf-8") as file:  # noqa: PTH123 - one way for both
            text = file.read()
    else:
        with staticfiles_storage.open(_BUNDLE) as file:
            text = file.read().decode("utf-8")
    return text.replace(_ELSEWHERE, static(_OUR_MARK)).replace(_NO_WORD, _WORD)
