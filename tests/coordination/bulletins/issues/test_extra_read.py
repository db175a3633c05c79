"""An extra issue on the centre's pages, over the API and in a webhook's message."""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_network
from typing import Any, Final

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator

from coordination.bulletins.issues import verbs
from coordination.bulletins.issues.printing import printed
from coordination.bulletins.issues.webhooks import SAID
from coordination.bulletins.models import Bulletin, Issue, Wording
from coordination.bulletins.week import SHANGHAI
from coordination.delivery.relay import Relay
from coordination.staff.models import Officer, Role
from projects.house.blocks import Audience
from tests.coordination.bulletins.issues.test_extra import (
    END,
    START,
    TITLE,
    at,
    begun,
    in_force,
)
from tests.coordination.bulletins.issues.test_life import CUT_OFF, rows
from tests.coordination.delivery.receiver import receiving
from tests.coordination.delivery.webhooks.scene import listen, opened
from tests.coordination.intake.scene import client_with
from tests.factories.bulletins import draft_of, signed
from tests.factories.coordination import Desk, officer

__all__ = ["at"]  # the scene, as a fixture
API: Final = "/api/v1/bulletins/extra/2020-1/"
LIST: Final = "/api/v1/bulletins/"
pytestmark = pytest.mark.django_db(transaction=True)
FORM: Final = {
    "title": TITLE, "english_title": "", "start": "2020-02-20", "start_time": "",
    "end": "2020-03-09", "end_time": "12:00",
}  # fmt: skip


def signed_in(who: Officer) -> Client:
    client = Client()
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def test_the_form_begins_one_and_leads_to_its_page(at: Desk) -> None:
    client = signed_in(at.duty_desk)
    listed = client.get(reverse("admin:bulletins_issue_changelist"))
    assert "编发增刊" in listed.content.decode()
    page = client.get(reverse("admin:issue_extra"))
    assert list(page.context["form"].fields) == ["title", "english_title", "start", "end"]
    answer = client.post(reverse("admin:issue_extra"), FORM)
    issue = Issue.objects.get()
    assert answer["Location"] == reverse("admin:bulletins_issue_change", args=[issue.pk])
    assert (issue.bulletin.start, issue.bulletin.cut_off) == (START, END)
    assert Wording.objects.get().text == TITLE
    shown = client.get(answer["Location"]).content.decode()
    assert TITLE in shown
    row = client.get(reverse("admin:bulletins_issue_changelist"), {"series__exact": "extra"})
    assert f"增刊：{TITLE}" in row.content.decode()
    weekly = client.get(reverse("admin:bulletins_issue_changelist"), {"series__exact": "weekly"})
    assert TITLE not in weekly.content.decode()


