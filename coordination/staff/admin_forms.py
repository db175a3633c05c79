"""Form helpers for the centre's pages, and the officer who makes a request."""

from typing import Any, cast

from django.contrib.auth.forms import UsernameField
from django.http import HttpRequest
from unfold.forms import AdminPasswordChangeForm, AuthenticationForm

from coordination.staff.models import Officer
from projects.record.admin_forms import VerbForm, form_page, typed

__all__ = ["PasswordForm", "SignInForm", "VerbForm", "form_page", "officer_of", "typed"]


class SignInForm(AuthenticationForm):  # type: ignore[misc]  # the theme has no types
    """A name longer than any account's is refused here; Django's form lets it through."""

    username = UsernameField(max_length=150)


def officer_of(request: HttpRequest) -> Officer:
    """The requesting officer; the admin admits nobody else."""
    return cast(Officer, request.user)


class _PasswordAlone:
    """Django's forms save the whole row that the request read; these write the password alone."""

    def set_password_and_save(
        self, user: Officer, *args: Any, commit: bool = True, **options: Any
    ) -> Officer:
        parent: Any = super()
        row: Officer = parent.set_password_and_save(user, *args, commit=False, **options)
        if commit:
            row.save(update_fields=["password"])
        return row


class PasswordForm(_PasswordAlone, AdminPasswordChangeForm):  # type: ignore[misc]  # the theme has no types
    """Another officer's password."""
