"""An extra issue lives as a weekly one does, beside the weeks and numbered apart from them."""

import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coordination.bulletins.archive.package import archive_of
from coordination.bulletins.build import build_missing, recount, wrong_figures
from coordination.bulletins.counting import bulletin_hash, count_blocks, hash_of
from coordination.bulletins.faces.renderers import RENDERERS
from coordination.bulletins.hashes import hashes_of_bulletins
from coordination.bulletins.issues import verbs
from coordination.bulletins.issues.audit import altered_issues, wrong_files, wrong_issues
from coordination.bulletins.issues.distribution import file_name, title_of
from coordination.bulletins.issues.extra import begin_extra
from coordination.bulletins.issues.later import corrections_of, newer_edition
from coordination.bulletins.issues.printing import printed
from coordination.bulletins.issues.queries import (
    extra_issue_of,
    issue_of,
    missing_blocks,
    published,
    wordings_of,
)
from coordination.bulletins.issues.step import ACTORS
from coordination.bulletins.issues.waiting import waiting_issues
from coordination.bulletins.models import Bulletin, Issue, Series, Status, Wording
from coordination.bulletins.naming import name_of_bulletin
from coordination.bulletins.week import SHANGHAI, week_to
from coordination.delivery.models import Notice
from coordination.staff.models import Role
from projects.house.blocks import Audience, Period
from projects.record.canonical import digest
from projects.record.clock import clock_at
from projects.record.refusals import Invalid, NotAllowed
from tests.bed.races import race
from tests.coordination.bulletins.faces.reading import text_of
from tests.coordination.bulletins.issues.test_life import CUT_OFF, EVENING, rows, settled_desk
from tests.factories.bulletins import draft_of, signed
from tests.factories.coordination import Desk, filed, officer

START: Final = datetime(2020, 2, 20, tzinfo=SHANGHAI)
END: Final = datetime(2020, 3, 9, 12, tzinfo=SHANGHAI)
TITLE: Final = "关于2020年3月上旬重点项目用工保障情况的通报"
ENGLISH: Final = "On workers for key projects in early March 2020"
WEEKLY: Final = {"late", "named", "trend"}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at() -> Iterator[Desk]:
    made = settled_desk()
    with clock_at(END - timedelta(hours=1)):
        filed(made)
    with clock_at(EVENING):
        yield made


def begun(at: Desk, **given: Any) -> Issue:
    words = {"title": TITLE, "start": START, "end": END, "by": at.duty_desk}
    return begin_extra(**words | given)  # type: ignore[arg-type]  # the names are the verb's


def in_force(at: Desk, issue: Issue) -> Issue:
    return verbs.publish(issue=verbs.review(issue=issue, by=at.director), by=at.director)


def wrong(issue: Issue) -> list[Any]:
    """What every check finds of it."""
    number = str(issue.bulletin_id)
    return [*altered_issues(), *wrong_issues(), *wrong_files(number), *wrong_figures(number)]


def test_it_is_counted_for_its_period_and_its_beginner_is_its_first_editor(at: Desk) -> None:
    issue = begun(at, english_title=ENGLISH)
    bulletin = issue.bulletin
    assert (bulletin.series, bulletin.period) == (Series.EXTRA, Period(START, END))
    assert bulletin.blocks == {
        name: block
        for name, block in count_blocks(Period(START, END)).items()
        if name not in WEEKLY
    }
    assert bulletin.blocks["handling"]["figures"]["filed"] == 1
    assert bulletin.hash == hash_of("extra", END, bulletin.blocks, start=START)
    assert (issue.status, issue.series, issue.number, issue.total) == ("draft", "extra", None, None)
    assert (wordings_of(issue, "zh-hans"), wordings_of(issue, "en")) == (
        {"title": TITLE}, {"title": ENGLISH},
    )  # fmt: skip
    assert issue.editor == at.duty_desk
    told = Notice.objects.filter(
        topic="bulletin.waits", title="截至2020年3月9日的通报增刊已成稿，请审核"
    )
    assert list(told.values_list("officer", flat=True)) == [at.director.pk]
    assert "review" not in ACTORS.allowed(issue, at.duty_desk)
    before = rows()
    with pytest.raises(NotAllowed, match="另一位"):
        verbs.review(issue=issue, by=at.duty_desk)
    assert rows() == before
    assert waiting_issues(at.duty_desk, EVENING) is None
    assert waiting_issues(at.director, EVENING) == (1, "1期通报：审核")
    assert wrong(issue) == []


