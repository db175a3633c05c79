"""Form helpers for the centre's pages, and the officer who makes a request."""

from typing import Any, cast

from django.http import HttpRequest
from unfold.forms import AdminOwnPasswordChangeForm, AdminPasswordChangeForm

from coordination.staff.models import Officer
from projects.record.admin_forms import VerbForm, form_page, typed

__all__ = ["OwnPasswordForm", "PasswordForm", "VerbForm", "form_page", "officer_of", "typed"]


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


class OwnPasswordForm(_PasswordAlone, AdminOwnPasswordChangeForm):  # type: ignore[misc]  # the theme has no types
    """The officer's own password."""
