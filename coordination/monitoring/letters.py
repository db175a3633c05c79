"""The daily message: one a person, with a link for each of his projects that owe the report."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from coordination.delivery.announce import Message
from coordination.delivery.models import Delivery
from coordination.delivery.outside import Letter, Outsider, reached, write_to
from coordination.monitoring.asking_times import CHASED, expiry_of
from coordination.monitoring.models import AskingKind, DailyLink
from coordination.parties.lasting_links import address_of, link_for
from coordination.parties.models import LinkEnd
from coordination.staff.models import Officer
from coordination.tickets.telling import in_centre_language
from projects.access.keys import hash_secret
from projects.house.rooms import Topic
from projects.progress.models import Reporter

TO_REPORTERS: Final = Topic("daily.report", _("Letter to a reporter"), can_be_chosen=False)
OF_REPORTERS: Final = "reporter:"  # how what delivery calls them begins
_OF_HASH: Final = 24


def name_of(email: str) -> str:
    """What delivery calls the person with this address, who may report on several projects."""
    return f"{OF_REPORTERS}{hash_secret(email)[:_OF_HASH]}"


def outsider(reporter: Reporter) -> Outsider:
    """The person as a recipient; called by his enterprise, since delivery keeps names open."""
    return Outsider(name_of(reporter.email), str(reporter.enterprise), reporter.email)


def can_be_mailed(reporter: Reporter) -> bool:
    """Whether a mail reaches him; to the others an officer gives the link himself."""
    return bool(reached([outsider(reporter)]))


def daily_link(reporter: Reporter, day: date, at: datetime, by: Officer | None) -> DailyLink:
    """His link of that day, the same whenever it is asked for; another once his address changed."""
    links = DailyLink.objects.filter(ended_at=None)
    person = name_of(reporter.email)
    others = links.filter(reporter=reporter, day=day).exclude(made_for=person)
    others.update(ended_at=at, ended_because=LinkEnd.REVOKED)
    return link_for(
        links, at=at, expires_at=expiry_of(day), by=by, reporter=reporter, day=day, made_for=person
    )


def send_links(
    reporters: Sequence[Reporter], day: date, kind: str, at: datetime, by: Officer | None = None
) -> Delivery | None:
    """Write one mail to the person whom these rows are; None where he cannot be mailed.

    An earlier one that still waits is given up: this one has its links. One that an officer sends
    has the links of one project, so it neither gives up another nor is given up for one.
    """
    first = reporters[0]
    lines = [
        f"{each.project}\n{address_of(daily_link(each, day, at, by), 'daily_report')}"
        for each in reporters
    ]
    with in_centre_language():
        message = _message(day, kind, len(reporters), _order_key(first, day, kind))
    return write_to(outsider(first), Letter(message, "\n\n".join(lines)), at)


def _order_key(reporter: Reporter, day: date, kind: str) -> str:
    if kind == AskingKind.BY_HAND:
        return f"{OF_REPORTERS}{reporter.pk}:{day}"
    return name_of(reporter.email)


def _message(day: date, kind: str, number: int, order_key: str) -> Message:
    """Without names of people or projects: these stand with the links, which are encrypted."""
    due = f"{settings.REPORT_DUE:%H:%M}"
    title = gettext("Daily report of %(day)s: please report by %(due)s")
    if kind == CHASED:
        title = gettext("Daily report of %(day)s: not received yet")
    text = (
        ngettext(
            "%(number)d project of yours has not reported yet.",
            "%(number)d projects of yours have not reported yet.",
            number,
        ) % {"number": number},
        gettext(
            "Open the link of each project: the last figures stand ready. If nothing has changed, "
            "one tap is enough; otherwise correct what is different. No account is needed."
        ),
        gettext(
            "Each link is for you alone, for one project and this day. It opens until noon "
            "tomorrow, so that a report can be corrected."
        ),
    )  # fmt: skip
    return Message(
        topic=TO_REPORTERS, title=title % {"day": day, "due": due}, text="\n".join(text),
        order_key=order_key, is_urgent=True,  # it is of no use the next morning
    )  # fmt: skip