def test_a_life_beside_the_weeks_that_leaves_their_numbers_alone(at: Desk) -> None:
    week = draft_of(CUT_OFF)
    extra = in_force(at, begun(at))  # the week, which ended later, is not signed yet
    assert (extra.year, extra.number, extra.total) == (2020, 1, None)
    week = signed(week)
    assert (week.year, week.number, week.total) == (2020, 1, 1)
    second = in_force(at, begun(at, end=END - timedelta(hours=2)))
    assert (second.year, second.number, second.total) == (2020, 2, None)
    extra = verbs.distribute(issue=extra, by=at.duty_desk)
    assert extra.status == Status.DISTRIBUTED
    assert (issue_of(CUT_OFF), extra_issue_of(2020, 1), extra_issue_of(2020, 2)) == (
        week, extra, second,
    )  # fmt: skip
    assert (extra_issue_of(2020, 3), newer_edition(extra)) == (None, None)
    assert (corrections_of(extra, is_staff=True), missing_blocks(extra.bulletin)) == ([], {})
    assert build_missing() == []
    assert [wrong(each) for each in (week, extra, second)] == [[], [], []]
    assert recount(extra.bulletin) == extra.bulletin.blocks
    assert dict(hashes_of_bulletins()) == {
        each.bulletin.journal_name: each.bulletin.hash for each in (week, extra, second)
    }
    assert title_of(extra) == "增刊第1期（截至2020年3月9日）已印发"
    assert file_name(extra, "pdf", "zh-hans") == "每周通报增刊第1期（2020年3月9日）.pdf"
    told = Notice.objects.filter(topic="bulletin.published").values_list("title", flat=True)
    assert set(told) == {title_of(extra)}


def test_a_week_waits_for_no_extra_issue_and_that_for_no_week(at: Desk) -> None:
    begun(at)
    assert signed(draft_of(CUT_OFF)).number == 1
    later = CUT_OFF + timedelta(days=8)
    with clock_at(later):
        draft_of(CUT_OFF + timedelta(days=7))
        assert in_force(at, begun(at, end=later - timedelta(hours=1))).number == 1


def test_its_faces_say_what_it_is(at: Desk) -> None:
    issue = in_force(at, begun(at, english_title=ENGLISH))
    files = {face.key: bytes(face.content) for face in issue.faces.all()}
    assert len(files) == len(RENDERERS) * 4
    staff, everybody = (files[f"html/zh-hans/{each}"].decode() for each in ("staff", "all"))
    for page in (staff, everybody):
        assert "增刊第1期" in page
        assert "现将2020年2月20日0时至2020年3月9日12时有关情况专题通报如下。" in page
        assert "本期新提交1起" in page
        assert "本周" not in page
        assert "/api/v1/bulletins/extra/2020-1/" in page
        assert "总第" not in page
    assert (TITLE in staff, TITLE in everybody) == (True, False)
    assert ("通报点名" in staff, "点名" in everybody) == (True, False)
    assert "本期为增刊，以下内容仅在每周通报中编列：" in staff
    pdf = text_of(files["pdf/zh-hans/staff"])
    assert [each in pdf for each in ("增刊第1期", TITLE, "本期新提交1起", "本周")] == [
        True, True, True, False,
    ]  # fmt: skip
    english = files["html/en/staff"].decode()
    assert [each in english for each in (ENGLISH, "Extra issue No. 1", "this week")] == [
        True, True, False,
    ]  # fmt: skip


def test_a_draft_prints_no_number_and_no_address(at: Desk) -> None:
    paper = printed(begun(at), language="zh-hans", audience=Audience.STAFF)
    assert (paper.head.number, paper.head.mark, paper.foot.address) == ("", "草稿", "")
    assert paper.title == TITLE


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"title": " "}, "title", "请填写增刊标题。"),
        ({"title": "题" * 121}, "title", "120"),
        ({"english_title": "t" * 121}, "english_title", "120"),
        ({"title": "关于77个项目的通报"}, "title", "77"),
        ({"start": None}, "start", "请填写统计起止时间。"),
        ({"end": None}, "end", "请填写统计起止时间。"),
        ({"start": END}, "end", "须晚于"),
        ({"start": END - timedelta(days=367)}, "start", "366"),
        ({"end": EVENING}, "end", "统计时段尚未结束。"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    at: Desk, given: dict[str, Any], field: str, said: str
) -> None:
    before = rows()
    with pytest.raises(Invalid) as refused:
        begun(at, **given)
    assert [error.path for error in refused.value.errors] == [(field,)]
    if said != "须晚于":
        assert said in str(refused.value.errors[0].message)
    assert rows() == before


@pytest.mark.parametrize("role", [role for role in Role if role not in {"duty_desk", "director"}])
def test_nobody_else_begins_one(at: Desk, role: str) -> None:
    before = rows()
    with pytest.raises(NotAllowed):
        begun(at, by=officer(role))
    assert rows() == before


def test_one_moment_ends_one_extra_issue(at: Desk) -> None:
    begun(at)
    before = rows()
    with pytest.raises(Invalid) as refused:
        begun(at, title="关于其他情况的通报", start=START + timedelta(days=1), by=at.director)
    assert [(error.path, str(error.message)) for error in refused.value.errors] == [
        (("end",), "已有截至该时间的增刊，请勿重复编发。")
    ]
    assert rows() == before


