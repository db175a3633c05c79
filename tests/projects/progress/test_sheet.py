"""The sheet of daily reports: as offices write it, by the verb of every report, and once only."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.groups.posts import give_district
from coordination.staff.models import Officer, Role
from projects.house.imports import ImportRow, RowPlan
from projects.imports.answer import state_for_all
from projects.imports.begin import begin_import, discard_import
from projects.imports.carry import confirm_import
from projects.imports.models import Import, State
from projects.imports.queries import rows_of
from projects.imports.undo import ask_undo
from projects.imports.work import do_waiting
from projects.progress.models import DailyReport, ReportFlag, ReportNarrative
from projects.progress.report import report, report_unchanged
from projects.progress.sheet import SHEET
from projects.record.clock import change, clock_at, now
from projects.record.refusals import Missing, NotAllowed
from projects.register.exits import remove_project
from projects.register.models import District, Project
from projects.worktime.calendar import SHANGHAI
from tests.factories.coordination import Desk, desk, officer, project
from tests.projects.imports.scene import as_

pytestmark = pytest.mark.django_db
DAY = date(2020, 3, 9)
HEADINGS = (
    "序号", "项目代码", "项目名称", "是否复工", "应到岗人数（人）", "实际到岗人数",
    "本月累计完成投资（亿元）", "停工原因", "形象进度", "存在的问题",
)  # fmt: skip
TITLE = "洛阳市重点项目每日监测情况表（2020年3月9日）"


def on(day: int, hour: int = 15) -> datetime:
    return datetime(2020, 3, day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def at() -> Iterator[Desk]:
    with clock_at(on(2, 8)):
        made = desk()
    with clock_at(on(9)):
        yield made


def row(site: Project | None, number: int = 5, **values: Any) -> ImportRow:
    given = {"code": site.code if site else "NONE-1", "day": DAY, "resumed": "yes"} | values
    return ImportRow(number, given)


def plan(by: Officer, *rows: ImportRow) -> list[RowPlan]:
    return SHEET.plan(rows, now(), by)


def done(by: Officer, *rows: ImportRow) -> list[Any]:
    plans = plan(by, *rows)
    assert [list(each.errors) for each in plans] == [[] for _ in rows]
    with change(whole=True) as moment:
        return list(SHEET.carry_out(plans, moment, by))


def said(plans: list[RowPlan]) -> list[Any]:
    return [(str(each.outcome), [(one.column, one.code) for one in each.errors]) for each in plans]


def everything() -> list[Any]:
    models: Any = (DailyReport, ReportNarrative, ReportFlag, Project)
    return [list(model.objects.order_by("pk").values()) for model in models]


def book(*rows: Any, title: str = TITLE, headings: Any = HEADINGS) -> bytes:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    if title:
        sheet.append([title])
    for each in (headings, *rows):
        sheet.append(each)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def sent(by: Officer, content: bytes) -> Import:
    return worked(begin_import(sheet="reports", file=SimpleUploadedFile("a.xlsx", content), by=by))


def worked(of: Import) -> Import:
    do_waiting()
    of.refresh_from_db()
    return of


def carried_out(of: Import, by: Officer, **options: Any) -> Import:
    confirm_import(of=of, plan_hash=of.plan_hash, seen=True, by=by, **options)
    return worked(of)


def test_a_sheet_as_offices_write_it_is_filed_and_changes_nothing_the_second_time(
    at: Desk,
) -> None:
    other = project()
    content = book(
        [1, at.project.code, at.project.name, "已复工", 200, 180, 0.355, None, "第三层", "无"],
        [2, None, other.name, "未复工", "/", 0, None, "等待设计图纸", None, "缺钢材"],
        ["合计", None, None, None, 200, 180, 0.355],
    )
    of = sent(at.liaison, content)
    assert (of.state, of.counts) == (
        State.READY, {"new": 2, "changed": 0, "unchanged": 0, "refused": 0},
    )  # fmt: skip
    assert not DailyReport.objects.exists()
    assert carried_out(of, at.liaison).state == State.DONE
    first, second = DailyReport.objects.select_related("narrative").order_by("pk")
    assert (first.project, first.day, first.officer, first.revision) == (
        at.project, DAY, at.liaison, 1,
    )  # fmt: skip
    assert (first.resumed, first.workers_required, first.workers_on_site) == (True, 200, 180)
    assert first.month_investment == Decimal(3550)
    assert (first.narrative.progress, first.narrative.problems) == ("第三层", "")
    assert (second.project, second.resumed, second.workers_required, second.halt) == (
        other, False, None, "other",
    )  # fmt: skip
    assert (second.narrative.halt_words, second.narrative.problems) == ("等待设计图纸", "缺钢材")
    before = everything()
    again = sent(at.liaison, content)
    assert again.counts == {"new": 0, "changed": 0, "unchanged": 2, "refused": 0}
    with pytest.raises(NotAllowed):
        confirm_import(of=again, plan_hash=again.plan_hash, seen=True, by=at.liaison)
    assert everything() == before


def test_an_empty_cell_leaves_what_is_reported_and_another_value_amends_it(at: Desk) -> None:
    report(
        project=at.project, day=DAY, resumed=False, halt="weather", halted_until=date(2020, 3, 12),
        workers_on_site=3, progress="第二层", problems="缺水泥", by=at.key,
    )  # fmt: skip
    (found,) = plan(at.liaison, row(at.project, workers_on_site=60, progress=None))
    assert [(each.column, each.before, each.after) for each in found.changes] == [
        ("resumed", "否", "是"), ("workers_on_site", "3", "60"), ("halt", "天气", ""),
        ("halted_until", "2020-03-12", ""),
    ]  # fmt: skip
    done(at.liaison, row(at.project, workers_on_site=60, progress=None))
    made = DailyReport.objects.select_related("narrative").latest("pk")
    assert (made.revision, made.resumed, made.halt, made.halted_until, made.workers_on_site) == (
        2, True, "", None, 60,
    )  # fmt: skip
    assert (made.narrative.progress, made.narrative.problems) == ("第二层", "缺水泥")


def test_after_the_deadline_one_reason_is_asked_for_the_whole_sheet(at: Desk) -> None:
    report(project=at.project, day=DAY, resumed=True, workers_on_site=3, by=at.key)
    late, content = on(9, 18), book([1, at.project.code, None, "是", None, 60])
    with clock_at(late):
        of = sent(at.liaison, content)
        assert of.counts["refused"] == 1
        assert [each[::2] for each in rows_of(of).get().content["errors"]] == [
            ["reason", "required"]
        ]
        state_for_all(of=of, stated={"reason": " 漏报 ", "day": None}, by=at.liaison)
        of = worked(of)
        assert (of.counts["changed"], of.stated) == (1, {"reason": "漏报"})
        assert carried_out(of, at.liaison).state == State.DONE
    assert ReportNarrative.objects.get().reason == "漏报"
    assert DailyReport.objects.latest("pk").workers_on_site == 60


def test_the_day_is_asked_for_where_nothing_names_it(at: Desk) -> None:
    of = sent(at.liaison, book([1, at.project.code, None, "是", None, 60], title="每日监测"))
    assert (of.state, of.counts) == (State.ASKING, {})
    page = as_(at.liaison)
    address = reverse("admin:imports_import_change", args=[of.pk])
    assert page.get(address).content.decode().count('id="stated"') == 1
    act = reverse("admin:import_do", args=[of.pk, "state"])
    wrong = page.post(act, {"day": "bald"})
    assert (wrong.status_code, wrong.content.decode().count('role="alert"')) == (200, 1)
    assert page.post(act, {"day": "2020-03-08"}).status_code == 302
    of = worked(of)
    assert (of.state, rows_of(of).get().content["title"]) == (
        State.READY, f"{at.project} 2020-03-08",
    )  # fmt: skip
    assert carried_out(of, at.liaison).state == State.DONE
    assert DailyReport.objects.get().day == date(2020, 3, 8)


def test_rows_that_are_refused(at: Desk) -> None:
    report(project=at.project, day=DAY - timedelta(days=1), resumed=True, by=at.key)
    left, twin = project(), project()
    remove_project(project=left, reason="重复", by=at.director)
    before = everything()
    rows = [
        row(None), row(left), row(at.project, day=None), row(at.project, resumed="no"),
        row(at.project), row(twin, resumed=None), row(twin, name=at.project.name),
        row(project(), workers_on_site=-1, month_investment=Decimal("1.001")),
        row(project(), day=DAY + timedelta(days=1)), row(project(), halt="天气"),
        ImportRow(9, {"day": DAY, "resumed": "yes"}),
    ]  # fmt: skip
    numbered = [ImportRow(number, each.values) for number, each in enumerate(rows)]
    assert said(plan(at.liaison, *numbered)) == [
        ("refused", [("code", "not-found")]), ("refused", [("code", "left-register")]),
        ("refused", [("day", "required")]), ("refused", [("halt", "required")]),
        ("refused", [("", "unique")]), ("new", []),  # the engine requires the state
        ("refused", [("name", "contradicts")]),
        ("refused", [("workers_on_site", "min_value"), ("month_investment", "max_decimal_places")]),
        ("refused", [("day", "date-order")]), ("refused", [("halt", "choice")]),
        ("refused", [("code", "required")]),
    ]  # fmt: skip
    assert everything()[:3] == before[:3]
    with pytest.raises(NotAllowed):
        plan(at.auditor, row(at.project))


def test_several_days_are_judged_and_filed_in_their_order(at: Desk) -> None:
    report(project=at.project, day=DAY - timedelta(days=3), resumed=True, by=at.key)
    rows = [
        row(at.project, 5, day=DAY, resumed="no"),  # it rested already
        row(at.project, 6, day=DAY - timedelta(days=1), resumed="no", halt="雨天"),
    ]
    done(at.liaison, *rows)
    made = DailyReport.objects.order_by("pk")[1:]
    assert [(each.day, each.halt) for each in made] == [
        (DAY - timedelta(days=1), "weather"),
        (DAY, ""),
    ]


def test_a_doubtful_figure_is_said_before_it_is_filed_and_asked_about_afterwards(
    at: Desk,
) -> None:
    yesterday = DAY - timedelta(days=1)
    report(project=at.project, day=yesterday, resumed=True, workers_on_site=60, by=at.key)
    (found,) = plan(at.liaison, row(at.project, workers_on_site=600))
    assert len(found.warnings) == 1
    assert "60 → 600" in str(found.warnings[0])
    done(at.liaison, row(at.project, workers_on_site=600))
    assert ReportFlag.objects.get().rule == "on_site"


def test_an_amendment_is_undone_and_a_first_report_is_not(at: Desk) -> None:
    report(project=at.project, day=DAY, resumed=True, workers_on_site=3, progress="二层", by=at.key)
    content = book([1, at.project.code, None, "是", None, 60, None, None, "三层"])
    of = carried_out(sent(at.liaison, content), at.liaison)
    with clock_at(on(9, 18)):  # what needs a reason has one
        ask_undo(of=of, reason="发错", by=at.liaison)
        assert (worked(of).state, of.problem) == (State.UNDONE, "")
    made = DailyReport.objects.select_related("narrative").latest("pk")
    assert (made.revision, made.workers_on_site, made.narrative.progress) == (3, 3, "二层")
    with clock_at(on(10)):
        first = carried_out(sent(at.liaison, book(
            [1, at.project.code, None, "是", None, 60], title="2020年3月10日日报"
        )), at.liaison)  # fmt: skip
        before = everything()
        ask_undo(of=first, reason="发错", by=at.liaison)
        first = worked(first)
    assert (first.state, bool(first.problem)) == (State.DONE, True)
    assert everything() == before


def test_what_was_amended_since_is_not_undone(at: Desk) -> None:
    report(project=at.project, day=DAY, resumed=True, workers_on_site=3, by=at.key)
    effects = done(at.liaison, row(at.project, workers_on_site=60))
    report(project=at.project, day=DAY, resumed=True, workers_on_site=61, by=at.key)
    before = everything()
    with pytest.raises(NotAllowed), change() as moment:
        SHEET.undo(effects, moment, at.liaison)
    assert everything() == before


def district_reporter(at: Desk) -> Officer:
    made = officer(Role.DISTRICT_REPORTER)
    give_district(officer=made, district=at.project.district, by=at.duty_desk)
    return made


def test_a_district_reports_for_its_projects_alone_and_sees_its_imports_alone(at: Desk) -> None:
    with clock_at(on(2, 9)):
        by = district_reporter(at)
    elsewhere = project(district=District.objects.get(code="410305"))
    rows = [row(at.project, 5), row(elsewhere, 6), ImportRow(7, {
        "name": elsewhere.name, "day": DAY, "resumed": "yes",
    })]  # fmt: skip
    assert said(plan(by, *rows)) == [
        ("new", []), ("refused", [("code", "not-found")]), ("refused", [("name", "not-found")]),
    ]  # fmt: skip
    own = sent(by, book([1, at.project.code, None, "是"]))
    others = sent(at.liaison, book([1, elsewhere.code, None, "是"]))
    assert carried_out(own, by).state == State.DONE
    client = as_(by)
    assert client.get(reverse("admin:imports_import_change", args=[own.pk])).status_code == 200
    assert client.get(reverse("admin:imports_import_change", args=[others.pk])).status_code == 404
    listed = client.get(reverse("admin:imports_import_changelist")).content.decode()
    assert (f"/{own.pk}/change/" in listed, f"/{others.pk}/change/" in listed) == (True, False)
    acts: list[Callable[[], object]] = [
        lambda: discard_import(of=others, by=by),
        lambda: confirm_import(of=others, plan_hash=others.plan_hash, by=by),
        lambda: state_for_all(of=others, stated={"reason": "x"}, by=by),
    ]
    for act in acts:
        with pytest.raises(Missing):
            act()
    others.refresh_from_db()
    assert (others.state, others.stated) == (State.READY, {})
    assert discard_import(of=others, by=at.duty_desk).state == State.DISCARDED
    codes = {each["code"] for each in SHEET.export(by)}
    assert elsewhere.code not in codes


def test_the_sheet_of_the_day_has_the_last_figures_ready(at: Desk) -> None:
    with clock_at(on(2, 9)):
        sites = [project(planned_resumption=date(2020, 3, 1)) for _ in range(4)]
        project(planned_resumption=date(2020, 4, 1))
    fresh, old, reported, halted = sites
    with clock_at(on(8)):
        report(
            project=fresh, day=date(2020, 3, 8), resumed=True, workers_on_site=60,
            month_investment=Decimal("35.50"), progress="三层", by=at.liaison,
        )  # fmt: skip
        report(project=old, day=date(2020, 3, 1), resumed=True, workers_on_site=9, by=at.liaison)
        report(
            project=halted, day=date(2020, 3, 8), resumed=False, halt="other", halt_words="停电",
            by=at.liaison,
        )  # fmt: skip
    report(
        project=reported, day=DAY, resumed=True, workers_on_site=7, progress="四层", by=at.liaison
    )
    out = {each["code"]: each for each in SHEET.export(at.liaison)}
    assert set(out) == {each.code for each in sites}
    assert {each["day"] for each in out.values()} == {DAY}
    assert (out[fresh.code]["workers_on_site"], out[fresh.code]["progress"]) == (60, "")
    assert out[old.code].get("workers_on_site") is None
    assert out[halted.code]["halt"] == "停电"
    assert out[reported.code]["progress"] == "四层"
    client = as_(at.liaison)
    answer = client.get(reverse("admin:import_export", args=["reports"]))
    of = sent(at.liaison, b"".join(answer.streaming_content))  # type: ignore[attr-defined]  # of a file
    assert (of.state, of.counts) == (
        State.READY, {"new": 2, "changed": 0, "unchanged": 1, "refused": 1},
    )  # fmt: skip
    assert carried_out(of, at.liaison, without_refused=True).state == State.DONE
    made = DailyReport.objects.get(project=fresh, day=DAY)
    assert (made.workers_on_site, made.month_investment) == (60, Decimal("35.50"))


def test_what_was_repeated_by_one_tap_is_unchanged_in_the_sheet(at: Desk) -> None:
    with clock_at(on(8)):
        report(
            project=at.project, day=date(2020, 3, 8), resumed=False, halt="other",
            halt_words="停电", by=at.liaison,
        )  # fmt: skip
    report_unchanged(project=at.project, day=DAY, by=at.key)
    (found,) = plan(at.liaison, row(at.project, resumed="no", halt="其他"))
    assert found.outcome == "unchanged"


def test_as_many_queries_for_many_rows_as_for_few(at: Desk) -> None:
    def queries(sites: list[Project]) -> int:
        with CaptureQueriesContext(connection) as asked:
            plan(at.liaison, *(row(site, number) for number, site in enumerate(sites)))
        return len(asked)

    many = [project() for _ in range(5)]
    assert queries([at.project]) == queries(many)
