"""An issue is drafted, worded, reviewed, signed and distributed, each by whom it is for."""

import hashlib
import itertools
from datetime import date, datetime, timedelta
from typing import Any, Final

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from coordination.bulletins.admin_issue_forms import VERBS
from coordination.bulletins.build import build
from coordination.bulletins.faces.renderers import RENDERERS
from coordination.bulletins.issues import verbs
from coordination.bulletins.issues.audit import altered_issues, wrong_files, wrong_issues
from coordination.bulletins.issues.flow import FLOW
from coordination.bulletins.issues.printing import printed
from coordination.bulletins.issues.queries import issue_of, wordings_of
from coordination.bulletins.issues.step import ACTORS
from coordination.bulletins.issues.waiting import waiting_issues
from coordination.bulletins.models import (
    Bulletin,
    Face,
    Issue,
    IssueEvent,
    IssueText,
    IssueVerb,
    Language,
    Letterhead,
    Status,
    Wording,
)
from coordination.bulletins.periods import begin_service
from coordination.bulletins.week import SHANGHAI, WEEK
from coordination.delivery.models import Notice
from coordination.staff.models import Officer, Role
from projects.flow.actors import SYSTEM
from projects.flow.models import Transition
from projects.house.blocks import Audience
from projects.progress.report import report
from projects.record.clock import clock_at
from projects.record.refusals import Invalid, NotAllowed, Stale
from projects.register.models import District
from tests.bed.races import race
from tests.factories.bulletins import draft_of, signed
from tests.factories.coordination import Desk, desk, director, officer, project

CUT_OFF: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
EVENING: Final = CUT_OFF + timedelta(hours=1)
pytestmark = pytest.mark.django_db(transaction=True)

# verb -> who may do it, and from which state to which; written out apart from the flow
MAY: Final[dict[str, tuple[set[str], dict[str, str]]]] = {
    "edit": ({"duty_desk", "director"}, {"draft": "draft"}),
    "review": ({"duty_desk", "director"}, {"draft": "reviewed"}),
    "send_back": ({"duty_desk", "director"}, {"reviewed": "draft"}),
    "publish": ({"director"}, {"reviewed": "published"}),
    "distribute": ({"duty_desk", "director", "system"}, {"published": "distributed"}),
    "supersede": (
        {"duty_desk", "director"},
        {"published": "published", "distributed": "distributed"},
    ),
    "supplement": (
        {"duty_desk", "director"},
        {},
    ),  # of an issue that lacks a block: test_supplement.py
    "discard": ({"duty_desk", "director"}, {}),  # of a later edition's draft alone: test_discard.py
}
INPUTS: Final[dict[str, dict[str, Any]]] = {
    "edit": {"language": "zh-hans", "wordings": {"next": "请继续抓好复工。"}},
    "send_back": {"reason": "措辞有误"},
    "supersede": {"reason": "数据有误"},
    "discard": {"reason": "误起草"},
}


@pytest.fixture(autouse=True)
def _evening() -> Any:
    with clock_at(EVENING):
        yield


def settled_desk() -> Desk:
    """A desk that was in service before the cut-off."""
    with clock_at(CUT_OFF - timedelta(days=1)):
        return desk()


def rows() -> list[list[Any]]:
    """Everything that is written of issues."""
    tables = (Bulletin, Issue, IssueEvent, IssueText, Wording, Face, Notice)
    return [list(each.objects.order_by("pk").values_list()) for each in tables]


def brought(status: str) -> Issue:
    issue = draft_of(CUT_OFF)
    if status == "discarded":
        return verbs.discard(issue=corrected(issue), reason="误起草", by=director())
    if status != "draft":
        issue = verbs.review(issue=issue, by=director())
    if status in {"published", "distributed"}:
        issue = verbs.publish(issue=issue, by=director())
    return verbs.distribute(issue=issue) if status == "distributed" else issue


def corrected(issue: Issue) -> Issue:
    """The draft of its second edition."""
    return verbs.supersede(issue=signed(issue), reason="表1有误", by=director())


