"""The number by the bell, at the head of each page."""

from django import template
from django.http import HttpRequest

from coordination.delivery.queries import COUNTED, count_unread
from coordination.staff.models import Officer

register = template.Library()


@register.simple_tag
def unread_notices(request: HttpRequest) -> str:
    """How many notices the officer has not opened, at most ``99+``; empty where there is none."""
    number = count_unread(request.user) if isinstance(request.user, Officer) else 0
    return f"{COUNTED - 1}+" if number >= COUNTED else str(number or "")
