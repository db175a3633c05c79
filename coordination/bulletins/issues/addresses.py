"""Where an issue is read over the API, and by what its messages are found."""

from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from coordination.bulletins.models import Bulletin, Issue


@dataclass(frozen=True)
class Place:
    """The addresses of one issue: ``prefix`` is that of the routes' names."""

    prefix: str
    args: tuple[str | int, ...]

    @property
    def detail(self) -> str:
        """Of its figures."""
        return reverse(f"api:{self.prefix}", args=self.args)

    @property
    def tickets(self) -> str:
        """Of the caller's own tickets in it."""
        return reverse(f"api:{self.prefix}-tickets", args=self.args)

    def file(self, kind: str) -> str:
        """Of one of its files."""
        return reverse(f"api:{self.prefix}-file", args=[*self.args, kind])


def weekly_place(bulletin: Bulletin) -> Place:
    """Where the newest edition of a week is, by the day of its cut-off."""
    return Place("bulletin", (timezone.localdate(bulletin.cut_off).isoformat(),))


def extra_place(year: int, number: int) -> Place:
    """Where the newest edition of an extra issue is, by its number."""
    return Place("bulletin-extra", (year, number))


def place_of(issue: Issue) -> Place:
    """Where the newest edition in force is; call it for an extra issue that is numbered."""
    if issue.is_extra:
        return extra_place(issue.year or 0, issue.number or 0)
    return weekly_place(issue.bulletin)


def day_of(issue: Issue) -> str:
    """The day of its cut-off in Shanghai, by which a weekly issue is addressed."""
    return timezone.localdate(issue.bulletin.cut_off).isoformat()


def slug_of(issue: Issue) -> str:
    """What its files are called: by its week, or by an extra issue's number once it has one."""
    edition = "" if issue.edition == 1 else f"-{issue.edition}"
    if not issue.is_extra:
        return f"bulletin-{day_of(issue)}{edition}"
    number = f"{issue.year}-{issue.number}" if issue.number else day_of(issue)
    return f"bulletin-extra-{number}{edition}"


def whole(path: str) -> str:
    """The address with the host under which the desk is known."""
    return urljoin(settings.PUBLIC_URL, path)


def api_address(issue: Issue) -> str:
    """Where the API has the newest edition of its week, or of its number, that is in force."""
    return whole(place_of(issue).detail)


def file_address(issue: Issue, kind: str, language: str) -> str:
    """Where the API has one of its files."""
    return whole(f"{place_of(issue).file(kind)}?{urlencode({'lang': language})}")


def subject_of(issue: Issue) -> str:
    """By what all deliveries of one edition are found."""
    return f"issue:{issue.pk}"


def order_of(issue: Issue) -> str:
    """The order key of its messages: those of the editions of one issue arrive in their order."""
    bulletin = issue.bulletin
    if issue.is_extra:  # two may end on one day
        moment = timezone.localtime(bulletin.cut_off).isoformat()
        return f"bulletin:{bulletin.series}:{moment}"
    return f"bulletin:{bulletin.series}:{day_of(issue)}"
