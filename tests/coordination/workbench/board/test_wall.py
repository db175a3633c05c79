"""Display links: made and revoked on record, and what whoever has one sees."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
from coordination.workbench.board.display_links import (
    MADE,
    REVOKED,
    make_display_link,
    revoke_display_link,
)
from coordination.workbench.board.public_wall import _PER_MINUTE
from coordination.workbench.models import DisplayLink
from projects.access.keys import hash_secret
from projects.access.limits import Policy, take
from projects.record.clock import clock_at, now
from projects.record.models import Act
from projects.record.refusals import Invalid, NotAllowed
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
LIST = reverse("admin:workbench_displaylink_changelist")
ADD = reverse("admin:workbench_displaylink_add")


@pytest.fixture
def at() -> Desk:
    return desk()


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def rows() -> list[Any]:
    return list(DisplayLink.objects.order_by("pk").values())


def test_made_shown_once_and_stored_hashed(at: Desk) -> None:
    client = as_(at.duty_desk)
    page = client.post(ADD, {"name": " 值班室大屏 "})
    address = page.context["address"]
    token = path_of(address).split("/")[2]
    (link,) = DisplayLink.objects.all()
    assert (link.name, link.digest) == ("值班室大屏", hash_secret(token))
    assert (link.made_by, link.last_used_at, link.revoked_at) == (at.duty_desk, None, None)
    assert len(token) == 43  # 256 bits
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert token not in client.get(LIST).content.decode()
    assert Act.objects.filter(what=MADE, officer=at.duty_desk, about_id=link.pk).count() == 1


def test_who_may_not_makes_none(at: Desk) -> None:
    for who in (at.liaison, at.lead, at.auditor, at.system_admin):
        assert as_(who).post(ADD, {"name": "大屏"}).status_code == 403
        with pytest.raises(NotAllowed):
            make_display_link(name="大屏", by=who)
    with pytest.raises(Invalid):
        make_display_link(name=" ", by=at.director)
    answer = as_(at.director).post(ADD, {"name": ""})
    assert list(answer.context["form"].errors) == ["name"]
    assert (rows(), Act.objects.filter(what=MADE).count()) == ([], 0)


def test_it_shows_totals_without_a_session(at: Desk) -> None:
    ticket = filed(at)
    perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    link, address = make_display_link(name="大屏", by=at.director)
    outside = Client()
    answer = outside.get(path_of(address))
    assert answer.status_code == 200
    assert dict(outside.cookies) == {}
    headers = {
        "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
    }  # fmt: skip
    assert {name: answer[name] for name in headers} == headers
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    page = answer.content.decode()
    named = (
        ticket.number, ticket.title, str(at.project), at.project.code, str(at.enterprise),
        *(str(each) for each in Officer.objects.all()),
    )  # fmt: skip
    assert [name for name in named if name in page] == []
    assert page.count("<a ") == page.count("<form") == page.count("<button") == 0
    assert at.group.name in page
    link.refresh_from_db()
    assert link.last_used_at is not None
    part = outside.get(path_of(address), headers={"x-part": "1"}).content.decode()
    assert "<html" not in part
    assert part.count('class="w-tiles"') == 1
    assert outside.post(path_of(address)).status_code == 405


def test_its_last_use_is_noted_every_five_minutes(at: Desk) -> None:
    link, address = make_display_link(name="大屏", by=at.director)
    noted = []
    for minutes in (0, 4, 6):
        with clock_at(link.made_at + timedelta(minutes=minutes)):
            Client().get(path_of(address))
            link.refresh_from_db()
            noted.append(link.last_used_at)
    assert noted == [link.made_at, link.made_at, link.made_at + timedelta(minutes=6)]


def test_revoked_it_shows_nothing(at: Desk) -> None:
    link, address = make_display_link(name="大屏", by=at.director)
    other, second = make_display_link(name="门厅", by=at.director)
    revoke = reverse("admin:workbench_displaylink_revoke", args=[link.pk])
    before = rows()
    for who in (at.auditor, at.lead):
        assert as_(who).post(revoke).status_code == 403
    assert as_(at.duty_desk).get(revoke).status_code == 200  # asks first
    assert rows() == before
    assert as_(at.duty_desk).post(revoke).status_code == 302
    answer = Client().get(path_of(address))
    assert (answer.status_code, "w-tiles" in answer.content.decode()) == (410, False)
    assert Client().get(path_of(second)).status_code == 200
    assert Client().get(reverse("wall", args=["unknown"])).status_code == 404
    link.refresh_from_db()
    assert (link.revoked_by, link.last_used_at) == (at.duty_desk, None)
    assert Act.objects.filter(what=REVOKED, about_id=link.pk).count() == 1
    with pytest.raises(NotAllowed):
        revoke_display_link(link=link, by=at.director)
    assert other.revoked_at is None


def test_there_are_never_too_many(at: Desk) -> None:
    links = [make_display_link(name=f"大屏{each}", by=at.director)[0] for each in range(20)]
    with pytest.raises(NotAllowed):
        make_display_link(name="又一", by=at.director)
    assert DisplayLink.objects.count() == 20
    revoke_display_link(link=links[0], by=at.director)
    make_display_link(name="又一", by=at.director)
    assert DisplayLink.objects.filter(revoked_at=None).count() == 20


def test_who_asks_too_often_waits(at: Desk) -> None:
    _link, address = make_display_link(name="大屏", by=at.director)
    unknown, outside = reverse("wall", args=["unknown"]), Client(REMOTE_ADDR="203.0.113.77")
    assert outside.get(unknown).status_code == 404
    policy, answers = Policy("wall", _PER_MINUTE), []
    for _each in range(3):  # the bucket fills by two a second
        while (quota := take(policy, "203.0.113.77")) is not None and not quota.wait:
            pass
        answers.append(outside.get(path_of(address)))
    refused = [each for each in answers if each.status_code == 429]
    assert refused
    assert all(int(each["Retry-After"]) >= 1 for each in refused)
    assert Client().get(path_of(address)).status_code == 200


def test_the_record_says_when_it_was_used(at: Desk) -> None:
    link, address = make_display_link(name="大屏", by=at.director)
    Client().get(path_of(address))
    page = as_(at.auditor).get(LIST).content.decode()
    assert link.name in page
    assert as_(at.auditor).get(ADD).status_code == 403
    acts = as_(at.auditor).get(f"{reverse('acts')}?what={MADE}").content.decode()
    assert "A display link was made" in acts
    assert link.made_at <= now()
