"""The register and the one-to-one service, entered on the service's first day."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from coordination.demo.catalogue import BATCH, NAMED, Planned, batch, prior_filings
from coordination.demo.companies import (
    HELPED,
    USCC_NOTE,
    contractors,
    made_up_uscc,
    owners,
)
from coordination.demo.people import Staff, Team
from coordination.groups.models import Assignment
from coordination.groups.posts import give_district, give_responsibility
from coordination.staff.models import Officer
from coordination.tickets.verbs.handover import take_on
from projects.register.models import Batch, District, Enterprise, Project
from projects.register.registration import (
    add_participant,
    record_prior_filings,
    register_enterprise,
    register_project,
)

SERVICE_BEGAN: Final = date(2020, 2, 3)
REPORTED: Final = "410311"  # the district of the reporter, 洛龙区
LED: Final = "410303"  # whose projects the leader answers for besides the named ones, 西工区


@dataclass
class Entry:
    """One project as planned and as registered, with its owner and the officer serving it."""

    planned: Planned
    project: Project
    owner: Enterprise
    assignment: Assignment | None = None


def _register_companies(names: list[str], first: int, by: Officer) -> list[Enterprise]:
    return [
        register_enterprise(uscc=made_up_uscc(number), name=name, uscc_note=USCC_NOTE, by=by)
        for number, name in enumerate(names, start=first)
    ]


def _register(
    planned: Planned, listed: Batch, districts: dict[str, District], by: Officer
) -> Project:
    return register_project(
        code=planned.code, name=planned.name, batch=listed, level=planned.level,
        phase=planned.phase, sector=planned.sector, district=districts[planned.district],
        total_investment=planned.total, annual_investment=planned.annual,
        planned_resumption=planned.planned_resumption, is_example=planned.is_example, by=by,
    )  # fmt: skip


def _take_part(entry: Entry, builder: Enterprise | None, by: Officer) -> None:
    add_participant(
        project=entry.project, enterprise=entry.owner, role="owner", start=SERVICE_BEGAN, by=by
    )
    if builder is not None:
        add_participant(
            project=entry.project, enterprise=builder, role="contractor", start=SERVICE_BEGAN, by=by
        )


def enrol_all(*, by: Officer) -> list[Entry]:
    """Register enterprises, the batch with its projects, participants, and the filings of 2019."""
    named_owner, *others = _register_companies(owners(), 1, by)
    builders = _register_companies(contractors(), 501, by)
    listed = Batch.objects.create(year=2020, ordinal=1, name=BATCH)
    districts = {district.code: district for district in District.objects.all()}
    entries = []
    plan = batch({code: district.name for code, district in districts.items()})
    for index, planned in enumerate(plan):
        owner = named_owner if planned.name == HELPED else others[index % len(others)]
        entry = Entry(planned, _register(planned, listed, districts, by), owner)
        _take_part(entry, builders[index // 4 % len(builders)] if index % 4 == 0 else None, by)
        entries.append(entry)
    record_prior_filings(filings=prior_filings(), by=by)
    return entries


def share_out(entries: list[Entry], teams: list[Team]) -> dict[str, Team]:
    """Assign districts to teams: the largest first, each to the team with the fewest projects."""
    sizes = Counter(entry.planned.district for entry in entries)
    loads = {team.group.ordinal: 0 for team in teams}
    shared = {}
    for code, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        team = min(teams, key=lambda each: (loads[each.group.ordinal], each.group.ordinal))
        loads[team.group.ordinal] += size
        shared[code] = team
    return shared


def serve_all(entries: list[Entry], staff: Staff) -> None:
    """One group and one liaison for each project, with a colleague as deputy."""
    shared = share_out(entries, staff.teams)
    turns: Counter[int] = Counter()
    for entry in entries:
        team = shared[entry.planned.district]
        turn = turns[team.group.ordinal]
        turns[team.group.ordinal] += 1
        entry.assignment = take_on(
            project=entry.project,
            group=team.group,
            liaison=team.liaisons[turn % 3],
            deputy=team.liaisons[(turn + 1) % 3],
            by=staff.duty_desk,
        )


def post_all(entries: list[Entry], staff: Staff) -> None:
    """The reporter's district, and the projects for which the leader answers."""
    give_district(
        officer=staff.reporter, district=District.objects.get(code=REPORTED), by=staff.duty_desk
    )
    named = {each.name for each in NAMED}
    led = [
        each.project for each in entries
        if each.planned.name in named or each.planned.district == LED
    ]  # fmt: skip
    give_responsibility(officer=staff.leader, projects=led, by=staff.duty_desk)