def test_a_day_without_a_time_is_counted_to_its_end(at: Desk) -> None:
    client = signed_in(at.duty_desk)
    for end, time, until, said in (
        ("2020-03-08", "", datetime(2020, 3, 8, 23, 59, 59, tzinfo=SHANGHAI), "3月8日24时"),
        ("2020-03-07", "08:05", datetime(2020, 3, 7, 8, 5, tzinfo=SHANGHAI), "3月7日8时05分"),
    ):
        typed = FORM | {"end": end, "end_time": time}
        client.post(reverse("admin:issue_extra"), typed)
        issue = Issue.objects.latest("pk")
        assert issue.bulletin.cut_off == until
        assert str(issue) == f"增刊 {end}"
        paper = printed(issue, language="zh-hans", audience=Audience.STAFF)
        assert paper.opening.startswith(f"现将2020年2月20日0时至2020年{said}有关情况专题通报如下。")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"), ({"start": ""}, "start"), ({"end": "2020-03-32"}, "end"),
        ({"end": "2020-03-11", "end_time": ""}, "end"), ({"start": "2018-01-01"}, "start"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_beside_its_field(at: Desk, changed: dict[str, str], field: str) -> None:
    before = rows()
    answer = signed_in(at.duty_desk).post(reverse("admin:issue_extra"), FORM | changed)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert rows() == before


def test_the_form_sent_twice_begins_one(at: Desk) -> None:
    client = signed_in(at.duty_desk)
    client.post(reverse("admin:issue_extra"), FORM)
    before = rows()
    answer = client.post(reverse("admin:issue_extra"), FORM)
    assert list(answer.context["form"].errors) == ["end"]
    assert rows() == before


@pytest.mark.parametrize("role", [Role.LIAISON, Role.GROUP_LEAD, Role.AUDITOR])
def test_others_have_neither_button_nor_form(at: Desk, role: str) -> None:
    before = rows()
    client = signed_in(officer(role))
    listed = client.get(reverse("admin:bulletins_issue_changelist"))
    assert (listed.status_code, "编发增刊" in listed.content.decode()) == (200, False)
    assert client.post(reverse("admin:issue_extra"), FORM).status_code == 403
    assert rows() == before


def test_its_draft_can_be_discarded_on_its_page(at: Desk) -> None:
    issue = begun(at)
    client = signed_in(at.duty_desk)
    address = reverse("admin:issue_verb", args=[issue.pk, "discard"])
    assert "不能再编发截至同一时间的增刊" in client.get(address).content.decode()
    client.post(address, {"reason": "时段有误", "version": issue.version})
    assert Issue.objects.get().status == "discarded"
    kept = client.get(reverse("admin:issue_file", args=[issue.pk, "zh-hans", "html"]))
    assert kept["Content-Disposition"] == 'inline; filename="bulletin-extra-2020-03-09.html"'


def test_the_api_has_it_by_year_and_number_and_the_weeks_as_before(at: Desk) -> None:
    client = client_with(at.token)
    draft = begun(at)
    assert client.get(API).status_code == 404
    issue, week = in_force(at, draft), signed(draft_of(CUT_OFF))
    assert [each["hash"] for each in client.get(LIST).json()["results"]] == [week.bulletin.hash]
    (listed,) = client.get(LIST, {"series": "extra"}).json()["results"]
    answer = client.get(API)
    said = answer.json()
    assert {name: said[name] for name in listed} == listed
    assert said["issue"] == {"year": 2020, "number": 1, "total": None, "day": "2020-03-09"}
    assert (said["series"], said["hash"]) == ("extra", issue.bulletin.hash)
    assert said["period"] == {
        "from": "2020-02-20T00:00:00+08:00", "to": "2020-03-09T12:00:00+08:00",
    }  # fmt: skip
    assert (said["figures"]["trend"], said["figures"]["late"]) == (None, None)
    assert said["figures"]["handling"]["filed"] == 1
    assert said["files"]["pdf"] == f"{API}bulletin.pdf"
    assert said["own"]["tickets"] == f"{API}tickets/"
    assert [each["code"] for each in said["own"]["projects"]] == [at.project.code]
    assert client.get(API, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    pdf = client.get(f"{API}bulletin.pdf")
    kept = issue.faces.get(format="pdf", language="zh-hans", audience="all")
    assert pdf.content == bytes(kept.content)
    assert pdf["Content-Disposition"] == 'inline; filename="bulletin-extra-2020-1.pdf"'
    assert len(client.get(f"{API}tickets/").json()["results"]) == 1


@pytest.mark.parametrize(
    "address",
    ["extra/2020-2/", "extra/2019-1/", "extra/2020-99999999999/", "extra/2020-0/", "extra/x/"],
)
def test_what_is_not_there(at: Desk, address: str) -> None:
    in_force(at, begun(at))
    client = client_with(at.token)
    for ending in ("", "bulletin.pdf", "tickets/"):
        assert client.get(f"{LIST}{address}{ending}").status_code == 404
    assert client.get(f"{API}bulletin.exe").status_code == 404
    assert client.get(LIST, {"series": "monthly"}).status_code == 422


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Any]:
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.1/32")]
    with receiving() as made:
        yield made


def test_enterprises_software_hears_of_it(at: Desk, receiver: Any) -> None:
    _endpoint, secret = listen(at, receiver)
    issue = verbs.distribute(issue=in_force(at, begun(at)))
    Relay().drain()
    told = [opened(each, secret) for each in receiver.received]
    (data,) = [each["data"] for each in told if each["type"] == "bulletin.published"]
    assert {name: data[name] for name in ("series", "year", "number", "total", "url")} == {
        "series": "extra", "year": 2020, "number": 1, "total": None,
        "url": f"http://127.0.0.1:8000{API}",
    }  # fmt: skip
    assert {each["url"].partition("bulletin.")[0] for each in data["files"]} == {data["url"]}
    assert data["hash"] == Bulletin.objects.get(pk=issue.bulletin_id).hash
    assert list(Draft202012Validator(SAID).iter_errors(data)) == []
