"""Checks: every night once, on demand, one at a time; kept, told, and shown to the auditor."""

# ruff: noqa: S608 - statements of our own
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from coordination.audit.check import check_due, check_record, request_check, under_way
from coordination.audit.models import CheckBegin, CheckedPart, CheckRequest, RecordCheck
from coordination.audit.tasks import check_record as task
from coordination.audit.told import told_anchors
from coordination.bulletins.build import recounted
from coordination.bulletins.models import Bulletin
from coordination.delivery.channels import open_destination
from coordination.delivery.models import Channel, Delivery, Notice
from coordination.groups.models import Assignment
from projects.record.anchors import newest_anchor
from projects.record.clock import clock_at, now
from projects.record.findings import Finding
from projects.record.naming import sentence
from projects.record.refusals import NotAllowed
from tests.coordination.audit.scene import CUT_OFF, DAY, altered
from tests.factories.coordination import desk, filed

NIGHT = CUT_OFF.replace(hour=3)


@pytest.mark.django_db
def test_once_a_night_and_whenever_it_is_asked_for() -> None:
    with clock_at(NIGHT - DAY):
        at = desk()
    moments = [
        (NIGHT - timedelta(minutes=1), 1), (NIGHT - timedelta(seconds=1), 1), (NIGHT, 2),
        (NIGHT + timedelta(hours=20), 2), (NIGHT + 3 * DAY, 3), (NIGHT + 3 * DAY, 3),
    ]  # fmt: skip
    for moment, expected in moments:
        with clock_at(moment):
            assert check_due() == 0
            assert RecordCheck.objects.count() == expected, moment
    with clock_at(NIGHT + 3 * DAY + timedelta(hours=1)):
        request_check(by=at.auditor)
        request_check(by=at.director)
    with clock_at(NIGHT + 3 * DAY + timedelta(hours=2)):
        assert (check_due(), check_due()) == (0, 0)
    assert RecordCheck.objects.count() == 4
    told = Notice.objects.filter(topic="record.checked").order_by("pk")
    assert list(told.values_list("officer", flat=True)) == [
        *[at.auditor.pk] * 3, *sorted([at.auditor.pk, at.director.pk])
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["liaison", "lead", "duty_desk"])
def test_nobody_else_asks(who: str) -> None:
    at = desk()
    with pytest.raises(NotAllowed):
        request_check(by=getattr(at, who))
    assert not CheckRequest.objects.exists()


@pytest.mark.django_db
def test_one_that_was_interrupted_goes_on_where_it_was() -> None:
    at = desk()
    row = Assignment.objects.get(project=at.project)
    first, second = (f"record.wrong_rows {table}" for table in ("groups_assignment", "record_act"))
    found = ["groups.assignment", str(row.pk), "altered"]
    begin = CheckBegin.objects.create(began_at=now(), is_whole=True, parts=[first, second])
    CheckedPart.objects.create(
        begin=begin, part=first, found=1, findings=[found], recorded_at=now()
    )
    assert under_way() == begin  # its worker was killed then
    assert check_due() == 1
    assert under_way() is None
    assert [(each.part, each.found) for each in begin.done.order_by("pk")] == [
        (first, 1), (second, 0)
    ]  # fmt: skip
    assert RecordCheck.objects.get().findings == [found]


@pytest.mark.django_db
def test_a_part_that_cannot_be_compared_is_named_and_hides_no_other() -> None:
    desk()
    parts = ["tickets.gone", "record.wrong_rows gone", "record.wrong_rows record_act"]
    begin = CheckBegin.objects.create(began_at=now(), is_whole=True, parts=parts)
    assert check_due() == 2
    assert [(each.part, each.found) for each in begin.done.order_by("pk")] == [
        (parts[0], 1), (parts[1], 1), (parts[2], 0)
    ]  # fmt: skip
    assert RecordCheck.objects.get().findings == [
        ["audit.checkedpart", each, "uncompared"] for each in parts[:2]
    ]
    found = Finding("audit.checkedpart", parts[0], "uncompared")
    with override("zh-hans"):
        assert sentence(found) == "核对的一部分 tickets.gone：未能核对"


