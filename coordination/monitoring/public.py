"""The page on which a reporter reports a day of his project; made for a telephone, without scripts.

It shows the last figures, of people none but whoever opened it. Nothing of a request's body is
read before its link is known to be open.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.monitoring.file import find_open_link, report_by_link, unchanged_by_link
from coordination.monitoring.models import DailyLink
from coordination.parties.public import link_page, render_page, see_again
from projects.progress.flag_rules import first_of_month
from projects.progress.models import LONGEST_WHY, DailyReport, Halt
from projects.progress.queries_reporting import last_before, report_of
from projects.progress.report import LONGEST_TEXT, why_not_unchanged
from projects.record.clock import now
from projects.record.refusals import Gone, Invalid, Missing, Refusal, Stale
from projects.worktime.calendar import at_time

_STATES: Final = [("yes", _("At work")), ("no", _("Not at work"))]
_COUNT: Final = {"inputmode": "numeric", "autocomplete": "off", "min": "0"}


class ReportForm(forms.Form):
    """The report as it was typed; the verb judges it."""

    use_required_attribute = False
    revision = forms.IntegerField(widget=forms.HiddenInput)
    resumed = forms.ChoiceField(
        label=_("State"), choices=_STATES, widget=forms.RadioSelect, required=False
    )
    workers_on_site = forms.IntegerField(
        label=pgettext_lazy("daily report", "People on site"),
        required=False,
        widget=forms.NumberInput(_COUNT),
    )
    workers_required = forms.IntegerField(
        label=pgettext_lazy("daily report", "People required"),
        required=False,
        widget=forms.NumberInput(_COUNT),
    )
    month_investment = forms.DecimalField(
        label=_("Investment of the month so far (万元)"), required=False,
        widget=forms.NumberInput({"inputmode": "decimal", "step": "any", "autocomplete": "off"}),
    )  # fmt: skip
    progress = forms.CharField(
        label=_("Visible progress"), required=False, strip=False,
        widget=forms.Textarea({"rows": 2, "maxlength": LONGEST_TEXT}),
    )  # fmt: skip
    problems = forms.CharField(
        label=_("Problems"), required=False, strip=False,
        widget=forms.Textarea({"rows": 2, "maxlength": LONGEST_TEXT}),
    )  # fmt: skip
    halt = forms.ChoiceField(
        label=_("Why not at work"), required=False, choices=[("", "—"), *Halt.choices]
    )
    halt_words = forms.CharField(
        label=_("What stopped work"), required=False,
        widget=forms.TextInput({"maxlength": LONGEST_WHY}),
    )  # fmt: skip
    halted_until = forms.DateField(
        label=_("At work again on"), required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Until then you are not asked again."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why the report is amended"), required=False,
        widget=forms.TextInput({"maxlength": LONGEST_WHY}),
        help_text=_("Needed after the day's reports were due."),
    )  # fmt: skip

    def clean_resumed(self) -> bool:
        """Whether work goes on. Raises ValidationError where nothing was chosen."""
        if not self.cleaned_data["resumed"]:
            raise forms.ValidationError(_("Choose one."), "required")
        return bool(self.cleaned_data["resumed"] == "yes")

    def clean(self) -> dict[str, Any]:
        """Without what stands ready about a halt, where work goes on again."""
        cleaned = self.cleaned_data
        if cleaned.get("resumed") is True:
            cleaned |= {"halt": "", "halt_words": "", "halted_until": None}
        return cleaned

    def show(self, refusal: Refusal) -> None:
        """Add each error to its field; what is not about one to the form."""
        if not isinstance(refusal, Invalid):
            self.add_error(None, str(refusal.message))
            return
        for error in refusal.errors:
            name = str(error.path[0])
            self.add_error(name if name in self.fields else None, str(error.message))


def _initial(
    filed: DailyReport | None, last: DailyReport | None, link: DailyLink
) -> dict[str, Any]:
    """The figures that stand ready: of the report that is amended, or else of the last one."""
    start: dict[str, Any] = {"revision": 0 if filed is None else filed.revision}
    source = filed or last
    if source is None:
        return start
    start |= {
        "resumed": "yes" if source.resumed else "no", "workers_on_site": source.workers_on_site,
        "workers_required": source.workers_required, **_halt(source, link.day),
    }  # fmt: skip
    if first_of_month(source.day) == first_of_month(link.day):
        start["month_investment"] = _plain(source.month_investment)
    if filed is not None:
        words = getattr(filed, "narrative", None)
        for name in ("progress", "problems") if words else ():
            start[name] = getattr(words, name)
    return start


def _halt(source: DailyReport, day: date) -> dict[str, Any]:
    """Why work rests, and until when where that is still to come."""
    words = getattr(source, "narrative", None)
    said = words.halt_words if words else ""
    until = source.halted_until
    return {
        "halt": "" if source.halt == Halt.OTHER and not said else source.halt, "halt_words": said,
        "halted_until": until if until is not None and until > day else None,
    }  # fmt: skip


def _plain(amount: Decimal | None) -> str:
    """Without zeros that say nothing: ``35.5``."""
    if amount is None:
        return ""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@link_page
def report_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the last figures and the form; after a report what was recorded."""
    link = find_open_link(token)
    project = link.reporter.project
    wrong, refused = None, ""
    if request.method == "POST":
        wrong, refused = _take(request, token)
        if wrong is None and not refused:
            return see_again(request)
    filed, last = report_of(project, link.day), last_before(project, link.day)
    form = wrong or ReportForm(initial=_initial(filed, last, link))
    is_form = filed is None or wrong is not None or ("amend" in request.GET and not refused)
    context = _shown(link, filed, last) | {"form": form, "refused": refused}
    name = "page" if is_form else "recorded"
    return render_page(f"monitoring/report/{name}.html", context)


def _take(request: HttpRequest, token: str) -> tuple[ReportForm | None, str]:
    """Do what was sent: the form if it is to be corrected; or why another look is needed first.

    That is where one tap was refused, or the day was reported meanwhile by another device.
    """
    form = ReportForm(request.POST)
    try:
        if "unchanged" in request.POST:
            unchanged_by_link(token=token)
            return None, ""
        if form.is_valid():
            report_by_link(token=token, **form.cleaned_data)
            return None, ""
    except (Missing, Gone):  # the frame's to answer
        raise
    except Refusal as refusal:
        if "unchanged" in request.POST or isinstance(refusal, Stale):
            return None, str(refusal.message)
        form.show(refusal)
    return form, ""


def _shown(link: DailyLink, filed: DailyReport | None, last: DailyReport | None) -> dict[str, Any]:
    return {
        "project": link.reporter.project, "day": link.day, "due": settings.REPORT_DUE,
        "is_late": now() > at_time(link.day, settings.REPORT_DUE),
        "filed": filed, "flags": list(filed.flags.all()) if filed else [], "last": last,
        "why_not": why_not_unchanged(last, link.day), "is_new_month": _is_new_month(last, link.day),
        "until": link.expires_at,
    }  # fmt: skip


def _is_new_month(last: DailyReport | None, day: date) -> bool:
    return last is not None and first_of_month(last.day) != first_of_month(day)
