"""The admin of the bulletin's recipients."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.decorators import action

from coordination.bulletins.models import Format, Language, Recipient
from coordination.bulletins.models.recipient import AUDIENCES, ENCLOSED_FORMATS
from coordination.bulletins.recipients import add_recipient, change_recipient
from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs
from projects.house.blocks import Audience
from projects.record.admin_forms import Adding
from projects.record.finding import typed_row


class RecipientForm(VerbForm):
    """Who is sent what."""

    asked: ClassVar = frozenset({"name", "email", "formats"})
    name = forms.CharField(label=gettext_lazy("name"), required=False)
    email = forms.CharField(label=gettext_lazy("e-mail"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("language"), choices=Language.choices, initial=Language.CHINESE
    )
    formats = forms.MultipleChoiceField(
        label=gettext_lazy("formats"), choices=ENCLOSED_FORMATS, required=False,
        widget=forms.CheckboxSelectMultiple, initial=[Format.PDF],
    )  # fmt: skip
    audience = forms.ChoiceField(
        label=pgettext_lazy("bulletin", "edition"), choices=AUDIENCES, initial=Audience.ALL,
        help_text=gettext_lazy(
            "For everybody: no enterprise and no project is named, in drafted words. The staff's"
            " own goes to the centre's own domains alone."
        ),
    )  # fmt: skip


class ChangeForm(RecipientForm):
    """The same, and whether it is in use."""

    is_active = forms.BooleanField(label=gettext_lazy("in use"), required=False)


@admin.register(Recipient)
class RecipientAdmin(ByVerbs):
    acting: ClassVar = "bulletins.change_recipient"
    adding: ClassVar = Adding(
        form=RecipientForm, verb=add_recipient, title=gettext_lazy("Add a recipient"),
        submit=gettext_lazy("Add"),
        done=gettext_lazy("From the next issue that is distributed on, it is sent there."),
    )  # fmt: skip
    list_display: ClassVar = [
        "name", "email", "language", "shown_formats", "audience", "is_active",
    ]  # fmt: skip
    list_filter: ClassVar = ["is_active", "language", "audience"]
    fields: ClassVar = list_display
    ordering: ClassVar = ["name", "pk"]
    actions = None
    actions_detail: ClassVar = ["change"]

    @admin.display(description=gettext_lazy("formats"))
    def shown_formats(self, row: Recipient) -> str:
        """Their labels."""
        labels = dict(ENCLOSED_FORMATS)
        return _(", ").join(str(labels[each]) for each in row.formats)

    @action(description=gettext_lazy("Change"), url_path="choose", permissions=["acting"])  # type: ignore[untyped-decorator]  # the theme has no types
    def change(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Change who is sent what."""
        row = typed_row(self.get_queryset(request), object_id)
        if row is None:
            return self.changelist_of()
        initial: dict[str, Any] = {name: getattr(row, name) for name in ChangeForm.base_fields}
        form = ChangeForm(typed(request), initial=initial)
        if form.attempt(change_recipient, recipient=row, by=officer_of(request)):
            messages.success(request, _("Changed."))
            address = reverse("admin:bulletins_recipient_change", args=[row.pk])
            return HttpResponseRedirect(address)
        domains = _(", ").join(sorted(settings.OWN_MAIL_DOMAINS))
        note = _("The centre's own domains: %(domains)s.") % {"domains": domains} if domains else ""
        return form_page(self, request, form, title=str(row), submit=_("Save"), note=note, of=row)