@pytest.mark.django_db
def test_one_that_was_interrupted_yesterday_is_begun_anew() -> None:
    with clock_at(NIGHT - DAY):
        desk()
        check_due()
    with clock_at(NIGHT):
        left = CheckBegin.objects.create(began_at=NIGHT, is_whole=False, parts=["killed"])
    with clock_at(NIGHT + DAY):
        assert check_due() == 0
    newest = CheckBegin.objects.latest("pk")
    assert newest.pk > left.pk
    assert (newest.is_whole, newest.result.found) == (False, 0)


@pytest.mark.django_db
def test_each_bulletin_is_counted_again_within_thirty_days_and_all_on_demand() -> None:
    weeks = [CUT_OFF - timedelta(weeks=each) for each in range(60)]
    Bulletin.objects.bulk_create(
        Bulletin(cut_off=each, blocks={}, hash="", built_at=each) for each in weeks
    )
    every = Bulletin.objects.order_by("cut_off")
    recent = {str(each.pk) for each in every.filter(cut_off__gte=NIGHT - timedelta(weeks=8))}
    with clock_at(NIGHT):
        assert recounted(None) == [str(each.pk) for each in every]
    seen, most = set[str](), 0
    for day in range(30):
        with clock_at(NIGHT + (day + 1) * DAY):
            turn = set(recounted(NIGHT + day * DAY))
        most = max(most, len(turn))
        seen |= turn
    assert seen == {str(each.pk) for each in every}
    assert most <= len(recent) + 2
    with clock_at(NIGHT + 30 * DAY):  # nights were missed
        assert set(recounted(NIGHT)) == seen
    with clock_at(NIGHT):
        assert recent <= set(recounted(NIGHT - DAY))


@pytest.mark.django_db(transaction=True)
def test_one_check_at_a_time(second_connection: psycopg.Connection[Any]) -> None:
    with second_connection.transaction():
        second_connection.execute("SELECT pg_advisory_xact_lock(%s)", [0x5A544341])
        assert check_due() == 0
        assert not RecordCheck.objects.exists()
    check_due()
    assert RecordCheck.objects.count() == 1


def test_what_was_found_is_kept_told_and_shown(
    superuser_cursor: psycopg.Cursor[Any], client: Client
) -> None:
    at = desk()
    ticket = filed(at)
    row = Assignment.objects.get(project=at.project)
    right = check_record()
    change = f"UPDATE groups_assignment SET reason = '补' WHERE id = {row.pk}"
    with altered(superuser_cursor, change):
        wrong = check_record()
    anchor = newest_anchor()
    assert anchor is not None
    assert (right.found, right.findings, right.anchor_number) == (0, [], 1)
    assert (wrong.found, wrong.findings) == (
        1, [["groups.assignment", str(row.pk), "altered"]],
    )  # fmt: skip
    assert (wrong.anchor_number, wrong.anchor_hash) == (anchor.number, anchor.hash)
    told = Notice.objects.filter(topic="record.checked").order_by("pk")
    assert list(told.values_list("officer", "title", "text", "link")) == [
        (
            at.auditor.pk, title, f"请抄存最新封存点：{each.anchor_number}，{each.anchor_hash}",
            reverse("admin:audit_recordcheck_change", args=[each.pk]),
        )
        for each, title in [(right, "记录核对：未发现改动"), (wrong, "记录核对：发现1处不一致")]
    ]  # fmt: skip
    client.force_login(at.auditor)
    page = client.get(reverse("admin:audit_recordcheck_change", args=[wrong.pk]))
    (shown,) = page.context["findings"]
    assert (shown["table"], shown["row"], shown["words"], shown["difference"]) == (
        "groups.assignment", str(row.pk), f"一对一服务 {row}", "被改动",
    )  # fmt: skip
    assert shown["link"] == reverse("admin:groups_assignment_change", args=[row.pk])
    assert f"{anchor.number}:{anchor.hash}" in page.content.decode()
    assert client.get(reverse("admin:audit_recordcheck_changelist")).status_code == 200
    assert ticket.number not in page.content.decode()


