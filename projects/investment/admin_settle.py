"""The page that settles a figure of investment that is out of the ordinary."""

from functools import partial

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.investment.admin_forms import ask, project_of
from projects.investment.admin_list import require
from projects.investment.choices import Finding
from projects.investment.queries_flags import FLAGS, flag_of
from projects.investment.settle import settle_flag
from projects.record.admin_forms import VerbForm, typed
from projects.record.clock import now


class SettleForm(VerbForm):
    asked = frozenset({"outcome", "note"})
    outcome = forms.ChoiceField(
        label=gettext_lazy("finding"), choices=[("", "—"), *Finding.choices], required=False
    )
    note = forms.CharField(
        label=gettext_lazy("note"), required=False,
        help_text=gettext_lazy("What was found out, and from whom; without telephone numbers."),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


def settle_page(request: HttpRequest, project_id: int, flag: str, month: int) -> HttpResponse:
    """Say what was found out about a figure, which is shown; raises Http404 where none is asked."""
    require(request, "investment.add_flagsettlement")
    project = project_of(project_id)
    found = flag_of(project, flag, month, now())
    if flag not in FLAGS or (found is None and request.method != "POST"):
        raise Http404
    form = SettleForm(typed(request), initial={"seen": found.mark if found else ""})
    return ask(
        request, form, partial(settle_flag, project=project, flag=flag, month=month), project,
        title=f"{project} · {FLAGS[flag]}", done=_("The finding is recorded."),
        note=found.reason if found else "",
    )  # fmt: skip
