"""The page on which clerks download a template and upload it filled in."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from coordination.intake.upload.api_upload import WORKBOOK
from coordination.intake.upload.template import template
from coordination.tickets.kinds.registry import KINDS

_LANGUAGES: Final = ("zh-hans", "en")


def _language(request: HttpRequest) -> str:
    """The language chosen on the page; Chinese where none was."""
    chosen = request.GET.get("lang")
    return chosen if chosen in _LANGUAGES else _LANGUAGES[0]


@require_safe
def upload_page(request: HttpRequest) -> HttpResponse:
    """The page holds no data: the key is typed into it and kept in the browser alone."""
    language = _language(request)
    with translation.override(language):
        answer = render(
            request, "intake/upload.html",
            {"kinds": list(KINDS.values()), "language": language,
             "other": next(code for code in _LANGUAGES if code != language)},
        )  # fmt: skip
    answer["Referrer-Policy"] = "no-referrer"
    answer["Content-Language"] = language
    return answer


@require_safe
def send_template(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the empty workbook of a kind."""
    if kind not in KINDS:
        raise Http404
    with translation.override(_language(request)):
        answer = HttpResponse(template(kind), content_type=WORKBOOK)
    answer["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return answer
