"""What administrators do on an officer's page: password, role, second factor, lock."""

# ruff: noqa: ARG002 - Django names the arguments
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from unfold.decorators import action

from coordination.staff.admin_forms import VerbForm, officer_of, typed
from coordination.staff.admin_pages import NewPasswordForm
from coordination.staff.models import Officer, Role
from coordination.staff.passwords import set_password
from coordination.staff.revise import grant_role, roles_to_grant, unlock_officer
from coordination.staff.second_factor import reset_second_factor
from projects.record.admin_forms import AsksVerbs
from projects.record.finding import typed_row_or_404


class RoleForm(VerbForm):
    """Offers what may be granted; the verb refuses the rest."""

    role = forms.CharField(label=gettext_lazy("role"), required=False, widget=forms.Select)
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200, required=False)
    asked = frozenset({"reason"})

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered: Any = self.fields["role"].widget
        offered.choices = [("", "—"), *((each, Role(each).label) for each in roles_to_grant())]


class Accounts(AsksVerbs):
    """A part of the officers' admin, as whose page it is shown."""

    actions_detail: ClassVar = [
        "set_password", "grant_role", "reset_second_factor", "unlock",
    ]  # fmt: skip

    def has_grant_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return officer_of(request).has_perm("staff.grant_role")

    def has_reset_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return officer_of(request).has_perm("staff.reset_second_factor")

    def has_unlock_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return officer_of(request).has_perm("staff.unlock_officer")

    @admin.display(description=gettext_lazy("password set at"))
    def password_age(self, officer: Officer) -> str:
        """When; nothing of the password itself."""
        at = officer.password_set_at
        return str(localize(timezone.localtime(at))) if at else _("by somebody else, to be changed")

    @admin.display(description=gettext_lazy("second factor"))
    def factor(self, officer: Officer) -> str:
        at = officer.second_factor_at
        return _("since %(at)s") % {"at": localize(timezone.localtime(at))} if at else "—"

    @action(  # type: ignore[untyped-decorator]  # the theme has no types
        description=gettext_lazy("Set the password"), url_path="set-password",
        permissions=["change"],
    )  # fmt: skip
    @method_decorator(sensitive_post_parameters())
    def set_password(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Set another officer's password, which he must change when he signs in."""
        officer = typed_row_or_404(Officer.objects.all(), object_id)
        return self.ask(
            request, NewPasswordForm(typed(request)), partial(set_password, officer=officer),
            title=_("Set the password of %(officer)s") % {"officer": officer}, submit=_("Set"),
            done=_("The password is set; the officer chooses another at the next sign-in."),
            of=officer,
        )  # fmt: skip

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002 - Django names it
        form_url: str = "",
    ) -> HttpResponse:
        """Django's address of the same page."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:staff_officer_set_password", args=[id]))

    @action(description=gettext_lazy("Grant a role"), url_path="grant", permissions=["grant"])  # type: ignore[untyped-decorator]  # the theme has no types
    def grant_role(self, request: HttpRequest, object_id: str) -> HttpResponse:
        officer = typed_row_or_404(Officer.objects.all(), object_id)
        form = RoleForm(typed(request), initial={"role": officer.role})
        return self.ask(
            request, form, partial(grant_role, officer=officer),
            title=_("Grant %(officer)s a role") % {"officer": officer}, submit=_("Grant"),
            done=_("The role is granted."), of=officer,
        )  # fmt: skip

    @action(  # type: ignore[untyped-decorator]  # the theme has no types
        description=gettext_lazy("Reset the second factor"), url_path="reset-second-factor",
        permissions=["reset"],
    )  # fmt: skip
    def reset_second_factor(self, request: HttpRequest, object_id: str) -> HttpResponse:
        officer = typed_row_or_404(Officer.objects.all(), object_id)
        return self.ask_first(
            request, partial(reset_second_factor, officer=officer),
            title=_("Reset the second factor of %(officer)s?") % {"officer": officer},
            done=_("The second factor is reset."),
        )  # fmt: skip

    @action(description=gettext_lazy("Unlock sign-in"), url_path="unlock", permissions=["unlock"])  # type: ignore[untyped-decorator]  # the theme has no types
    def unlock(self, request: HttpRequest, object_id: str) -> HttpResponse:
        officer = typed_row_or_404(Officer.objects.all(), object_id)
        return self.ask_first(
            request, partial(unlock_officer, officer=officer),
            title=_("Let %(officer)s sign in again?") % {"officer": officer},
            done=_("The officer may sign in again."),
        )  # fmt: skip
