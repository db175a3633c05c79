"""Where an issue is read over the API, and by what its messages are found."""

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from coordination.bulletins.models import Issue


def day_of(issue: Issue) -> str:
    """The day of its cut-off in Shanghai, by which it is addressed."""
    return timezone.localdate(issue.bulletin.cut_off).isoformat()


def api_address(issue: Issue) -> str:
    """Where the API has the newest edition of its week that is in force."""
    return urljoin(settings.PUBLIC_URL, reverse("api:bulletin", args=[day_of(issue)]))


def file_address(issue: Issue, kind: str, language: str) -> str:
    """Where the API has one of its files."""
    path = reverse("api:bulletin-file", args=[day_of(issue), kind])
    return urljoin(settings.PUBLIC_URL, f"{path}?lang={language}")


def subject_of(issue: Issue) -> str:
    """By what all deliveries of one edition are found."""
    return f"issue:{issue.pk}"


def order_of(issue: Issue) -> str:
    """The order key of its messages: those of the editions of a week arrive in their order."""
    return f"bulletin:{issue.bulletin.series}:{day_of(issue)}"