@pytest.mark.django_db
def test_the_auditor_asks_on_the_page(client: Client) -> None:
    at = desk()
    client.force_login(at.auditor)
    address = f"{reverse('admin:audit_recordcheck_changelist')}check-now/"
    assert client.get(address).status_code == 200
    assert not CheckRequest.objects.exists()
    assert client.post(address).status_code == 302
    assert [each.officer for each in CheckRequest.objects.all()] == [at.auditor]
    client.force_login(at.lead)
    assert client.post(address).status_code == 403
    assert CheckRequest.objects.count() == 1


def test_an_anchor_that_was_told_and_is_another_now_is_named(
    superuser_cursor: psycopg.Cursor[Any],
) -> None:
    """Who rewrites anchors and journal alike still has told the old ones."""
    at = desk()
    first = check_record()
    filed(at)
    for table in ("record_anchor", "record_journal"):
        superuser_cursor.execute("SET session_replication_role = replica")
        superuser_cursor.execute(f"DELETE FROM {table}".encode())
        superuser_cursor.execute("SET session_replication_role = origin")
    found = check_record().findings
    assert ["record.anchor", str(first.anchor_number), "told"] in found


@pytest.mark.parametrize("left", ["audit_recordcheck", "delivery_notice", "delivery_delivery"])
def test_each_place_where_an_anchor_was_told_shows_it(
    superuser_cursor: psycopg.Cursor[Any], left: str
) -> None:
    """Who rewrites an anchor must rewrite the check's result, every notice and every message."""
    at = desk()
    open_destination(
        name="邮箱",
        channel=Channel.EMAIL,
        address="a@example.cn",
        officer=at.director,
        by=at.director,
    )
    request_check(by=at.director)
    first = check_record()
    assert Delivery.objects.filter(topic="record.checked").count() == 1
    assert list(told_anchors()) == []
    number, forged = first.anchor_number, "f" * 64
    statements = {
        "audit_recordcheck": f"UPDATE audit_recordcheck SET anchor_hash = '{forged}'",
        "delivery_notice": f"UPDATE delivery_notice SET text = '{number}，{forged}'",
        "delivery_delivery": "UPDATE delivery_delivery"
        f" SET payload = jsonb_set(payload, '{{text}}', '\"{number}，{forged}\"')",
    }
    change = f"UPDATE record_anchor SET hash = '{forged}' WHERE number = {number}"
    with altered(superuser_cursor, change):
        superuser_cursor.execute("SET session_replication_role = replica")
        for table, statement in statements.items():
            if table != left:
                superuser_cursor.execute(statement.encode())
        assert list(told_anchors()) == [Finding("record.anchor", str(number), "told")]
        superuser_cursor.execute(statements[left].encode())
        assert list(told_anchors()) == []  # what nobody outside noted down is told by nothing


@pytest.mark.django_db
def test_the_page_says_what_was_compared(client: Client) -> None:
    at = desk()
    client.force_login(at.auditor)
    with clock_at(NIGHT - DAY):
        check_due()
    with clock_at(NIGHT):
        check_due()
    whole, nightly = RecordCheck.objects.order_by("pk")
    for row, said in ((whole, "<dd>全部</dd>"), (nightly, "<dd>全部；较早的通报轮流核对</dd>")):
        page = client.get(reverse("admin:audit_recordcheck_change", args=[row.pk]))
        assert said in page.content.decode()


def test_a_check_may_take_two_hours() -> None:
    assert (task.time_limit, task.soft_time_limit) == (7200, 7140)


@pytest.mark.django_db
def test_the_page_says_that_none_was_made_and_how_far_one_is(client: Client) -> None:
    at = desk()
    client.force_login(at.auditor)
    address = reverse("admin:audit_recordcheck_changelist")
    page = client.get(address).content.decode()
    assert "尚未核对。系统每天凌晨3时后自动核对；点右上方“立即核对”，即可开始。" in page
    assert "没有符合条件的记录" not in page
    with clock_at(NIGHT):
        begin = CheckBegin.objects.create(began_at=NIGHT, is_whole=True, parts=["a", "b", "c"])
        CheckedPart.objects.create(begin=begin, part="a", found=0, findings=[], recorded_at=NIGHT)
    told = "正在核对（2020-03-09 03:00开始）：共3部分，已完成1部分。"
    assert told in client.get(address).content.decode()
    check_record()
    page = client.get(address).content.decode()
    assert ("正在核对" in page, "尚未核对" in page) == (False, False)
