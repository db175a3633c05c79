"""Quiet hours: outside service, messages to people wait, except those that are urgent.

Webhooks go to software and never wait. Notices on the desk appear at once; nobody is called by
them.
"""

from datetime import datetime

from projects.worktime.queries import working_calendar


def service_begins(at: datetime) -> datetime:
    """The moment itself within the hours of service, else when they begin next.

    By the working calendar and the service hours as they are now; where no hours are entered, no
    hour is quiet.
    """
    calendar = working_calendar()
    return calendar.service_from(at) if calendar.hours else at


def is_quiet(at: datetime) -> bool:
    """Whether messages to people wait at that moment."""
    return service_begins(at) > at
