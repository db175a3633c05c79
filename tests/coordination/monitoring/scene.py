"""A project that owes the day's report, its reporters, and the links that they are sent."""

from datetime import date, datetime
from typing import Any

from coordination.delivery.models import Delivery
from coordination.monitoring.letters import TO_REPORTERS
from coordination.monitoring.models import Asking, DailyLink
from projects.progress.models import DailyReport, Reporter, ReportFlag, ReportNarrative
from projects.progress.reporters import name_reporter
from projects.record.clock import clock_at
from projects.record.sealing import unseal
from projects.register.models import Project
from projects.register.registration import add_participant
from projects.worktime.calendar import SHANGHAI
from tests.factories.coordination import Desk, desk, project

MAIL = "site@example.com"


def on(day: int, hour: int = 15, minute: int = 0) -> datetime:
    """A moment in March 2020; the 10th is a Tuesday."""
    return datetime(2020, 3, day, hour, minute, tzinfo=SHANGHAI)


def march(day: int) -> date:
    return date(2020, 3, day)


def site(at: Desk, **counted: Any) -> Project:
    """Another project of the desk's enterprise, at work by plan."""
    values = {"planned_resumption": march(1)} | counted
    with clock_at(on(2, 8)):
        made = project(by=at.director, **values)
        add_participant(
            project=made, enterprise=at.enterprise, role="owner", start=march(1), by=at.director
        )
        return made


def working_desk() -> Desk:
    """A desk whose project is one that owes reports, from the second of March on."""
    with clock_at(on(2, 8)):
        at = desk()
        at.project = site(at)
        return at


def reporter(at: Desk, of: Project | None = None, email: str = MAIL) -> Reporter:
    with clock_at(on(2, 9)):
        return name_reporter(project=of or at.project, name="王五", email=email, by=at.key)


def letters() -> list[Delivery]:
    return list(Delivery.objects.filter(topic=TO_REPORTERS.code).order_by("pk"))


def paths_in(letter: Delivery) -> list[str]:
    """The paths of the links in a letter that waits."""
    lines = unseal(letter.sealed_link or "").splitlines()
    return ["/" + each.split("/", 3)[3] for each in lines if each.startswith("http")]


def everything() -> list[Any]:
    """All that a refusal must leave as it was."""
    models: Any = (
        DailyReport, ReportNarrative, ReportFlag, Reporter, DailyLink, Asking, Delivery
    )  # fmt: skip
    return [list(model.objects.order_by("pk").values()) for model in models]
