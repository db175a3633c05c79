"""The five groups and their officers; all of them made up."""

from dataclasses import dataclass, field
from typing import Final

from django.contrib.auth.hashers import make_password

from coordination.groups.models import ServiceGroup
from coordination.groups.serve import join_group
from coordination.staff.models import Officer, Role
from projects.record.clock import machine_now

PASSWORD: Final = "Zhitongche-2020"  # noqa: S105 - printed at every start; valid in a demonstration only
ORDINALS: Final = "一二三四五"
STEMS: Final = "甲乙丙"
CENTRE_LOGINS: Final = (
    ("director", "主任"), ("dutydesk", "值班台"), ("auditor", "审计"), ("sysadmin", "系统管理"),
    ("secadmin", "安全管理"), ("leader1", "分包领导"), ("district1", "县区填报"),
)  # fmt: skip


@dataclass
class Team:
    """One group with its lead and its three liaisons."""

    group: ServiceGroup
    lead: Officer
    liaisons: list[Officer]


@dataclass
class Staff:
    """The officers of the demonstration's desk."""

    director: Officer
    duty_desk: Officer
    leader: Officer
    reporter: Officer
    teams: list[Team] = field(default_factory=list)

    def team_of(self, group_id: int | None) -> Team:
        """The team of a group."""
        return next(team for team in self.teams if team.group.pk == group_id)


def _officer(username: str, name: str, role: Role, password: str) -> Officer:
    return Officer.objects.create(
        username=username, name=f"{name}（示例）", role=role, password=password, is_staff=True,
        mobile=f"1990000{Officer.objects.count():04d}", password_set_at=machine_now(),
    )  # fmt: skip


def appoint() -> Staff:
    """Create the officers and the groups, and let each serve where it belongs."""
    password = make_password(PASSWORD)  # hashed once, because hashing is slow on purpose
    director = _officer("director", "中心主任", Role.DIRECTOR, password)
    duty_desk = _officer("dutydesk", "值班台", Role.DUTY_DESK, password)
    _officer("auditor", "审计员", Role.AUDITOR, password)
    _officer("sysadmin", "系统管理员", Role.SYSTEM_ADMIN, password)
    _officer("secadmin", "安全管理员", Role.SECURITY_ADMIN, password)
    leader = _officer("leader1", "分包领导", Role.LEADER, password)
    reporter = _officer("district1", "洛龙区填报员", Role.DISTRICT_REPORTER, password)
    staff = Staff(director, duty_desk, leader, reporter)
    for ordinal, numeral in enumerate(ORDINALS, start=1):
        staff.teams.append(_team(ordinal, numeral, password, director))
    return staff


def _team(ordinal: int, numeral: str, password: str, by: Officer) -> Team:
    group = ServiceGroup.objects.create(
        code=f"group{ordinal}", name=f"协调服务第{numeral}组", ordinal=ordinal
    )
    lead = _officer(f"lead{ordinal}", f"第{numeral}组组长", Role.GROUP_LEAD, password)
    liaisons = [
        _officer(f"liaison{ordinal}{place}", f"第{numeral}组联络员{stem}", Role.LIAISON, password)
        for place, stem in enumerate(STEMS, start=1)
    ]
    for officer in (lead, *liaisons):
        join_group(officer=officer, group=group, by=by)
    return Team(group, lead, liaisons)