@pytest.mark.parametrize("status", Status.values)
def test_every_verb_by_every_actor(status: str) -> None:
    issue = brought(status)
    roles = [*Role.values, "system"]
    actors = {
        who: SYSTEM if who == "system" else director() if who == "director" else officer(who)
        for who in roles
    }  # fmt: skip
    for verb, who in itertools.product(MAY, roles):
        may, targets = MAY[verb]
        target, by = targets.get(status) if who in may else None, actors[who]
        assert (verb in ACTORS.allowed(issue, by)) == (target is not None), (verb, who)
        before = rows()
        act = VERBS[verb] if verb in VERBS else getattr(verbs, verb)
        if target is None:
            with pytest.raises(NotAllowed):
                act(issue=issue, by=by, **INPUTS.get(verb, {}))
            assert rows() == before, (verb, who)
            continue
        with transaction.atomic():
            done = act(issue=issue, by=by, **INPUTS.get(verb, {}))
            assert Issue.objects.get(pk=issue.pk).status == target, (verb, who)
            assert done.status == ("draft" if verb == "supersede" else target)
            transaction.set_rollback(True)
    assert list(wrong_issues()) == []


def test_the_database_has_the_transitions_of_the_table() -> None:
    found = Transition.objects.filter(flow="issue").values_list("verb", "source", "target")
    assert sorted(found) == sorted(FLOW.transitions())


def test_a_draft_is_built_with_its_figures_and_the_centre_is_told() -> None:
    people = [director(), officer(Role.DUTY_DESK)]
    officer(Role.LIAISON)
    bulletin = build(cut_off=CUT_OFF)
    assert bulletin.issue.status == Status.DRAFT
    assert (bulletin.issue.number, bulletin.issue.total) == (None, None)
    told = Notice.objects.filter(topic="bulletin.waits")
    assert sorted(told.values_list("officer_id", flat=True)) == sorted(each.pk for each in people)
    assert set(told.values_list("title", flat=True)) == {"截至2020年3月9日的通报已成稿，请审核"}
    assert build(cut_off=CUT_OFF) == bulletin
    assert Issue.objects.count() == 1


def test_publication_numbers_an_issue_and_keeps_its_files() -> None:
    desk()
    issue = signed(draft_of(CUT_OFF))
    assert (issue.year, issue.number, issue.total) == (2020, 1, 1)
    assert issue.day == EVENING.date()
    assert issue.signer == director()
    files = list(Face.objects.filter(issue=issue))
    assert sorted(each.key for each in files) == sorted(
        f"{kind}/{language}/{audience}"
        for kind in RENDERERS for language in Language.values for audience in Audience
    )  # fmt: skip
    event = IssueEvent.objects.get(issue=issue, verb=IssueVerb.PUBLISH)
    assert event.payload["files"] == {
        each.key: hashlib.sha256(bytes(each.content)).hexdigest() for each in files
    }
    assert (
        list(altered_issues()),
        list(wrong_files(str(issue.bulletin.pk))),
        list(wrong_issues()),
    ) == ([], [], [])


def test_numbers_follow_the_weeks_and_begin_anew_each_year() -> None:
    days = [CUT_OFF + WEEK * 41, CUT_OFF + WEEK * 42, CUT_OFF + WEEK * 43]
    assert [day.year for day in days] == [2020, 2020, 2021]
    with clock_at(days[-1] + timedelta(hours=1)):
        drafts = [draft_of(day) for day in days]
        before = rows()
        last = verbs.review(issue=drafts[2], by=director())
        with pytest.raises(NotAllowed, match="2020-12-21"):
            verbs.publish(issue=last, by=director())
        assert Issue.objects.exclude(number=None).count() == 0
        assert rows()[5] == before[5]
        done = [signed(drafts[0]), signed(drafts[1]), verbs.publish(issue=last, by=director())]
    assert [(each.year, each.number, each.total) for each in done] == [
        (2020, 1, 1), (2020, 2, 2), (2021, 1, 3),
    ]  # fmt: skip


def test_two_who_sign_at_once_sign_once() -> None:
    issue, by = verbs.review(issue=draft_of(CUT_OFF), by=director()), director()
    first, second = race(
        lambda: verbs.publish(issue=issue, by=by), lambda: verbs.publish(issue=issue, by=by)
    )
    errors = [each.error for each in (first, second) if each.error is not None]
    assert len(errors) == 1
    assert isinstance(errors[0], NotAllowed | Stale)
    assert IssueEvent.objects.filter(verb=IssueVerb.PUBLISH).count() == 1
    assert Face.objects.count() == len(RENDERERS) * 4


