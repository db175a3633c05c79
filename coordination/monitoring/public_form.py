"""The form of a day's report, and what stands beside it: on every page for people without account.

Made for a telephone, without scripts. It shows the last figures, and of people nothing.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.progress.flag_rules import first_of_month
from projects.progress.models import LONGEST_WHY, DailyReport, Halt
from projects.progress.queries_reporting import last_before, report_of
from projects.progress.report import LONGEST_TEXT, why_not_unchanged
from projects.record.clock import now
from projects.record.refusals import Gone, Invalid, Missing, Refusal, Stale
from projects.register.models import Project
from projects.worktime.calendar import at_time

type Act = Callable[..., DailyReport]

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


def _initial(filed: DailyReport | None, last: DailyReport | None, day: date) -> dict[str, Any]:
    """The figures that stand ready: of the report that is amended, or else of the last one."""
    start: dict[str, Any] = {"revision": 0 if filed is None else filed.revision}
    source = filed or last
    if source is None:
        return start
    start |= {
        "resumed": "yes" if source.resumed else "no", "workers_on_site": source.workers_on_site,
        "workers_required": source.workers_required, **_halt(source, day),
    }  # fmt: skip
    if first_of_month(source.day) == first_of_month(day):
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


def take(sent: QueryDict, *, report: Act, unchanged: Act) -> tuple[ReportForm | None, str]:
    """Do what was sent: the form if it is to be corrected; or why another look is needed first.

    That is where one tap was refused, or the day was reported meanwhile by another device. Raises
    Missing and Gone.
    """
    form = ReportForm(sent)
    try:
        if "unchanged" in sent:
            unchanged()
            return None, ""
        if form.is_valid():
            report(**form.cleaned_data)
            return None, ""
    except (Missing, Gone):  # the frame's to answer
        raise
    except Refusal as refusal:
        if "unchanged" in sent or isinstance(refusal, Stale):
            return None, str(refusal.message)
        form.show(refusal)
    return form, ""


def shown(
    project: Project, day: date, *, wrong: ReportForm | None, refused: str, is_amending: bool
) -> tuple[str, dict[str, Any]]:
    """The template and what it shows: the form, or once the day is reported what was recorded."""
    filed, last = report_of(project, day), last_before(project, day)
    form = wrong or ReportForm(initial=_initial(filed, last, day))
    is_form = filed is None or wrong is not None or (is_amending and not refused)
    context = {
        "project": project, "day": day, "due": settings.REPORT_DUE,
        "is_late": now() > at_time(day, settings.REPORT_DUE),
        "filed": filed, "flags": list(filed.flags.all()) if filed else [], "last": last,
        "why_not": why_not_unchanged(last, day), "is_new_month": _is_new_month(last, day),
        "form": form, "refused": refused,
    }  # fmt: skip
    return f"monitoring/report/{'page' if is_form else 'recorded'}.html", context


def _is_new_month(last: DailyReport | None, day: date) -> bool:
    return last is not None and first_of_month(last.day) != first_of_month(day)
