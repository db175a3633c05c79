"""Form helpers for the centre's pages, and the officer who makes a request."""

from typing import cast

from django.contrib.auth.forms import UsernameField
from django.http import HttpRequest
from unfold.forms import AuthenticationForm

from coordination.staff.models import Officer
from projects.record.admin_forms import VerbForm, form_page, typed

__all__ = ["SignInForm", "VerbForm", "form_page", "officer_of", "typed"]


class SignInForm(AuthenticationForm):  # type: ignore[misc]  # the theme has no types
    """A name longer than any account's is refused here; Django's form lets it through."""

    username = UsernameField(max_length=150)


def officer_of(request: HttpRequest) -> Officer:
    """The requesting officer; the admin admits nobody else."""
    return cast(Officer, request.user)
