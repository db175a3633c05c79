"""Form helpers for the centre's pages, and the officer who makes a request."""

from typing import cast

from django.http import HttpRequest

from coordination.staff.models import Officer
from projects.record.admin_forms import VerbForm, form_page, typed

__all__ = ["VerbForm", "form_page", "officer_of", "typed"]


def officer_of(request: HttpRequest) -> Officer:
    """The requesting officer; the admin admits nobody else."""
    return cast(Officer, request.user)