def test_a_second_edition_replaces_the_first_under_the_same_number() -> None:
    first = signed(draft_of(CUT_OFF))
    kept = rows()[5]
    second = verbs.supersede(issue=first, reason="表1有误", by=director())
    assert (second.edition, second.status, second.number) == (2, Status.DRAFT, None)
    assert issue_of(CUT_OFF) == first
    with pytest.raises(NotAllowed, match="已有更新的版次"):
        verbs.supersede(issue=first, reason="再次", by=director())
    with clock_at(EVENING + timedelta(days=1)):
        second = signed(second)
    assert (second.year, second.number, second.total) == (2020, 1, 1)
    assert issue_of(CUT_OFF) == second
    assert second.bulletin.blocks == first.bulletin.blocks
    assert rows()[5][: len(kept)] == kept
    assert list(wrong_issues()) == []


def test_who_worded_an_issue_does_not_review_it() -> None:
    duty_desk = officer(Role.DUTY_DESK)
    issue = verbs.edit(issue=draft_of(CUT_OFF), by=duty_desk, **INPUTS["edit"])
    before = rows()
    with pytest.raises(NotAllowed, match="另一位"):
        verbs.review(issue=issue, by=duty_desk)
    assert rows() == before
    assert verbs.review(issue=issue, by=director()).reviewer == director()


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("coverage.0", "全市2个项目全部服务到位。", "2"),
        ("coverage.0", "1个项目中有1个得到服务，另有1个没有，1个对应关系失效。", "1"),
        ("next", "对未复工的18个项目逐一会商。", "18"),
        ("nothing", "没有这一段", "没有这一段落"),
        ("title", "题" * 121, "120"),
    ],
)
def test_words_may_be_changed_and_figures_not(key: str, text: str, said: str) -> None:
    settled_desk()
    issue = draft_of(CUT_OFF)
    before = rows()
    with pytest.raises(Invalid) as refused:
        verbs.edit(
            issue=issue, language="zh-hans", wordings={key: text}, by=officer(Role.DUTY_DESK)
        )
    assert [error.path for error in refused.value.errors] == [(key,)]
    assert said in str(refused.value.errors[0].message)
    assert rows()[:6] == before[:6]


def test_words_are_kept_by_revision_and_an_empty_text_restores_the_draft() -> None:
    at = settled_desk()
    issue, by = draft_of(CUT_OFF), at.duty_desk
    for text in ("已对1个项目实行一对一服务。", "1个项目都有人服务。", ""):
        issue = verbs.edit(issue=issue, language="zh-hans", wordings={"coverage.0": text}, by=by)
        assert wordings_of(issue, "zh-hans") == ({"coverage.0": text} if text else {})
    assert list(Wording.objects.values_list("text", flat=True)) == [
        "已对1个项目实行一对一服务。", "1个项目都有人服务。", "",
    ]  # fmt: skip
    assert IssueEvent.objects.filter(verb=IssueVerb.EDIT).count() == 3


def test_who_worded_it_before_another_did_does_not_review_it_either() -> None:
    first, second = officer(Role.DUTY_DESK), officer(Role.DUTY_DESK)
    issue = draft_of(CUT_OFF)
    for by in (first, second):
        words = {"problems": "部分项目物资受阻。" if by == first else "部分项目用工不足。"}
        issue = verbs.edit(issue=issue, language="zh-hans", wordings=words, by=by)
    before = rows()
    for by in (first, second):
        assert "review" not in ACTORS.allowed(issue, by)
        with pytest.raises(NotAllowed, match="另一位"):
            verbs.review(issue=issue, by=by)
        assert waiting_issues(by, EVENING) is None
    assert rows() == before
    assert waiting_issues(director(), EVENING) == (1, "1期通报：审核")


