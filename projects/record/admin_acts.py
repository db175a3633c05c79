"""The auditor's page of acts: filtered, the newest first, page by page without a count."""

from datetime import date, datetime, time
from typing import Any, Final

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import yesno
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.house.rooms import acts
from projects.record.admin_forms import VerbForm
from projects.record.finding import holding, id_of
from projects.record.models import Act

_SIZE: Final = 50
_OTHER_NAMES: Final = {"number": gettext_lazy("number"), "limit": gettext_lazy("older than")}


class ActsForm(VerbForm):
    """Who, what, when and from where, and words; what is not valid is said by its field."""

    who = forms.CharField(label=gettext_lazy("who"), required=False, max_length=150)
    what = forms.ChoiceField(label=gettext_lazy("what was done"), required=False)
    first = forms.DateField(label=gettext_lazy("first day"), required=False)
    last = forms.DateField(label=gettext_lazy("last day"), required=False)
    address = forms.GenericIPAddressField(label=gettext_lazy("IP address"), required=False)
    words = forms.CharField(
        label=gettext_lazy("words"), required=False, max_length=100,
        widget=forms.TextInput({"placeholder": gettext_lazy("concerning, or what was changed")}),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        what: Any = self.fields["what"]
        what.choices = [("", "—"), *acts()]

    def rows(self) -> QuerySet[Act]:
        """The acts that were asked for, the newest first; none where the form is not valid."""
        if not self.is_valid():
            return Act.objects.none()
        asked, found = self.cleaned_data, Act.objects.select_related("officer").order_by("-pk")
        if asked["who"]:
            found = found.filter(_of(asked["who"]))
        if asked["words"]:
            found = found.annotate(changed=Cast("changes", TextField()))
            found = found.filter(holding(["about_name", "changed"], asked["words"]))
        if asked["what"]:
            found = found.filter(what=asked["what"])
        if asked["address"]:
            found = found.filter(address=asked["address"])
        if asked["first"]:
            found = found.filter(recorded_at__gte=_at(asked["first"], time.min))
        if asked["last"]:
            found = found.filter(recorded_at__lte=_at(asked["last"], time.max))
        return found


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def _of(name: str) -> Q:
    """By officers of this name, or on their accounts, as a failed sign-in is."""
    officers = get_user_model()._default_manager
    ids = list(officers.filter(holding(["username", "folded"], name)).values_list("pk", flat=True))
    return Q(officer__in=ids) | Q(about_model=officers.model._meta.label_lower, about_id__in=ids)


def acts_page(request: HttpRequest) -> HttpResponse:
    """Show a page of acts; ``before`` is the id of the last one on the page before."""
    if not request.user.has_perm("record.view_act"):
        raise PermissionDenied
    form, before = ActsForm(request.GET), id_of(request.GET.get("before"))
    rows = form.rows() if before is None else form.rows().filter(pk__lt=before)
    found = list(rows[: _SIZE + 1])
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        **admin.site.each_context(request), "title": _("Record of sign-ins and administration"),
        "form": form, "query": query.urlencode(),
        "rows": [(each, _link(each), _model(each), _changes(each)) for each in found[:_SIZE]],
        "last": found[_SIZE - 1].pk if len(found) > _SIZE else None, "is_first": before is None,
        "is_fullwidth": "1",
    }  # fmt: skip
    return TemplateResponse(request, "record/acts.html", context)


def _link(act: Act) -> str:
    """The page of what it is about; empty where there is none."""
    if act.about_id is None:
        return ""
    try:
        return reverse(f"admin:{act.about_model.replace('.', '_')}_change", args=[act.about_id])
    except NoReverseMatch:
        return ""


def _model(act: Act) -> str:
    return str(apps.get_model(act.about_model)._meta.verbose_name) if act.about_model else ""


def _changes(act: Act) -> str:
    """The changed values in one line, by the names of their fields."""
    return "；".join(
        f"{_label(act, name)}：{_said(act, name, old) + ' → ' if old is not None else ''}"
        f"{_said(act, name, new)}"
        for name, (old, new) in act.changes.items()
    )


def _field(act: Act, name: str) -> Any:
    try:
        return apps.get_model(act.about_model)._meta.get_field(name) if act.about_model else None
    except FieldDoesNotExist:
        return None


def _label(act: Act, name: str) -> str:
    field = _field(act, name)
    return capfirst(str(field.verbose_name if field else _OTHER_NAMES.get(name, name)))


def _said(act: Act, name: str, value: Any) -> str:
    labels = dict(getattr(_field(act, name), "flatchoices", ()) or ())
    if isinstance(value, bool):
        return str(yesno(value))
    return str(labels.get(value, "—" if value in {None, ""} else value))
