"""Issues and briefs from before the demonstration opens, and who is sent the next issue."""

from datetime import datetime, timedelta
from typing import Final

from coordination.bulletins.briefs.build import build_missing_briefs
from coordination.bulletins.build import build
from coordination.bulletins.issues.verbs import distribute, edit, publish, review
from coordination.bulletins.models import Format, Issue, Language, Letterhead, Recipient, Status
from coordination.bulletins.recipients import add_recipient
from coordination.bulletins.week import cut_offs
from coordination.demo.enrolment import SERVICE_BEGAN
from coordination.demo.schedule import OPENING
from coordination.staff.models import Officer
from projects.house.outline import PROBLEMS
from projects.record.clock import clock_at

_REVIEWED: Final = timedelta(minutes=40)  # after the cut-off
_SIGNED: Final = timedelta(minutes=55)
_SENT: Final = timedelta(minutes=58)
_PROBLEMS: Final = (
    "部分项目外地工人返岗、防疫物资储备和重点原材料供应仍有困难，个别项目未按时报送日报。（示例）"
)

_RECIPIENTS: Final = (
    ("市政府办公室（示例）", "office@city.example.cn", [Format.PDF, Format.WORD]),
    ("市发展改革委（示例）", "plan@city.example.cn", [Format.PDF]),
)


def enter_letterheads() -> None:
    """The heads of the centre of Luoyang; who gets it and how many copies are made up."""
    Letterhead.objects.bulk_create([
        Letterhead(
            language=Language.CHINESE, office="洛阳市重点建设项目服务中心",
            heading="洛阳市重点项目协调服务", name="每周通报",
            title="关于全市重点项目复工开工和协调服务情况的通报",
            addressees="各县（市）区政府、管委会，市直有关单位，各协调服务组：",
            reported_to="市委、市政府有关领导，省重点项目主管部门。",
            sent_to="市直有关单位，各协调服务组。", issued_to="各县（市）区政府、管委会。",
            copies=60, shows_ranks=True,
        ),
        Letterhead(
            language=Language.ENGLISH,
            office="Luoyang Service Centre for Key Construction Projects",
            heading="Coordination service for key projects of Luoyang", name="Weekly bulletin",
            title="On resumption, starts and coordination service of the city's key projects",
            addressees="To the districts and counties, departments concerned, and service groups:",
            reported_to="Leaders of the city concerned, and the province's office of key projects.",
            sent_to="Departments concerned, and all service groups.",
            issued_to="Governments of the districts and counties.", copies=60, shows_ranks=True,
        ),
    ])  # fmt: skip


def enter_recipients() -> None:
    """Two offices outside that are sent each issue from now on, made up; once."""
    director = Officer.objects.get(username="director")
    if Recipient.objects.exists():
        return
    with clock_at(OPENING):
        for name, email, formats in _RECIPIENTS:
            add_recipient(name=name, email=email, formats=formats, by=director)


def _first_edition(cut_off: datetime) -> Issue:
    build(cut_off=cut_off)
    return Issue.objects.get(bulletin__cut_off=cut_off, edition=1)


def sign_issues() -> int:
    """Build and sign every week's issue from before the opening; returns how many were signed.

    What was signed before is left alone, so a start that was interrupted goes on.
    """
    director = Officer.objects.get(username="director")
    duty_desk = Officer.objects.get(username="dutydesk")
    signed = 0
    for cut_off in cut_offs(SERVICE_BEGAN, None, OPENING):
        with clock_at(cut_off + _REVIEWED):
            issue = _first_edition(cut_off)
            if issue.status == Status.DRAFT:
                issue = edit(
                    issue=issue, language=Language.CHINESE, by=duty_desk,
                    wordings={PROBLEMS.key: _PROBLEMS},
                )  # fmt: skip
                issue = review(issue=issue, by=director)
        with clock_at(cut_off + _SIGNED):
            if issue.status == Status.REVIEWED:
                issue, signed = publish(issue=issue, by=director), signed + 1
        with clock_at(cut_off + _SENT):
            if issue.status == Status.PUBLISHED:
                distribute(issue=issue, by=duty_desk)
    return signed


def build_briefs() -> int:
    """Build the briefs of every day before the opening; returns how many were made.

    Officers are told of the last alone, as after a night in which nothing was built.
    """
    with clock_at(OPENING):
        return len(build_missing_briefs())
