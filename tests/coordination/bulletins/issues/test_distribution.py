"""An issue is sent off: mails with its files, chats, enterprises' software; nothing is copied."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from email.message import Message as Mail
from ipaddress import ip_network
from typing import Any, Final

import psycopg
import pytest
from django.conf import LazySettings
from django.test import Client

from coordination.bulletins.admin_issue_forms import note_of
from coordination.bulletins.issues import verbs
from coordination.bulletins.issues.queries import issue_of
from coordination.bulletins.issues.sent import send_failed_again, sent_of
from coordination.bulletins.models import Face, Issue, IssueEvent, IssueVerb, Recipient
from coordination.bulletins.recipients import add_recipient, change_recipient
from coordination.bulletins.week import SHANGHAI
from coordination.delivery.channels import open_destination
from coordination.delivery.digest import FEW
from coordination.delivery.models import Attempt, Delivery, Destination, Notice, State
from coordination.delivery.relay import Relay
from coordination.delivery.senders.mail import NOT_AS_NAMED
from coordination.staff.models import Officer, Role
from projects.record.clock import clock_at
from projects.record.refusals import NotAllowed
from tests.bed.mailbox import Mailbox, taking_mail
from tests.coordination.delivery.receiver import Receiver, receiving
from tests.coordination.delivery.scene import say
from tests.factories.bulletins import draft_of, signed
from tests.factories.coordination import PASSWORD, desk, director, group, officer

CUT_OFF: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
EVENING: Final = CUT_OFF + timedelta(minutes=30)
LATER: Final = EVENING + timedelta(minutes=10)
NEXT_DAY: Final = datetime(2020, 3, 10, 10, tzinfo=SHANGHAI)
SHOWN: Final = "每周通报第1期（2020年3月9日）"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _evening() -> Iterator[None]:
    with clock_at(EVENING):
        yield


@pytest.fixture(autouse=True)
def _own_domain(settings: LazySettings) -> None:
    settings.OWN_MAIL_DOMAINS = frozenset({"centre.example.gov.cn"})


@pytest.fixture
def mailbox(settings: LazySettings) -> Iterator[Mailbox]:
    with taking_mail(settings) as made:
        yield made


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    settings.OUTBOUND_NETWORKS = [ip_network("127.0.0.1/32")]
    settings.ROBOT_HOSTS = ["127.0.0.1"]
    with receiving() as made:
        yield made


def mail_of(person: Officer, address: str, *, at_any_hour: bool = True) -> Destination:
    return open_destination(
        name="邮箱", channel="email", address=address, officer=person, at_any_hour=at_any_hour,
        by=director(),
    )  # fmt: skip


def recipient(address: str = "office@city.example.cn", **given: Any) -> Recipient:
    values = {"name": "市政府办公室", "email": address, "formats": ["pdf"]} | given
    return add_recipient(**values, by=director())


def face(issue: Issue, kind: str, language: str = "zh-hans", audience: str = "staff") -> bytes:
    found = Face.objects.get(issue=issue, format=kind, language=language, audience=audience)
    return bytes(found.content)


def enclosed(mail: Mail) -> list[tuple[str, str, bytes]]:
    """Name, type and bytes of each file of a mail, in their order."""
    found = []
    for part in mail.walk():
        if part.get_content_disposition() == "attachment":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            found.append((str(part.get_filename()), part.get_content_type(), content))
    return found


def words(mail: Mail) -> str:
    """The text of a mail that has files or none."""
    (text,) = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
    content = text.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def subject(mail: Mail) -> str:
    return str(make_header(decode_header(str(mail["Subject"]))))


def drain(at: datetime = NEXT_DAY) -> None:
    with clock_at(at):
        Relay().drain()


def test_an_officers_mail_encloses_the_bytes_that_were_signed(mailbox: Mailbox) -> None:
    mail_of(officer(Role.LIAISON), "liaison@centre.example.gov.cn")
    issue = verbs.distribute(issue=signed(draft_of(CUT_OFF)), formats=["xlsx", "pdf"])
    row = Delivery.objects.get()
    assert [(each["kind"], each["name"], each["sha256"]) for each in row.files] == [
        ("bulletins.face", f"{SHOWN}.{kind}", Face.objects.get(
            issue=issue, format=kind, language="zh-hans", audience="staff").sha256)
        for kind in ("pdf", "xlsx")
    ]  # fmt: skip
    assert set(row.payload) == {"title", "text", "url"}
    drain()
    (mail,) = mailbox.messages
    assert subject(mail) == "截至2020年3月9日的通报已签发"
    assert [(name, content) for name, _type, content in enclosed(mail)] == [
        (f"{SHOWN}.pdf", face(issue, "pdf")), (f"{SHOWN}.xlsx", face(issue, "xlsx")),
    ]  # fmt: skip
    assert enclosed(mail)[0][1] == "application/pdf"
    raw = next(part for part in mail.walk() if part.get_content_disposition() == "attachment")
    assert "filename*=utf-8''%E6%AF%8F%E5%91%A8" in str(raw["Content-Disposition"])
    assert words(mail).split() == [
        "第1期（总第1期），2020年3月9日印发。",
        f"http://127.0.0.1:8000/admin/bulletins/issue/{issue.pk}/change/",
    ]
    assert Delivery.objects.get().state == State.DELIVERED


def test_a_private_mailbox_has_the_link_alone(mailbox: Mailbox) -> None:
    team = group()
    mail_of(officer(Role.LIAISON), "Somebody@Centre.Example.GOV.cn")
    mail_of(officer(Role.LIAISON), "somebody@private.example.com")
    mail_of(officer(Role.LIAISON), "somebody@sub.centre.example.gov.cn")
    open_destination(
        name="组", channel="email", address="team@private.example.com", group=team,
        at_any_hour=True, by=director(),
    )  # fmt: skip
    issue = verbs.distribute(issue=signed(draft_of(CUT_OFF)), formats=["pdf", "docx"])
    drain()
    found = {str(mail["To"]): mail for mail in mailbox.messages}
    assert {to: len(enclosed(mail)) for to, mail in found.items()} == {
        "Somebody@Centre.Example.GOV.cn": 2, "somebody@private.example.com": 0,
        "somebody@sub.centre.example.gov.cn": 0, "team@private.example.com": 0,
    }  # fmt: skip
    link = f"http://127.0.0.1:8000/admin/bulletins/issue/{issue.pk}/change/"
    for address in sorted(found.keys() - {"Somebody@Centre.Example.GOV.cn"}):
        assert words(found[address]).split() == ["第1期（总第1期），2020年3月9日印发。", link]


def test_without_domains_of_ones_own_no_officer_is_sent_a_file(settings: LazySettings) -> None:
    settings.OWN_MAIL_DOMAINS = frozenset()
    mail_of(officer(Role.LIAISON), "liaison@centre.example.gov.cn")
    issue = signed(draft_of(CUT_OFF))
    said = note_of(IssueVerb.DISTRIBUTE, issue, director())
    assert said.endswith("发送工作人员和服务组的邮件不附文件，只附链接。")
    verbs.distribute(issue=issue)
    assert [(row.files, set(row.payload)) for row in Delivery.objects.all()] == [
        ([], {"title", "text", "url"})
    ]
    settings.OWN_MAIL_DOMAINS = frozenset({"centre.example.gov.cn"})
    assert "（centre.example.gov.cn）" in note_of(IssueVerb.DISTRIBUTE, issue, director())


def test_an_address_outside_is_sent_what_is_for_everybody(mailbox: Mailbox) -> None:
    settled = draft_of(CUT_OFF)
    by = officer(Role.DUTY_DESK)
    worded = verbs.edit(
        issue=settled, language="zh-hans", wordings={"problems": "某企业物资受阻。"}, by=by
    )
    issue = verbs.publish(issue=verbs.review(issue=worded, by=director()), by=director())
    recipient(formats=["docx", "pdf"])
    recipient("english@example.org", name="Office", language="en", formats=["xlsx"])
    off = recipient("old@example.org", name="停用")
    change_recipient(
        recipient=off, name="停用", email="old@example.org", language="zh-hans", formats=["pdf"],
        audience="all", is_active=False, by=director(),
    )  # fmt: skip
    issue = verbs.distribute(issue=issue, by=director())
    drain()
    english, chinese = sorted(mailbox.messages, key=lambda mail: str(mail["To"]))
    assert [mail["To"] for mail in (chinese, english)] == [
        "office@city.example.cn", "english@example.org",
    ]  # fmt: skip
    assert [(name, content) for name, _type, content in enclosed(chinese)] == [
        (f"{SHOWN}.pdf", face(issue, "pdf", audience="all")),
        (f"{SHOWN}.docx", face(issue, "docx", audience="all")),
    ]  # fmt: skip
    assert [(name, content) for name, _type, content in enclosed(english)] == [
        ("Weekly-bulletin-No.-1-(March-9,-2020).xlsx", face(issue, "xlsx", "en", "all"))
    ]
    assert subject(english) == "The bulletin of the week to March 9, 2020 is published"
    assert words(chinese).split() == ["第1期（总第1期），2020年3月9日印发。"]
    assert words(english).strip() == "No. 1 (1 in all), issued on March 9, 2020."


def test_what_failed_is_tried_again_and_arrives_once(
    mailbox: Mailbox, settings: LazySettings
) -> None:
    recipient()
    issue = verbs.distribute(issue=signed(draft_of(CUT_OFF)))
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    drain()
    assert [each.detail for each in Attempt.objects.all()] == ["ConnectionRefusedError"]
    settings.EMAIL_PORT = port
    drain(NEXT_DAY + timedelta(minutes=1))
    drain(NEXT_DAY + timedelta(minutes=2))
    (mail,) = mailbox.messages
    row = Delivery.objects.get()
    assert (row.state, row.tries) == (State.DELIVERED, 2)
    assert mail["Message-ID"] == f"<{row.message_id}@localhost>"
    assert [content for _n, _t, content in enclosed(mail)] == [face(issue, "pdf", audience="all")]


def test_a_file_that_was_altered_is_not_sent(
    mailbox: Mailbox, superuser_cursor: psycopg.Cursor[Any]
) -> None:
    recipient()
    issue = verbs.distribute(issue=signed(draft_of(CUT_OFF)))
    stored = Face.objects.get(issue=issue, format="pdf", language="zh-hans", audience="all")
    superuser_cursor.execute("SET session_replication_role = replica")
    superuser_cursor.execute("UPDATE bulletins_face SET content = 'x' WHERE id = %s", [stored.pk])
    drain()
    assert mailbox.messages == []
    assert [each.detail for each in Attempt.objects.all()] == [NOT_AS_NAMED]
    Delivery.objects.update(state=State.DEAD, settled_at=NEXT_DAY)
    superuser_cursor.execute("DELETE FROM bulletins_face WHERE id = %s", [stored.pk])
    with clock_at(NEXT_DAY):
        assert send_failed_again(issue=issue, by=director()) == (1, 0)
    drain()
    assert mailbox.messages == []
    superuser_cursor.execute(
        "INSERT INTO bulletins_face (id, issue_id, format, language, audience, sha256, content)"
        " VALUES (%s, %s, 'pdf', 'zh-hans', 'all', %s, %s)",
        [stored.pk, issue.pk, stored.sha256, bytes(stored.content)],
    )
    superuser_cursor.execute("SET session_replication_role = origin")
    drain(NEXT_DAY + timedelta(minutes=1))
    assert [content for _n, _t, content in enclosed(mailbox.messages[0])] == [bytes(stored.content)]


def test_what_is_too_large_is_named(mailbox: Mailbox, settings: LazySettings) -> None:
    issue = signed(draft_of(CUT_OFF))
    room = len(face(issue, "docx", audience="all")) * 1.5
    assert room < len(face(issue, "pdf", audience="all"))
    settings.EMAIL_LARGEST_MB = (room + 65_536) / 1_048_576
    recipient(formats=["pdf", "docx"])
    recipient("own@centre.example.gov.cn", formats=["pdf"], audience="staff")
    verbs.distribute(issue=issue)
    drain()
    outside, own = sorted(mailbox.messages, key=lambda mail: len(str(mail["To"])))
    assert [name for name, _type, _content in enclosed(outside)] == [f"{SHOWN}.docx"]
    assert words(outside).strip().splitlines()[1:] == [
        "", "以下文件超过邮件大小上限，未能附上，请向本中心索取：", f"{SHOWN}.pdf",
    ]  # fmt: skip
    address = f"http://127.0.0.1:8000/admin/bulletins/issue/{issue.pk}/zh-hans.pdf"
    assert words(own).strip().splitlines()[1:] == [
        "", "以下文件超过邮件大小上限，请从链接下载：", f"{SHOWN}.pdf {address}",
    ]  # fmt: skip


def test_editions_arrive_in_their_order_and_a_replaced_one_is_sent_no_more(
    mailbox: Mailbox,
) -> None:
    recipient()
    first = verbs.distribute(issue=signed(draft_of(CUT_OFF)))
    second = verbs.supersede(issue=first, reason="表1有误", by=director())
    with clock_at(LATER):
        second = verbs.distribute(issue=signed(second))
    drain()
    assert [subject(mail) for mail in mailbox.messages] == [
        "截至2020年3月9日的通报已签发", "截至2020年3月9日的通报更正版（第2版）已签发",
    ]  # fmt: skip
    assert enclosed(mailbox.messages[1])[0][0] == f"{SHOWN}第2版.pdf"
    third = verbs.supersede(issue=second, reason="表2有误", by=director())
    with clock_at(LATER + timedelta(minutes=1)):
        third = signed(third)
        fourth = signed(verbs.supersede(issue=third, reason="表3有误", by=director()))
    before = [list(each.objects.order_by("pk").values()) for each in (Delivery, IssueEvent, Notice)]
    with pytest.raises(NotAllowed, match="已有更新的版次签发"):
        verbs.distribute(issue=third)
    after = [list(each.objects.order_by("pk").values()) for each in (Delivery, IssueEvent, Notice)]
    assert after == before
    assert issue_of(CUT_OFF) == fourth


def test_mails_with_files_are_not_merged_into_a_digest(mailbox: Mailbox) -> None:
    person = officer(Role.LIAISON)
    night = CUT_OFF + timedelta(hours=6)
    desk()
    with clock_at(night):
        mail_of(person, "liaison@centre.example.gov.cn", at_any_hour=False)
        for text in "甲乙丙丁":
            say(text, person, key=text)
        issue = verbs.distribute(issue=signed(draft_of(CUT_OFF)))
        Relay().drain()
    assert mailbox.messages == []
    assert FEW < 4
    drain()
    assert sorted(len(enclosed(mail)) for mail in mailbox.messages) == [0, 1]
    assert Delivery.objects.get(subject=f"issue:{issue.pk}").carried_by is None


@pytest.mark.parametrize("make", ["wecom", "dingtalk", "feishu"])
def test_a_chat_is_told_with_the_link(receiver: Receiver, make: str) -> None:
    person, team = officer(Role.LIAISON), group()
    for path, owner in (("/own", {"officer": person}), ("/team", {"group": team})):
        open_destination(
            name=path, channel=make, address=receiver.address(f"{path}?key=hush"),
            at_any_hour=True, by=director(), **owner,
        )  # fmt: skip
    issue = verbs.distribute(issue=signed(draft_of(CUT_OFF)))
    assert [row.files for row in Delivery.objects.all()] == [[], []]
    drain()
    assert sorted(got.path.partition("?")[0] for got in receiver.received) == ["/own", "/team"]
    for got in receiver.received:
        assert got.text.split("\n") == [
            "截至2020年3月9日的通报已签发",
            "第1期（总第1期），2020年3月9日印发。",
            f"http://127.0.0.1:8000/admin/bulletins/issue/{issue.pk}/change/",
        ]  # fmt: skip


def test_what_was_sent_is_counted_and_named(mailbox: Mailbox) -> None:
    people = [officer(Role.LIAISON), officer(Role.LIAISON)]
    mail_of(people[0], "good@example.com")
    mail_of(people[1], "nobody@example.com")
    recipient()
    issue = verbs.distribute(issue=signed(draft_of(CUT_OFF)), by=officer(Role.DUTY_DESK))
    event = IssueEvent.objects.get(issue=issue, verb=IssueVerb.DISTRIBUTE)
    assert event.payload["recipients"] == list(Recipient.objects.values_list("pk", flat=True))
    drain()
    Delivery.objects.filter(state=State.PENDING).update(state=State.DEAD, settled_at=NEXT_DAY)
    told = sent_of(issue, director())
    assert told is not None
    assert (told.officers, told.failed, told.more) == (4, 1, False)
    assert [(str(way.label), way.delivered, way.waiting, way.failed) for way in told.ways] == [
        ("工作人员和服务组邮箱", 1, 0, 1), ("收件人邮箱", 1, 0, 0),
    ]  # fmt: skip
    assert [row.state for row in told.named] == [State.DEAD, State.DELIVERED, State.DELIVERED]
    for_liaison = sent_of(issue, people[0])
    assert for_liaison is not None
    assert (for_liaison.named, for_liaison.told, for_liaison.ways) == ((), (), told.ways)
    assert set(told.told) >= {each.name for each in people}
    assert len(told.told) == 4
    before = list(Delivery.objects.order_by("pk").values())
    with pytest.raises(NotAllowed):
        send_failed_again(issue=issue, by=people[0])
    assert list(Delivery.objects.order_by("pk").values()) == before
    with clock_at(NEXT_DAY):
        assert send_failed_again(issue=issue, by=director()) == (1, 0)
        with pytest.raises(NotAllowed, match="没有投递失败"):
            send_failed_again(issue=issue, by=director())


def test_without_a_mail_server_it_says_who_is_not_reached(settings: LazySettings) -> None:
    settings.EMAIL_OFFERED = False
    recipient()
    issue = verbs.distribute(issue=signed(draft_of(CUT_OFF)))
    assert Delivery.objects.count() == 0
    told = sent_of(issue, director())
    assert told is not None
    assert told.unreached == ("市政府办公室",)


def test_the_link_opens_the_whole_issue_after_signing_in(mailbox: Mailbox) -> None:
    person = officer(Role.LIAISON)
    mail_of(person, "liaison@centre.example.gov.cn")
    verbs.distribute(issue=signed(draft_of(CUT_OFF)))
    drain()
    link = words(mailbox.messages[0]).split()[-1].removeprefix("http://127.0.0.1:8000")
    client = Client()
    answered = client.get(link)
    assert (answered.status_code, answered["Location"]) == (302, f"/admin/login/?next={link}")
    signed_in = client.post(
        answered["Location"], {"username": person.username, "password": PASSWORD, "next": link}
    )
    assert (signed_in.status_code, signed_in["Location"]) == (302, link)
    page = client.get(link).content.decode()
    assert "第1期（总第1期）" in page
    for title in ("一、", "二、", "三、"):
        assert title in page
    assert 'id="sent"' in page
