"""What the pages of this app share with those of the register, and who asks."""

from typing import cast

from django.http import HttpRequest

from coordination.staff.models import Officer
from projects.record.admin_forms import VerbForm, form_page, typed

__all__ = ["VerbForm", "form_page", "officer_of", "typed"]


def officer_of(request: HttpRequest) -> Officer:
    """Who asks; the admin lets nobody else in."""
    return cast(Officer, request.user)
