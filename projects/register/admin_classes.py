"""The page on which the centre puts the districts of the day into classes."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from projects.record.admin_forms import VerbForm
from projects.record.clock import now
from projects.register.classes import classes_version, set_classes
from projects.register.models import CountyClass, District, DistrictClass
from projects.register.queries import classes_at

_CHOICES = [("", gettext_lazy("no class")), *CountyClass.choices]


class ClassesForm(VerbForm):
    """A choice for each district valid today, by its code."""

    since = forms.DateField(label=gettext_lazy("from day"))
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        at = now()
        classes = classes_at(at)
        districts = list(District.objects.filter(valid__contains=timezone.localdate(at)))
        initial: dict[str, Any] = {each.code: classes.get(each.pk, "") for each in districts}
        initial |= {"since": timezone.localdate(at), "version": classes_version()}
        super().__init__(*args, initial=initial, **options)
        for each in districts:
            self.fields[each.code] = forms.ChoiceField(
                choices=_CHOICES, label=str(each), required=False
            )
        self.order_fields([*(each.code for each in districts), "since", "reason", "version"])


def set_typed(
    *, since: date, reason: str, version: int, by: Any, **classes: str
) -> list[DistrictClass]:
    """Call the verb with what the form has."""
    return set_classes(classes=classes, since=since, reason=reason, version=version, by=by)
