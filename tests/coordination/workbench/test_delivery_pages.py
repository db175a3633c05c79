"""The pages of notices, channels and deliveries, by role."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.delivery.digest import merge_waiting
from coordination.delivery.give_up import give_up
from coordination.delivery.models import Attempt, Delivery, Destination, Notice, State
from coordination.delivery.relay import Relay
from coordination.staff.models import Officer, Role
from projects.record.clock import clock_at
from projects.worktime.calendar import SHANGHAI
from tests.coordination.delivery.conftest import receiver as receiver  # noqa: PLC0414 - a fixture
from tests.coordination.delivery.receiver import Receiver, answer
from tests.coordination.delivery.scene import robot, say
from tests.factories.coordination import director, officer

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "admin:delivery_{}_changelist"
PAGE = "admin:delivery_{}_change"


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(who)
    return client


def told(number: int, who: Officer) -> list[Notice]:
    for each in range(number):
        say(f"第 {each} 条", who)
    return list(Notice.objects.filter(officer=who).order_by("pk"))


def test_the_bell_counts_what_was_not_opened_and_opening_leads_on() -> None:
    me, other = officer(), officer()
    mine, theirs = told(2, me), told(1, other)
    page = as_(me).get(reverse("admin:index")).content.decode()
    assert 'aria-label="未读通知：2 条"' in page
    opened = as_(me).get(reverse(PAGE.format("notice"), args=[mine[0].pk]))
    assert (opened.status_code, opened["Location"]) == (302, "/admin/")
    assert "未读通知：1 条" in as_(me).get(reverse("admin:index")).content.decode()
    as_(me).get(reverse(PAGE.format("notice"), args=[theirs[0].pk]))
    assert Notice.objects.get(pk=theirs[0].pk).read_at is None


def test_each_sees_his_own_notices_and_marks_them_all_read() -> None:
    me, other = officer(), officer()
    told(3, me)
    told(1, other)
    page = as_(me).get(reverse(LIST.format("notice")))
    assert [row.officer for row in page.context["cl"].result_list] == [me] * 3
    address = reverse("admin:delivery_notice_mark_all_read")
    assert as_(me).get(address).status_code == 200
    assert Notice.objects.filter(read_at=None).count() == 4
    as_(me).post(address)
    assert list(Notice.objects.filter(read_at=None).values_list("officer", flat=True)) == [other.pk]


def test_a_channel_is_added_by_oneself_and_its_address_is_never_shown_again(
    receiver: Receiver,
) -> None:
    me = officer()
    values = {
        "name": "值班群", "channel": "dingtalk", "address": receiver.address("/r?key=hush-hush"),
        "secret": "s3cret", "officer": me.pk, "topics": ["tests.weather"],
    }  # fmt: skip
    client = as_(me)
    assert client.get(reverse("admin:delivery_destination_add")).status_code == 200
    added = client.post(reverse("admin:delivery_destination_add"), values, follow=True)
    row = Destination.objects.get()
    assert (row.officer, row.name, row.shown, row.topics) == (
        me, "值班群", "127.0.0.1", ["tests.weather"],
    )  # fmt: skip
    for page in (added, client.get(reverse(LIST.format("destination")))):
        assert b"hush-hush" not in page.content
        assert b"s3cret" not in page.content


def test_an_address_that_is_no_robots_is_refused_by_its_field(receiver: Receiver) -> None:
    me = officer()
    values = {
        "name": "群", "channel": "wecom", "address": "https://169.254.169.254/", "officer": me.pk
    }  # fmt: skip
    page = as_(me).post(reverse("admin:delivery_destination_add"), values)
    assert list(page.context["form"].errors) == ["address"]
    assert Destination.objects.count() == 0


def test_a_liaison_adds_no_channel_for_another_and_sees_none_of_his(receiver: Receiver) -> None:
    me, other = officer(), officer()
    theirs = robot(receiver, of=other)
    values = {
        "name": "群", "channel": "wecom", "address": receiver.address("/r"), "officer": other.pk
    }  # fmt: skip
    page = as_(me).post(reverse("admin:delivery_destination_add"), values)
    assert list(page.context["form"].errors) == ["officer"]
    shown = as_(me).get(reverse(LIST.format("destination")))
    assert list(shown.context["cl"].result_list) == []
    as_(me).post(reverse("admin:delivery_destination_close", args=[theirs.pk]))
    theirs.refresh_from_db()
    assert (theirs.is_active, Destination.objects.count()) == (True, 1)


def test_a_test_message_goes_out_and_what_failed_is_sent_again(receiver: Receiver) -> None:
    me = officer()
    row = robot(receiver, of=me)
    receiver.plan["/robot"].append(answer(410))
    as_(me).post(reverse("admin:delivery_destination_test", args=[row.pk]))
    Relay().drain()
    delivery = Delivery.objects.get()
    assert delivery.state == State.DEAD
    again = reverse("admin:delivery_delivery_replay_one", args=[delivery.pk])
    refused = as_(me).post(again)
    assert [str(each) for each in refused.context["form"].non_field_errors()] == ["该渠道已停用。"]
    as_(me).post(reverse("admin:delivery_destination_reopen", args=[row.pk]))
    as_(me).post(again)
    Relay().drain()
    delivery.refresh_from_db()
    assert (delivery.state, Attempt.objects.count()) == (State.DELIVERED, 2)
    page = as_(me).get(reverse(PAGE.format("delivery"), args=[delivery.pk])).content.decode()
    assert "测试消息" in page
    assert str(delivery.message_id) in page


def test_messages_of_a_digest_that_was_given_up_are_shown_as_given_up(receiver: Receiver) -> None:
    row = robot(receiver, at_any_hour=False)
    with clock_at(datetime(2020, 3, 10, 0, 5, tzinfo=SHANGHAI)):
        for each in "甲乙丙丁":
            say(each, row.officer)
    morning = datetime(2020, 3, 10, 8, 30, tzinfo=SHANGHAI)
    assert merge_waiting(morning) == 1
    client = as_(director())
    address = reverse(LIST.format("delivery"))

    def shown(state: str) -> int:
        return len(client.get(f"{address}?state__exact={state}").context["cl"].result_list)

    assert [shown(each) for each in State.values] == [1, 0, 0, 4]
    assert client.get(address).content.decode().count("已并入汇总，待送达") > 4
    give_up(Delivery.objects.all(), morning)
    assert [shown(each) for each in State.values] == [0, 0, 5, 0]
    one = Delivery.objects.filter(carried_by__isnull=False).latest("pk")
    page = client.get(reverse(PAGE.format("delivery"), args=[one.pk])).content.decode()
    assert "已放弃" in page
    assert reverse(PAGE.format("delivery"), args=[one.carried_by_id]) in page


def test_the_auditor_reads_all_and_changes_nothing(receiver: Receiver) -> None:
    row = robot(receiver)
    say("一", row.officer)
    auditor = as_(officer(Role.AUDITOR))
    for name in ("destination", "delivery"):
        page = auditor.get(reverse(LIST.format(name)))
        assert len(page.context["cl"].result_list) == 1
    assert auditor.get(reverse("admin:delivery_destination_add")).status_code == 403
    Delivery.objects.update(state=State.DEAD)
    replay: Any = reverse("admin:delivery_delivery_replay_one", args=[Delivery.objects.get().pk])
    assert auditor.post(replay).status_code == 403
    assert Delivery.objects.get().state == State.DEAD


def test_the_pages_take_as_many_queries_however_much_there_is(
    receiver: Receiver, django_assert_max_num_queries: Any
) -> None:
    client, centre = as_(director()), director()
    counts = []
    for number in (1, 3):
        for each in range(number):
            say("一", centre, robot(receiver, f"/{number}{each}").officer)
        found = []
        for name in ("notice", "destination", "delivery"):
            with django_assert_max_num_queries(40) as seen:
                client.get(reverse(LIST.format(name)))
            found.append(len(seen))
        counts.append(found)
    assert counts[0] == counts[1]
