"""A year's list is carried over to the next: what is proposed, what is legal, what is counted."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import week_to
from coordination.groups.queries import assignment_of
from projects.investment.models import MonthEnd
from projects.investment.month_end import revise_month_end
from projects.record.audit import audit
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, NotAllowed, Refusal, Stale
from projects.register.carry_over import carry_over
from projects.register.carry_over_plan import (
    DONE,
    LEAVES,
    PER_PAGE,
    Step,
    all_proposed,
    counts_of,
    page_of,
)
from projects.register.exits import return_project
from projects.register.models import (
    Batch,
    Phase,
    Project,
    ProjectExit,
    ProjectRevision,
)
from projects.register.queries import listed_at, register_at
from projects.register.queries_changes import explained, in_year
from projects.register.registration import revise_project
from tests.factories.bulletins import draft_in_test
from tests.factories.coordination import Desk, desk, filed, officer, project

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
OLD, NEW = datetime(2020, 12, 1, 10, tzinfo=ZONE), datetime(2021, 1, 5, 10, tzinfo=ZONE)
LAST = datetime(2020, 12, 28, 17, tzinfo=ZONE)  # the cut-off of the year's last bulletin
PAGE = reverse("admin:register_project_carry_over")


@pytest.fixture
def at() -> Iterator[Desk]:
    """A desk of December 2020 whose project is completing; a batch of 2021 is there."""
    with clock_at(OLD):
        made = desk()
        revise_project(project=made.project, changes={"phase": "completing"}, by=made.director)
        made.project.refresh_from_db()
        Batch.objects.create(year=2021, ordinal=1, name="2021年第一批")
        yield made


def batch(ordinal: int = 1) -> Batch:
    return Batch.objects.get(year=2021, ordinal=ordinal)


def of_phase(phase: str, **values: Any) -> Project:
    return project(phase=phase, **values)


def proposed(year: int = 2020) -> dict[int, str]:
    return {each.project.pk: each.to for each in all_proposed(year)}


def steps_of(year: int = 2020) -> list[Step]:
    return [each.step(batch()) for each in all_proposed(year)]


def now_is(site: Project) -> tuple[str, int, bool]:
    site = Project.objects.select_related("batch").get(pk=site.pk)
    return site.phase, site.batch.year, site.left_at is not None


def written() -> list[int]:
    return [each.objects.count() for each in (ProjectRevision, ProjectExit)]


def test_each_phase_has_its_proposal_and_what_may_be_chosen_instead(at: Desk) -> None:
    preliminary, waiting = of_phase("preliminary"), of_phase("new_start")
    started, continuing, stays = (
        of_phase("new_start"),
        of_phase("continuing"),
        of_phase("completing"),
    )
    Project.objects.filter(pk=started.pk).update(resumed_on=date(2020, 5, 6))
    filed(at)
    found = {each.project.pk: each for each in all_proposed(2020)}
    assert {pk: (each.to, list(each.choices)) for pk, each in found.items()} == {
        preliminary.pk: ("preliminary", ["preliminary", "new_start"]),
        waiting.pk: ("new_start", ["new_start", "continuing", "completing"]),
        started.pk: ("continuing", ["new_start", "continuing", "completing"]),
        continuing.pk: ("continuing", ["continuing", "completing"]),
        stays.pk: (LEAVES, ["completing", LEAVES]),
        at.project.pk: ("completing", ["completing"]),  # a ticket is open on it
    }  # fmt: skip
    assert "2020-05-06" in str(found[started.pk].why)
    assert len({str(each.why) for each in found.values()}) == len(found)


def test_all_are_carried_over_at_once_and_the_old_year_counts_as_before(at: Desk) -> None:
    sites = [of_phase(each) for each in ("preliminary", "new_start", "continuing")]
    Project.objects.filter(pk=sites[1].pk).update(resumed_on=date(2020, 5, 6))
    with clock_at(LAST + timedelta(minutes=1)):
        bulletin = draft_in_test(LAST).bulletin
        listed = set(listed_at(LAST).values_list("project_id", flat=True))
    with clock_at(NEW):
        assert carry_over(year=2020, steps=steps_of(), by=at.duty_desk) == 4
        assert [now_is(each) for each in (*sites, at.project)] == [
            ("preliminary", 2021, False), ("continuing", 2021, False),
            ("continuing", 2021, False), ("completing", 2020, True),
        ]  # fmt: skip
        assert assignment_of(at.project, now()) is None
        left = ProjectExit.objects.get()
        assert (left.kind, left.on, left.by) == ("completed", date(2020, 12, 31), at.duty_desk)
        assert set(listed_at(now()).values_list("project_id", flat=True)) == {
            each.pk for each in sites
        }
        lines = explained(LAST, now(), in_year(2020))
        assert {name: len(line.projects) for name, line in lines.items() if line.projects} == {
            "start": 4, "completed": 1, "unlisted": 3
        }  # fmt: skip
        assert proposed() == {}
        assert counts_of(2020)[DONE] == 4
        assert {each.project.pk for each in page_of(2020, DONE).rows} == listed
        assert {each.to for each in page_of(2020, DONE).rows} == {""}
    assert set(listed_at(LAST).values_list("project_id", flat=True)) == listed
    assert count_blocks(week_to(LAST)) == bulletin.blocks
    with clock_at(NEW + timedelta(hours=1)):
        return_project(project=at.project, reason="尚未竣工", by=at.director)
        assert proposed() == {at.project.pk: LEAVES}
        assert set(register_at(now()).values_list("project_id", flat=True)) == listed


def test_an_officer_chooses_otherwise_and_only_legal_moves_are_made(at: Desk) -> None:
    preliminary, continuing = of_phase("preliminary"), of_phase("continuing")
    Batch.objects.create(year=2021, ordinal=2, name="2021年第二批")
    other = Batch.objects.create(year=2022, ordinal=1, name="2022年第一批")
    moves = {"preliminary": Phase.NEW_START, "continuing": Phase.COMPLETING}
    chosen = {preliminary: moves["preliminary"], continuing: moves["continuing"]}
    wrong: list[tuple[Step, tuple[Any, ...]]] = [
        (Step(preliminary.pk, 1, batch(), "continuing"), (1, "to")),
        (Step(preliminary.pk, 1, batch(), LEAVES), (1, "to")),
        (Step(continuing.pk, 1, batch(), "new_start"), (1, "to")),
        (Step(continuing.pk, 1, batch(), LEAVES), (1, "to")),
        (Step(continuing.pk, 1, batch(), "nothing"), (1, "to")),
        (Step(continuing.pk, 1, other, "continuing"), (1, "batch")),
    ]  # fmt: skip
    good = Step(at.project.pk, 2, batch(), "completing")
    with clock_at(NEW):
        before = written()
        for step, path in wrong:
            with pytest.raises(Invalid) as refused:
                carry_over(year=2020, steps=[good, step], by=at.director)
            assert [each.path for each in refused.value.errors] == [path]
            assert written() == before
        steps = [Step(each.pk, 1, batch(2), to) for each, to in chosen.items()]
        assert carry_over(year=2020, steps=steps, by=at.director) == 2
        assert {each.pk: now_is(each)[:2] for each in chosen} == {
            each.pk: (to, 2021) for each, to in chosen.items()
        }
        assert now_is(at.project) == ("completing", 2020, False)
        reasons = ProjectRevision.objects.filter(project__in=list(chosen), number=2)
        assert {each.reason for each in reasons} == {"结转至2021年度"}
        assert carry_over(year=2020, steps=steps_of(), by=at.director) == 1
        assert now_is(at.project) == ("completing", 2020, True)
        assert list(audit()) == []


def test_what_is_refused_writes_nothing(at: Desk) -> None:
    site = of_phase("continuing")
    step = Step(site.pk, 1, batch(), "continuing")
    leaving = Step(at.project.pk, at.project.version, batch(), LEAVES)
    before = written()

    def refused(kind: type[Refusal], *steps: Step, year: int = 2020, by: Any = None) -> None:
        with pytest.raises(kind):
            carry_over(year=year, steps=steps, by=by or at.director)
        assert written() == before

    refused(NotAllowed, step)  # the year is not over
    with clock_at(NEW):
        for each in (at.liaison, at.lead, at.auditor, at.system_admin):
            refused(NotAllowed, step, by=each)
        refused(NotAllowed)
        refused(Stale, Step(site.pk, 2, batch(), "continuing"))
        refused(Stale, step, step)
        refused(Stale, step, Step(0, 1, batch(), "continuing"))
        refused(Invalid, step, year=2019)
        filed(at)
        refused(Invalid, step, leaving)
    with clock_at(NEW):
        carry_over(year=2020, steps=[step], by=at.director)
        before = written()
        refused(Stale, step)  # done already


def test_pages_are_by_code_and_cost_the_same(at: Desk) -> None:
    made = [of_phase("continuing") for _each in range(PER_PAGE + 5)]
    codes = sorted([at.project.code, *(each.code for each in made)])
    counted = []
    first = page_of(2020, "")
    for view in ("completing", "continuing"):
        with CaptureQueriesContext(connection) as asked:
            page_of(2020, view)
        counted.append(len(asked))
    assert counted[0] >= counted[1] <= 3
    assert [each.project.code for each in first.rows] == codes[:PER_PAGE]
    assert (first.has_before, first.has_after) == (False, True)
    second = page_of(2020, "", after=codes[PER_PAGE - 1])
    assert [each.project.code for each in second.rows] == codes[PER_PAGE:]
    assert (second.has_before, second.has_after) == (True, False)
    back = page_of(2020, "", before=codes[PER_PAGE])
    assert [each.project.code for each in back.rows] == codes[:PER_PAGE]
    assert (back.has_before, back.has_after) == (False, True)


def as_(who: Any) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def test_the_page_proposes_shows_and_confirms(at: Desk) -> None:
    preliminary = of_phase("preliminary")
    client, asked = as_(at.duty_desk), {"year": "2020"}
    page = client.get(PAGE, asked)
    assert [each.to for each in page.context["rows"]] == [
        LEAVES if each.project == at.project else "preliminary" for each in page.context["rows"]
    ]
    assert "2021年1月1日起可以确认办理" in page.content.decode()
    key = preliminary.pk
    picks = {
        "pick": [key], f"version-{key}": 1, f"to-{key}": "new_start", f"batch-{key}": batch().pk
    }  # fmt: skip
    look = client.post(PAGE, {**asked, **picks})
    assert [(str(before), str(after), n) for before, after, n in look.context["moves"]] == [
        ("前期", "新开工", 1)
    ]  # fmt: skip
    before = written()
    confirmed = {**asked, **picks, "mark": look.context["mark"], "confirmed": "1"}
    answer = client.post(PAGE, confirmed)
    assert answer.context["refused"] == ["2020年度尚未结束，仍按该年度名单统计。"]
    assert written() == before
    with clock_at(NEW):
        assert client.get(PAGE).context["year"] == 2020
        assert client.post(PAGE, confirmed).status_code == 302
        assert now_is(preliminary)[:2] == ("new_start", 2021)
        look = client.post(PAGE, {**asked, "all": "1"})
        mark = look.context["mark"]
        other = of_phase("continuing")
        answer = client.post(PAGE, {**asked, "all": "1", "mark": mark, "confirmed": "1"})
        assert len(answer.context["refused"]) == 1  # another project came in between
        assert now_is(other)[1] == 2020
        mark = answer.context["mark"]
        client.post(PAGE, {**asked, "all": "1", "mark": mark, "confirmed": "1"})
        assert (now_is(other)[1], now_is(at.project)[2]) == (2021, True)
        done = client.get(PAGE, {**asked, "view": DONE})
        assert len(done.context["rows"]) == 3


def test_odd_addresses_and_an_absent_batch(at: Desk) -> None:
    client = as_(at.director)
    for asked in ({"year": "x"}, {"year": "99999"}, {"view": "x"}, {"after": "ｌｙ－１"}):
        assert client.get(PAGE, asked).status_code == 200
    answer = client.post(PAGE, {"year": "2021", "all": "1"})
    assert (answer.status_code, answer.context["batches"]) == (200, [])
    answer = client.post(PAGE, {"year": "2020", "pick": ["x", "99"], "to-99": "x"})
    assert answer.context["steps"] == []
    for who in (at.liaison, at.auditor, officer("leader")):
        assert as_(who).get(PAGE).status_code == 403


def test_the_last_month_of_a_completed_project_is_stated_in_january(at: Desk) -> None:
    def december(amount: str, year: int = 2020) -> Any:
        site = Project.objects.get(pk=at.project.pk)
        return revise_month_end(
            project=site, year=year, month=12 if year == 2020 else 1, amount=Decimal(amount),
            by=at.director,
        )  # fmt: skip

    with clock_at(NEW):
        carry_over(year=2020, steps=steps_of(), by=at.duty_desk)
        assert december("120.5").amount == Decimal("120.5")
    with clock_at(NEW + timedelta(days=30)), pytest.raises(NotAllowed):
        december("1", 2021)
    assert MonthEnd.objects.count() == 1


def test_a_start_is_judged_by_the_year(at: Desk) -> None:
    rests, later = of_phase("new_start"), of_phase("new_start")
    Project.objects.filter(pk=later.pk).update(resumed_on=date(2021, 1, 4))
    with clock_at(NEW):
        to = proposed()
    assert (to[rests.pk], to[later.pk]) == ("new_start", "new_start")


@pytest.mark.parametrize("year", [2019, 2020, 2031])
def test_the_year_that_is_shown_is_the_one_chosen(at: Desk, client: Client, year: int) -> None:
    client.force_login(at.duty_desk, backend="coordination.staff.roles.RoleBackend")
    page = client.get(f"{PAGE}?year={year}").content.decode()
    assert re.findall(r"<option selected>(\d+)</option>", page) == [str(year)]
