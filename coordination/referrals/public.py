"""The page on which a department reads a referral and answers it.

It shows what the department needs, and of people only the officer who asks.
"""

from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.parties.models import LONGEST_PHONE
from coordination.parties.public import link_page, render_page
from coordination.referrals.answer import answer_by_link, find_open_link
from coordination.referrals.models import LONGEST_NAME, Verdict
from coordination.tickets.queries_words import word_of
from coordination.tickets.step import LONGEST_TEXT
from projects.record.clock import now
from projects.record.refusals import Invalid

_TEXT_FIELDS: Final = ("answer", "name", "phone")


class AnswerForm(forms.Form):
    """The answer as it was typed; the verb checks it."""

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
        """Browsers send a line break as two characters but count it as one."""
        answer: str = self.cleaned_data["answer"]
        return answer.replace("\r\n", "\n")

    def show(self, refusal: Invalid) -> None:
        """Add each error to its field."""
        for error in refusal.errors:
            name = str(error.path[0])
            self.add_error(name if name in self.fields else None, str(error.message))


@link_page
def answer_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the matter and the form; after the answer, the thanks."""
    link = find_open_link(token)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answer_by_link(token=token, **form.cleaned_data)
        except Invalid as refusal:
            form.show(refusal)
        else:
            return render_page("referrals/referral/thanks.html", {})
    referral = link.referral
    return render_page(
        "referrals/referral/page.html",
        {
            "form": form, "fields": [form[name] for name in _TEXT_FIELDS], "referral": referral,
            "ticket": referral.ticket, "is_overdue": referral.due_at < now(),
            "matter": word_of(referral.event, "matter"),
        },
    )  # fmt: skip
