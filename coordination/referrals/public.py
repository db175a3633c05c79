"""The page behind a department's link: no account, no session, no script.

It shows what the department needs and nothing of a person. Looking uses nothing up. Whoever has
the address may answer, so nothing here gives it away: no referrer, no cache, no index; and a form
that only works with the address needs no second proof that it came from here.
"""

from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from coordination.parties.models import LONGEST_PHONE
from coordination.referrals.answer import answer_by_link, opened
from coordination.referrals.models import LONGEST_NAME, ReferralLink, Verdict
from coordination.tickets.queries_words import word_of
from coordination.tickets.step import LONGEST_TEXT
from projects.record.clock import now
from projects.record.refusals import Gone, Invalid, Missing, Refusal

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}

_TEXTS: Final = ("answer", "name", "phone")


class AnswerForm(forms.Form):
    """What was typed; whether it will do, the verb says."""

    use_required_attribute = False
    verdict = forms.ChoiceField(
        label=pgettext_lazy("referral", "Outcome"),
        choices=Verdict.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": LONGEST_TEXT}),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Your name (optional)"), required=False,
        widget=forms.TextInput({"maxlength": LONGEST_NAME, "autocomplete": "name"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Your phone (optional)"), required=False,
        widget=forms.TextInput(
            {"maxlength": LONGEST_PHONE, "autocomplete": "tel", "inputmode": "tel"}
        ),
    )  # fmt: skip

    def clean_answer(self) -> str:
        """A browser counts a new line as one character, and sends two."""
        typed: str = self.cleaned_data["answer"]
        return typed.replace("\r\n", "\n")

    def show(self, refusal: Invalid) -> None:
        """Each message by the field that it speaks of."""
        for error in refusal.errors:
            name = str(error.path[0])
            self.add_error(name if name in self.fields else None, str(error.message))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def answer_page(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked, and the form; after the answer, thanks."""
    try:
        return _page_of(request, token)
    except Gone as refusal:
        return _word(refusal, HTTPStatus.GONE)
    except Missing:
        unknown = Missing(_("This link is not valid. Please check that it is complete."))
        return _word(unknown, HTTPStatus.NOT_FOUND)


def _page_of(request: HttpRequest, token: str) -> HttpResponse:
    link = opened(token)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answer_by_link(token=token, **form.cleaned_data)
        except Invalid as refusal:
            form.show(refusal)
        else:
            return _rendered("thanks.html", {})
    texts = [form[each] for each in _TEXTS]
    return _rendered("page.html", {"form": form, "fields": texts, **_shown(link)})


def _shown(link: ReferralLink) -> dict[str, Any]:
    referral = link.referral
    return {
        "referral": referral, "ticket": referral.ticket, "is_overdue": referral.due_at < now(),
        "matter": word_of(referral.event, "matter"),
    }  # fmt: skip


def _word(refusal: Refusal, status: HTTPStatus) -> HttpResponse:
    """One sentence, which says nothing of what the link was for."""
    return _rendered("closed.html", {"said": refusal.message}, status)


def _rendered(name: str, shown: dict[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
    """Without the request: no session is looked at, and none is begun."""
    body = render_to_string(f"referrals/referral/{name}", {"lang": get_language(), **shown})
    return HttpResponse(body, status=status, headers=HEADERS)
