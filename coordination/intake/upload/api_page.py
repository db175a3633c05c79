"""The page for clerks without software of their own: a template, the filled file, what became."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from coordination.intake.upload.api_upload import WORKBOOK
from coordination.intake.upload.template import template
from coordination.tickets.kinds.registry import KINDS

# The page asks this server and no other, runs one file of ours, and is shown in no other's frame.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LANGUAGES: Final = ("zh-hans", "en")


def _language(request: HttpRequest) -> str:
    """The one that was chosen on the page; Chinese before any is."""
    chosen = request.GET.get("lang")
    return chosen if chosen in _LANGUAGES else _LANGUAGES[0]


@require_safe
def upload_page(request: HttpRequest) -> HttpResponse:
    """Nothing of anybody's is on it: the key that opens is typed into it, and stays there."""
    language = _language(request)
    with translation.override(language):
        answer = render(
            request, "intake/upload.html",
            {"kinds": list(KINDS.values()), "language": language,
             "other": next(each for each in _LANGUAGES if each != language)},
        )  # fmt: skip
    answer["Content-Security-Policy"] = POLICY
    answer["Referrer-Policy"] = "no-referrer"
    answer["Content-Language"] = language
    return answer


@require_safe
def send_template(request: HttpRequest, kind: str) -> HttpResponse:
    """A kind's empty workbook."""
    if kind not in KINDS:
        raise Http404
    with translation.override(_language(request)):
        answer = HttpResponse(template(kind), content_type=WORKBOOK)
    answer["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return answer
