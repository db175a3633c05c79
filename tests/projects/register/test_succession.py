"""Projects go on in others: merged, bundled, split; pairs that may be one; what explains sums."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coordination.tickets.models import Ticket
from projects.record.audit import audit
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, NotAllowed, Refusal, Stale
from projects.register.admin_panels import succession
from projects.register.exits import remove_project, return_project
from projects.register.models import (
    District,
    NotDuplicate,
    Project,
    ProjectExit,
    ProjectParticipant,
    Succession,
)
from projects.register.queries import register_at, successors_of
from projects.register.queries_duplicates import alike
from projects.register.queries_succession import (
    bundled_sums,
    came_from,
    exit_of,
    goes_on_in,
    parts_sums,
)
from projects.register.registration import add_participant, end_participation, revise_project
from projects.register.succession import (
    bundle_projects,
    distinguish_projects,
    merge_projects,
    split_project,
)
from tests.factories.coordination import desk, director, enterprise, filed, officer, project

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def rows() -> list[int]:
    models: list[Any] = [ProjectExit, Succession, NotDuplicate, ProjectParticipant]
    return [each.objects.count() for each in models]


def current() -> set[int]:
    return set(register_at(now()).values_list("project_id", flat=True))


def fresh(row: Project) -> Project:
    return Project.objects.get(pk=row.pk)


def test_a_merge_keeps_both_histories_and_adds_nothing() -> None:
    at, kept = desk(), project(name="轨道交通1号线")
    ticket = filed(at)
    before = (kept.total_investment, kept.annual_investment)
    merge_projects(project=at.project, into=kept, reason="同一项目", version=1, by=at.duty_desk)
    assert (current(), successors_of(at.project)) == ({kept.pk}, [kept])
    assert Ticket.objects.get().project == at.project
    assert Ticket.objects.get().handler == ticket.handler == at.liaison
    own = ProjectParticipant.objects.get(project=kept)
    assert (own.enterprise, own.role, own.during.lower) == (at.enterprise, "owner", TODAY(now()))
    assert [each.project for each in came_from(fresh(kept))] == [at.project]
    assert bundled_sums(fresh(kept), came_from(kept)) is None
    assert (fresh(kept).total_investment, fresh(kept).annual_investment) == before
    with pytest.raises(NotAllowed, match=kept.code):
        revise_project(project=at.project, changes={"name": "新"}, by=at.director)
    return_project(project=at.project, reason="误并", by=at.director)
    assert (current(), came_from(kept)) == ({kept.pk, at.project.pk}, [])
    assert successors_of(at.project) == []
    assert list(audit()) == []


def test_a_bundle_is_explained_by_its_parts_and_so_is_a_split() -> None:
    by, day = director(), TODAY(now()) - timedelta(days=3)
    parts = [project(total_investment=Decimal(each), by=by) for each in (4, 5)]
    whole = project(total_investment=Decimal(10), annual_investment=Decimal(5), by=by)
    made = bundle_projects(projects=parts, into=whole, on=day, reason="打包立项", by=by)
    assert [(each.on, each.kind) for each in made] == [(day, "bundled")] * 2
    sums = bundled_sums(whole, came_from(whole))
    assert sums is not None
    assert (sums.number, sums.total, sums.annual) == (2, Decimal(9), Decimal(6))
    assert (sums.total_difference, sums.annual_difference) == (Decimal(1), Decimal(-1))
    assert current() == {whole.pk}
    halves = [project(by=by), project(by=by)]
    split_project(project=whole, into=halves, on=day, reason="分别实施", version=1, by=by)
    left = exit_of(whole)
    assert left is not None
    assert goes_on_in(left) == halves
    halved = parts_sums(left, halves)
    assert halved is not None
    assert (halved.total, halved.total_difference) == (Decimal(20), Decimal(-10))
    assert successors_of(parts[0]) == halves  # those of its successor
    assert current() == {each.pk for each in halves}
    return_project(project=parts[1], reason="误入包", by=by)
    assert [each.project for each in came_from(whole)] == [parts[0]]


def spans(site: Project) -> list[tuple[str, date, date | None]]:
    rows = ProjectParticipant.objects.filter(project=site).order_by("pk")
    return [(each.role, each.during.lower, each.during.upper) for each in rows]


def test_the_parts_that_a_merge_made_end_with_the_return() -> None:
    at, kept, by = desk(), project(), director()
    today = TODAY(now())
    own = enterprise(by=by)
    add_participant(project=kept, enterprise=own, role="supplier", start=date(2020, 1, 1), by=by)
    ends = add_participant(
        project=at.project, enterprise=own, role="contractor", start=date(2020, 1, 1), by=by
    )
    end_participation(participant=ends, on=today + timedelta(days=9), by=by)
    before = spans(kept)
    merge_projects(project=at.project, into=kept, reason="同一项目", by=by)
    assert spans(kept) == [
        *before, ("owner", today, None), ("contractor", today, today + timedelta(days=9)),
    ]  # fmt: skip
    later = (now() + timedelta(days=3)).astimezone(timezone.get_default_timezone())
    hours = [later.replace(hour=hour) for hour in (9, 10, 11)]
    with clock_at(hours[0]):
        return_project(project=at.project, reason="误并", by=by)
    ended = [*before, ("owner", today, later.date()), ("contractor", today, later.date())]
    assert spans(kept) == ended
    with clock_at(hours[1]):
        merge_projects(project=at.project, into=kept, reason="同一项目", by=by)
    assert len(spans(kept)) == len(ended) + 2
    with clock_at(hours[2]):
        return_project(project=at.project, reason="误并", by=by)  # on the day of the merger
    assert spans(kept) == ended
    assert list(audit()) == []


def test_a_part_that_another_bundled_project_has_as_well_lasts() -> None:
    by = director()
    one, other, whole = project(by=by), project(by=by), project(by=by)
    own = enterprise(by=by)
    for site in (one, other):
        add_participant(project=site, enterprise=own, role="owner", start=date(2020, 1, 1), by=by)
    today = TODAY(now())
    bundle_projects(projects=[one, other], into=whole, on=today, reason="打包", by=by)
    return_project(project=one, reason="误入包", by=by)
    assert spans(whole) == [("owner", today, None)]
    return_project(project=other, reason="误入包", by=by)
    assert spans(whole) == []


def test_where_a_project_goes_on_is_shown_to_whoever_may_see_exits() -> None:
    at, kept = desk(), project()
    merge_projects(project=at.project, into=kept, reason="同一项目", by=at.director)
    for who, may in ((at.liaison, True), (officer("leader"), False)):
        assert (succession(kept, who) is not None, succession(fresh(at.project), who) is not None
                ) == (may, may)  # fmt: skip


def test_beyond_the_last_page_the_first_one_is_shown() -> None:
    by = director()
    project(name="甲工程", by=by)
    project(name="甲 工程", by=by)
    client = Client()
    client.force_login(by)
    shown = client.get(reverse("admin:register_project_duplicates") + "?p=3").context
    assert (shown["in_all"], len(shown["pairs"]), shown["page"].number) == (1, 1, 1)


def test_what_is_refused_writes_nothing() -> None:
    one, other, gone, by = project(), project(), project(), director()
    remove_project(project=gone, reason="错", by=by)
    today = TODAY(now())
    refused: list[tuple[Any, type[Refusal], dict[str, Any]]] = [
        (merge_projects, Invalid, {"project": one, "into": one, "reason": "同"}),
        (merge_projects, Invalid, {"project": one, "into": other, "reason": ""}),
        (merge_projects, NotAllowed, {"project": one, "into": gone, "reason": "同"}),
        (merge_projects, NotAllowed, {"project": gone, "into": one, "reason": "同"}),
        (merge_projects, Stale, {"project": one, "into": other, "reason": "同", "version": 2}),
        (bundle_projects, Invalid, {"projects": [], "into": one, "on": today, "reason": "包"}),
        (bundle_projects, Invalid, {"projects": [one], "into": one, "on": today, "reason": "包"}),
        (bundle_projects, Invalid,
         {"projects": [one], "into": other, "on": today + timedelta(days=1), "reason": "包"}),
        (bundle_projects, NotAllowed,
         {"projects": [one, gone], "into": other, "on": today, "reason": "包"}),
        (split_project, Invalid,
         {"project": one, "into": [other, other], "on": today, "reason": "拆"}),
        (split_project, Invalid,
         {"project": one, "into": [one, other], "on": today, "reason": "拆"}),
        (split_project, Invalid,
         {"project": one, "into": [other, gone], "on": date(1, 1, 1), "reason": "拆"}),
        (split_project, NotAllowed,
         {"project": one, "into": [other, gone], "on": today, "reason": "拆"}),
        (distinguish_projects, Invalid, {"first": one, "second": one, "reason": "异"}),
        (distinguish_projects, Invalid, {"first": one, "second": other, "reason": " "}),
        (distinguish_projects, NotAllowed, {"first": one, "second": gone, "reason": "异"}),
    ]  # fmt: skip
    before = rows()
    for verb, why, given in refused:
        with pytest.raises(why):
            verb(**given, by=by)
        with pytest.raises(NotAllowed, match="角色"):
            verb(**given, by=officer("liaison"))
    assert rows() == before


def test_a_national_code_is_one_projects_of_the_register() -> None:
    by, code = director(), "2020-410305-48-03-012345"
    one = project(national_code="２０２０ 410305-48-03－012345", by=by)
    other = project(by=by)
    assert (one.national_code, one.revisions.get().national_code) == (code, code)
    for wrong in ("2020-410305-48-03-01234", "1999-410305-48-03-012345", "重点2020"):
        with pytest.raises(Invalid) as refused:
            revise_project(project=other, changes={"national_code": wrong}, by=by)
        assert [each.code for each in refused.value.errors] == ["national-code"]
    with pytest.raises(Invalid) as refused:
        revise_project(project=other, changes={"national_code": code}, by=by)
    assert [(each.path, each.code) for each in refused.value.errors] == [
        (("national_code",), "unique")
    ]
    assert one.code in str(refused.value.errors[0].message)
    merge_projects(project=one, into=other, reason="同一项目", by=by)
    revise_project(project=other, changes={"national_code": code}, by=by)
    with pytest.raises(NotAllowed):
        return_project(project=one, reason="误并", by=by)
    assert fresh(one).left_at is not None


def found() -> set[tuple[int, int, str]]:
    pairs, number = alike(TODAY(now()), most=100)
    assert number == len(pairs)
    return {(each.first.pk, each.second.pk, " ".join(each.reasons)) for each in pairs}


def test_pairs_that_may_be_one_project(django_assert_num_queries: Any) -> None:
    by, elsewhere = director(), District.objects.get(code="410305")
    named = {
        "metro": project(name="洛阳市轨道交通1号线工程", by=by),
        "same": project(name="洛阳市轨道交通 １号线工程", district=elsewhere, by=by),
        "similar": project(name="洛阳轨道交通1号线工程", by=by),
        "second": project(name="洛阳市轨道交通2号线工程", by=by),
        "park": project(name="中德产业园", total_investment=Decimal(100), by=by),
        "park_too": project(name="德国工业城", total_investment=Decimal(96), by=by),
        "park_small": project(name="德企配套", total_investment=Decimal(94), by=by),
    }
    owner = enterprise(by=by)
    for name in ("park", "park_too", "park_small"):
        add_participant(
            project=named[name], enterprise=owner, role="owner", start=date(2020, 1, 1), by=by
        )
    pk = {name: each.pk for name, each in named.items()}
    with django_assert_num_queries(2):
        pairs = found()
    assert pairs == {
        (pk["metro"], pk["same"], "name"),
        (pk["metro"], pk["similar"], "similar"),
        (pk["park"], pk["park_too"], "owner"),
        (pk["park_too"], pk["park_small"], "owner"),
    }
    distinguish_projects(
        first=named["similar"], second=named["metro"], reason="不同标段", by=by
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        distinguish_projects(first=named["metro"], second=named["similar"], reason="再", by=by)
    merge_projects(project=named["same"], into=named["metro"], reason="同一项目", by=by)
    assert found() == {
        (pk["park"], pk["park_too"], "owner"), (pk["park_too"], pk["park_small"], "owner"),
    }  # fmt: skip


def test_the_pages() -> None:
    by = director()
    one, other, third = (project(name=name, by=by) for name in ("甲工程", "甲 工程", "乙工程"))
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(by)
    pairs = reverse("admin:register_project_duplicates")
    assert one.code in client.get(pairs).content.decode()
    merge = reverse("admin:register_project_merge", args=[one.pk])
    asked = client.get(f"{merge}?into={other.pk}").content.decode()
    assert f'value="{other.code} {other.name}"' in asked
    assert client.post(merge, {"into": other.code, "version": 1}).context["form"].errors.keys() == {
        "reason"
    }
    sent = {"into": other.code, "version": 1, "reason": "同一项目"}
    assert client.post(merge, sent).status_code == 302
    assert one.code not in client.get(pairs).content.decode()
    bundle = reverse("admin:register_project_bundle", args=[third.pk])
    given = {"projects": f"{other.code}\n没有", "on": str(TODAY(now())), "reason": "打包"}
    assert client.post(bundle, given).context["form"].errors.keys() == {"projects"}
    assert client.post(bundle, given | {"projects": other.code}).status_code == 302
    page = client.get(reverse("admin:register_project_change", args=[third.pk])).content.decode()
    assert (other.code in page, "相差0.0000亿元" in page) == (True, True)
    shown = client.get(reverse("admin:register_project_change", args=[one.pk])).content.decode()
    assert (other.code in shown, "重复合并" in shown) == (True, True)
    split = reverse("admin:register_project_split", args=[third.pk])
    given = {"into": third.code, "on": str(TODAY(now())), "reason": "拆", "version": "1"}
    assert client.post(split, given).context["form"].errors.keys() == {"into"}
    mark = reverse("admin:projects_distinguish", args=[one.pk, third.pk])
    assert client.post(mark, {"reason": "异"}).status_code == 200  # one of them has left
    assert (client.get(f"{pairs}?p=999999999999").status_code, rows()[:3]) == (200, [2, 2, 0])
