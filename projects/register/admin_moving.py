"""The page on which the projects of a district that is no more are moved to another."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.decorators import action

from projects.record.admin_forms import AsksVerbs, VerbForm, typed
from projects.record.clock import now
from projects.record.finding import typed_row, typed_row_or_404
from projects.register.districts import TOOK_THE_PLACE, move_projects
from projects.register.models import District
from projects.register.queries import current_projects
from projects.worktime.calendar import day_of


class MoveForm(VerbForm):
    """Where to, why, and how many projects the page showed."""

    asked = frozenset({"reason"})
    into = forms.ModelChoiceField(
        District.objects.none(), label=pgettext_lazy("administrative unit", "district")
    )
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200, required=False)
    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["into"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = District.objects.filter(valid__contains=day_of(now()))


class MovesProjects(AsksVerbs):
    """A mixin of the districts' admin."""

    def has_moving_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether the officer may move the projects of this district, which is no more."""
        district = typed_row(District.objects.all(), object_id)
        is_over = district is None or day_of(now()) not in district.valid
        return bool(request.user.has_perm("register.change_project")) and is_over

    @action(description=gettext_lazy("Move its projects"), url_path="move-projects",
            permissions=["moving"])  # type: ignore[untyped-decorator]  # the theme has no types  # fmt: skip
    def move_projects(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show which projects lie in the district, and move all of them."""
        district = typed_row_or_404(District.objects.all(), object_id)
        found = list(current_projects().filter(district=district).order_by("code"))
        successor = District.objects.filter(code=TOOK_THE_PLACE.get(district.code, "")).first()
        initial = {"into": successor, "number": len(found)}
        return self.ask(
            request, MoveForm(typed(request), initial=initial),
            partial(move_projects, district=district), of=district,
            title=_("Move the projects of %(district)s") % {"district": district},
            submit=_("Move"), done=_("The projects are moved."),
            note=_(
                "%(number)s projects: %(projects)s. Each gets a revision; bulletins that are built"
                " keep the districts that they counted."
            )
            % {"number": len(found), "projects": "、".join(map(str, found)) or "—"},
        )  # fmt: skip
