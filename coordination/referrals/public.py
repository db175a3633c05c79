"""The page on which a department reads a referral and answers it.

It shows what the department needs, and of people only the officer who asks. Nothing of a request's
body is read before its link is known to be open.
"""

from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.parties.models import LONGEST_PHONE
from coordination.parties.public import link_page, render_page
from coordination.referrals.answer import answer_by_link, find_open_link
from coordination.referrals.models import LONGEST_NAME, Referral, Verdict
from coordination.tickets.attachments.several import TOO_LARGE, TOO_MANY
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.queries_shown import rows_outside, summary_of
from coordination.tickets.queries_words import word_of
from coordination.tickets.step import LONGEST_TEXT
from projects.files.forms import FilesField
from projects.record.clock import now
from projects.record.refusals import Gone, Invalid, Missing, Refusal

_FIELDS: Final = ("answer", "file", "name", "phone")


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
        help_text=_(
            "At most 2,000 characters. Please leave out mobiles and ID numbers of other people."
        ),
    )  # fmt: skip
    file = FilesField(
        label=_("Files (optional)"), too_many=TOO_MANY, too_large=TOO_LARGE,
        help_text=_(
            "PDF, JPEG, PNG, DOCX, XLSX, TXT or CSV; at most five files and 10 MB together. "
            "Location and time are removed from pictures. Scan or photograph the reply with its "
            "seal, if there is one. Leave out papers with names or ID numbers of people who are "
            "not needed."
        ),
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

    def inputs(self) -> dict[str, Any]:
        """What the verb takes."""
        values = dict(self.cleaned_data)
        return {"files": values.pop("file"), **values}

    def show(self, refusal: Refusal) -> None:
        """Add each error to its field; what is not about one to the form."""
        if not isinstance(refusal, Invalid):
            self.add_error(None, str(refusal.message))
            return
        for error in refusal.errors:
            name = str(error.path[0])
            self.add_error(name if name in self.fields else None, str(error.message))


@link_page
def answer_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the matter and the form; after the answer, the thanks."""
    link = find_open_link(token)
    is_sent = request.method == "POST"
    form = AnswerForm(request.POST, request.FILES) if is_sent else AnswerForm()
    if form.is_valid():
        try:
            answer_by_link(token=token, **form.inputs())
        except (Missing, Gone):  # the frame's to answer
            raise
        except Refusal as refusal:
            form.show(refusal)
        else:
            return render_page("referrals/referral/thanks.html", {})
    fields = [form[name] for name in _FIELDS]
    context = {"form": form, "fields": fields, **_shown(link.referral)}
    return render_page("referrals/referral/page.html", context)


def _shown(referral: Referral) -> dict[str, Any]:
    """What the department reads."""
    ticket = referral.ticket
    lines = KINDS[ticket.kind].read_lines(ticket.pk)
    return {
        "referral": referral, "ticket": ticket, "is_overdue": referral.due_at < now(),
        "matter": word_of(referral.event, "matter"), "rows": rows_outside(ticket.kind, lines),
        "summary": summary_of(lines),
    }  # fmt: skip