def test_a_week_that_is_not_built_yet_comes_first() -> None:
    begin_service(on=date(2020, 2, 25), by=director())
    issue = verbs.review(issue=draft_of(CUT_OFF), by=director())
    before = rows()
    with pytest.raises(NotAllowed, match="2020-03-02"):
        verbs.publish(issue=issue, by=director())
    assert rows() == before
    signed(draft_of(CUT_OFF - WEEK))
    assert verbs.publish(issue=issue, by=director()).number == 2


@pytest.mark.parametrize("shows_ranks", [True, False])
def test_ranks_are_printed_only_where_the_office_wishes(*, shows_ranks: bool) -> None:
    with clock_at(CUT_OFF - timedelta(days=3)):
        at = desk()
        for code, many in (("410302", 2), ("410303", 1)):
            district = District.objects.get(code=code, valid__contains=CUT_OFF.date())
            for place in range(many):
                site = project(planned_resumption=date(2020, 3, 1), district=district)
                if place == 0:
                    report(project=site, day=date(2020, 3, 6), resumed=True, by=at.director)
    Letterhead.objects.create(
        language="zh-hans", office="中心", heading="协调服务", name="通报", title="题",
        addressees="各单位：", shows_ranks=shows_ranks,
    )  # fmt: skip
    paper = printed(draft_of(CUT_OFF), language="zh-hans", audience=Audience.ALL)
    (sheet,) = [each for each in paper.sheets() if each.name == "resumption"]
    shown = [row.titles[0] for row in sheet.rows if row.cells[0].value]
    by_rank, by_code = ["西工区", "老城区"], ["老城区", "西工区"]
    assert shown[:2] == (by_rank if shows_ranks else by_code)
    assert [name for name, rate in sheet.bars if rate] == shown[:2]
    assert ("位次" in "".join(sheet.headings)) == shows_ranks


def test_a_correction_says_why_to_the_staff() -> None:
    second = verbs.supersede(issue=signed(draft_of(CUT_OFF)), reason="表1有误", by=director())
    marks = {
        audience: printed(second, language="zh-hans", audience=audience).head.mark
        for audience in Audience
    }
    assert marks == {
        Audience.ALL: "草稿 · 更正版（第2版）", Audience.STAFF: "草稿 · 更正版（第2版）：表1有误",
    }  # fmt: skip


def test_a_stale_version_changes_nothing() -> None:
    issue = draft_of(CUT_OFF)
    verbs.edit(issue=issue, by=officer(Role.DUTY_DESK), **INPUTS["edit"])
    before = rows()
    with pytest.raises(Stale):
        verbs.review(issue=issue, version=1, by=director())
    assert rows() == before


def test_the_application_alters_no_published_file(superuser_cursor: psycopg.Cursor[Any]) -> None:
    issue = signed(draft_of(CUT_OFF))
    with pytest.raises(ProgrammingError, match="permission denied"):
        Face.objects.filter(issue=issue).update(content=b"")
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE bulletins_issue SET status = 'draft', number = NULL")
    face = Face.objects.filter(issue=issue).first()
    assert face is not None
    superuser_cursor.execute("SET session_replication_role = replica")
    superuser_cursor.execute("UPDATE bulletins_face SET content = 'x' WHERE id = %s", [face.pk])
    superuser_cursor.execute("UPDATE bulletins_issue SET total = 9")
    superuser_cursor.execute("SET session_replication_role = origin")
    assert [found.row for found in wrong_files(str(issue.bulletin.pk))] == [str(face.pk)]
    assert [found.row for found in wrong_issues()] == [str(issue.pk)]


def test_the_director_is_told_of_a_reviewed_issue_and_everybody_of_a_published_one() -> None:
    at = desk()
    issue = verbs.review(issue=draft_of(CUT_OFF), by=at.duty_desk)
    last = Notice.objects.order_by("pk").last()
    assert last is not None
    assert (last.officer, last.title) == (at.director, "截至2020年3月9日的通报已审核，请签发")
    verbs.distribute(issue=verbs.publish(issue=issue, by=at.director), by=at.duty_desk)
    told = Notice.objects.filter(topic="bulletin.published").values_list("officer", flat=True)
    readers = Officer.objects.filter(
        role__in=[Role.LIAISON, Role.GROUP_LEAD, Role.DIRECTOR, Role.AUDITOR]
    )
    assert set(told) == set(readers.values_list("pk", flat=True))