def test_two_at_once_make_one(at: Desk) -> None:
    def act() -> Issue:
        with clock_at(EVENING):
            return begun(at)

    found = race(act, act)
    errors = [each.error for each in found if each.error is not None]
    assert [type(each) for each in errors] == [Invalid]
    assert (Bulletin.objects.count(), Issue.objects.count(), Wording.objects.count()) == (1, 1, 1)


def test_a_correction_keeps_title_period_and_number(at: Desk) -> None:
    first = in_force(at, begun(at, english_title=ENGLISH))
    second = verbs.supersede(issue=first, reason="表1有误", by=at.duty_desk)
    assert second.bulletin.period == first.bulletin.period
    assert wordings_of(second, "en") == {"title": ENGLISH}
    assert second.bulletin.blocks == first.bulletin.blocks
    second = in_force(at, second)
    assert (second.edition, second.year, second.number, second.total) == (2, 2020, 1, None)
    assert (extra_issue_of(2020, 1), newer_edition(first)) == (second, (second, "表1有误"))
    assert list(published()) == [second]
    assert (wrong(first), wrong(second)) == ([], [])
    assert title_of(second) == "增刊第1期（第2版）已印发"


def test_a_draft_begun_by_mistake_is_discarded_and_its_moment_stays_taken(at: Desk) -> None:
    issue = verbs.discard(issue=begun(at), reason="时段有误", by=at.duty_desk)
    assert (issue.status, issue.number) == (Status.DISCARDED, None)
    before = rows()
    with pytest.raises(Invalid) as refused:
        begun(at)
    assert [error.path for error in refused.value.errors] == [("end",)]
    assert rows() == before
    assert in_force(at, begun(at, end=END - timedelta(minutes=1))).number == 1
    assert wrong(issue) == []


def test_its_title_may_be_worded_anew_and_takes_no_foreign_number(at: Desk) -> None:
    issue = begun(at)
    new = "关于2020年第一季度用工保障情况的专题通报"
    issue = verbs.edit(issue=issue, language="zh-hans", wordings={"title": new}, by=at.duty_desk)
    assert printed(issue, language="zh-hans", audience=Audience.STAFF).title == new
    before = rows()
    with pytest.raises(Invalid):
        verbs.edit(
            issue=issue, language="zh-hans", wordings={"title": "关于77个项目"}, by=at.duty_desk
        )
    assert rows() == before


def test_the_hash_of_a_week_is_what_it_was_and_that_of_an_extra_issue_covers_its_start() -> None:
    blocks = {"a": {"hash": "b"}}
    weekly = {"series": "weekly", "cut_off": CUT_OFF, "blocks": {"a": "b"}}
    assert bulletin_hash(CUT_OFF, blocks) == digest(weekly)
    extra = bulletin_hash(CUT_OFF, blocks, series="extra", start=START)
    assert extra == digest(weekly | {"series": "extra", "start": START})


def test_the_database_keeps_weeks_and_extra_issues_apart(at: Desk) -> None:
    issue = begun(at)
    kept = {"blocks": {}, "hash": "", "built_at": timezone.now()}
    for wrong_row in (
        {"series": "weekly", "start": START}, {"series": "extra", "start": None},
        {"series": "extra", "start": CUT_OFF},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Bulletin.objects.create(cut_off=CUT_OFF, **kept, **wrong_row)
    Issue.objects.filter(pk=issue.pk).update(series="weekly")
    assert [found.row for found in wrong_issues()] == [str(issue.pk)]
    assert week_to(CUT_OFF) == Bulletin(cut_off=CUT_OFF).period
    named = name_of_bulletin(issue.bulletin.journal_name)
    assert named is not None
    assert (named.words, named.row) == ("增刊 2020-03-09", issue)


def test_its_archive_is_checked_by_its_own_script(at: Desk, tmp_path: Path) -> None:
    issue = in_force(at, begun(at))
    with ZipFile(io.BytesIO(archive_of(issue))) as file:
        file.extractall(tmp_path)
    folder = tmp_path / "bulletin-extra-2020-1"

    def checked() -> tuple[int, list[str]]:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "verify.py"], cwd=folder, capture_output=True, text=True,
            check=False, env={"PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        assert done.stderr == ""
        return done.returncode, done.stdout.splitlines()

    said = f"All is as it was signed: extra issue No. 1 of 2020, 2020-03-09, by {at.director}."
    assert checked() == (0, [f"{said} Compare with the paper: {issue.bulletin.hash[:16]}"])
    figures = folder / "figures.json"
    figures.write_text(figures.read_text().replace('"start":"2020-02', '"start":"2020-01'))
    assert checked() == (
        1, ["altered: figures.json", "the figures' hash is not that of their blocks"],
    )  # fmt: skip
