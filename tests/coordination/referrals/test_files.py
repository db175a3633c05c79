"""Files that a department sends with its answer: checked, sealed, internal, and erased in time."""

import hashlib
from functools import partial
from typing import Any, Final

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from coordination.intake.feed.sequence import sequence
from coordination.intake.models import FeedEntry
from coordination.privacy.models import Purge
from coordination.privacy.purge import purge_due
from coordination.privacy.queries import KEPT_FOR
from coordination.referrals.answer import answer_by_link
from coordination.referrals.models import Referral
from coordination.tickets.attachments.queries import attachments_of, content_of, name_of
from coordination.tickets.attachments.serve import serve
from coordination.tickets.flow import Verb
from coordination.tickets.models import Attachment, AttachmentPart
from coordination.tickets.queries import timeline
from coordination.tickets.verbs.registry import perform
from projects.access.request_limits import LARGEST_REQUEST
from projects.files.limits import MOST_FILES
from projects.files.sandbox.run import Turn
from projects.record.audit import audit
from projects.record.clock import clock_at
from projects.record.refusals import Gone, Invalid, Missing
from tests.bed.races import race
from tests.coordination.referrals.scene import SAID, address_of, everything, on, referred, token_of
from tests.coordination.tickets.attachments.corpus import bad, jpeg, pdf, png, sent
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
BAD: Final = bad()
TYPED: Final = {**SAID, "name": "赵六", "phone": "0379-63312345"}
SOME: Final = ("empty", "SVG", "GIFAR", "EICAR", "too large", "two extensions", "half a PDF")


@pytest.fixture
def at(db: None) -> Any:
    with clock_at(on(2)):
        yield desk()


@pytest.fixture
def row(at: Desk) -> Referral:
    return referred(at)


def all_of_it(row: Referral) -> tuple[Any, ...]:
    files = [list(each.objects.order_by("pk").values()) for each in (Attachment, AttachmentPart)]
    return (*everything(row.ticket), *files)


def send(row: Referral, *files: SimpleUploadedFile, **typed: str) -> Any:
    client = Client(headers={"Accept-Language": "zh-hans"})
    return client.post(address_of(row), {**TYPED, **typed, "file": list(files)})


def test_what_is_recorded_and_who_may_fetch_it(at: Desk, row: Referral) -> None:
    paper, picture = pdf(), jpeg()
    files = (sent("复函 13800138000.pdf", paper), sent("../现场.jpg", picture))
    assert send(row, *files).status_code == 200
    row.refresh_from_db()
    event = row.answer_event
    assert event is not None
    found = list(attachments_of(row.ticket, at.liaison))
    assert [(each.event, each.number, each.is_internal, each.file_type) for each in found] == [
        (event, 1, True, "pdf"), (event, 2, True, "jpg"),
    ]  # fmt: skip
    kept = [b"".join(content_of(each)) for each in found]
    assert kept[0] == paper
    assert event.payload == {
        "referral": row.pk, "department": row.department_id, "verdict": "done",
        "attachments": [
            {
                "attachment": number, "type": kind, "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for number, kind, content in ((1, "pdf", kept[0]), (2, "jpg", kept[1]))
        ],
    }  # fmt: skip
    names = {"1": "复函 13800138000.pdf", "2": "现场.jpg"}
    assert event.text.body == {"answer": SAID["answer"], "file_names": names}
    assert [name_of(each) for each in found] == list(names.values())
    served = serve(row.ticket, 1, at.lead, internal=True)
    assert b"".join(served) == paper
    assert {name: served[name] for name in ("Content-Disposition", "Content-Security-Policy")} == {
        "Content-Disposition": f'attachment; filename="{row.ticket.number}-internal-1.pdf"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    assert list(audit()) == []


def test_the_enterprise_learns_nothing_of_it(at: Desk, row: Referral) -> None:
    ticket = row.ticket
    assert send(row, sent("a.pdf", pdf())).status_code == 200
    assert list(attachments_of(ticket, at.key)) == []
    for internal in (True, False):
        with pytest.raises(Missing):
            serve(ticket, 1, at.key, internal=internal)
    assert [event.verb for event in timeline(ticket, at.key)] == ["submit", "accept"]
    sequence()
    assert set(FeedEntry.objects.values_list("event__verb", flat=True)) == {"submit", "accept"}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_good_file_is_said_beside_it_and_nothing_is_lost(
    row: Referral, what: str
) -> None:
    before = all_of_it(row)
    name, content, code = BAD[what]
    with pytest.raises(Invalid) as refused:
        answer_by_link(token=token_of(row), **TYPED, files=[sent(name, content)])
    assert [(each.path, each.code) for each in refused.value.errors] == [(("file",), code)]
    if what in SOME:
        page = send(row, sent(name, content))
        said = page.content.decode()
        assert page.status_code == 200
        assert 'id="id_file_error"' in said
        for typed in (*TYPED.values(), "附件须重新选择。"):
            assert typed in said, typed
        assert 'value="done" id="id_verdict_0" checked' in said
    assert all_of_it(row) == before


def test_each_of_several_is_named_with_its_mistake_and_so_is_the_rest(row: Referral) -> None:
    before = all_of_it(row)
    files = (sent("甲.pdf", b"JFIF"), sent("乙.png", png()), sent("丙.exe", b"MZ"))
    said = send(row, *files, answer=" ").content.decode()
    for words in ("甲.pdf：文件内容与扩展名不符。", "丙.exe：只能上传PDF", 'id="id_answer_error"'):
        assert words in said, words
    assert "乙.png" not in said
    assert all_of_it(row) == before


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([b"a"] * 6, "附件最多五个。"),
        ([b"a" * (5 * 1024 * 1024 + 1)] * 2, "附件合计不得超过10MB。"),
    ],
)
def test_too_many_and_too_much(row: Referral, files: list[bytes], said: str) -> None:
    before = all_of_it(row)
    page = send(row, *[sent("a.txt", each) for each in files]).content.decode()
    assert said in page
    assert SAID["answer"] in page
    assert all_of_it(row) == before
    assert send(row, *[sent("a.txt", b"a") for _each in range(5)]).status_code == 200
    assert Attachment.objects.count() == 5


def test_the_tickets_own_limit_holds_too(at: Desk, row: Referral) -> None:
    for _each in range(MOST_FILES - 1):
        perform(
            Verb.ATTACH, ticket=row.ticket, file=sent("a.txt", b"a"), internal=True, by=at.lead
        )  # fmt: skip
    before = all_of_it(row)
    page = send(row, sent("a.txt", b"a"), sent("b.txt", b"b")).content.decode()
    assert ("该工单已有20个附件。" in page, SAID["answer"] in page) == (True, True)
    assert all_of_it(row) == before
    assert send(row, sent("a.txt", b"a")).status_code == 200


class Unread:
    """A body that nobody may read."""

    def read(self, *_sizes: int) -> bytes:
        raise AssertionError("it was read")

    readline = read


def test_a_body_is_read_only_of_an_open_link_and_only_if_it_is_small(
    at: Desk, row: Referral
) -> None:
    address, before = address_of(row), all_of_it(row)
    form = "multipart/form-data; boundary=b"

    def post(to: str, length: int) -> Any:
        unread: dict[str, Any] = {
            "wsgi.input": Unread(), "CONTENT_LENGTH": str(length), "CONTENT_TYPE": form,
        }  # fmt: skip
        client = Client(headers={"Accept-Language": "zh-hans"})
        return client.post(to, **unread)

    assert post("/referral/none/", 1000).status_code == 404
    large = post(address, LARGEST_REQUEST + 1)
    assert (large.status_code, "附件合计不得超过10MB" in large.content.decode()) == (413, True)
    assert all_of_it(row) == before
    send(row)
    assert post(address, 1000).status_code == 410
    with pytest.raises(AssertionError, match="it was read"):  # what the test would see otherwise
        post(address_of(referred(at, filed_again(at))), 1000)


def filed_again(at: Desk) -> Any:
    return perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)


def test_while_another_file_is_checked_it_says_so(row: Referral) -> None:
    before = all_of_it(row)
    with Turn():
        said = send(row, sent("a.pdf", pdf())).content.decode()
    assert [word for word in ("正在读取其他文件", SAID["answer"]) if word not in said] == []
    assert all_of_it(row) == before
    assert send(row, sent("a.pdf", pdf())).status_code == 200


def test_a_name_in_the_encoding_of_chinese_windows(row: Referral) -> None:
    parts = [
        *(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
          for name, value in TYPED.items()),
        '--b\r\nContent-Disposition: form-data; name="file"; filename="复函.pdf"'.encode("gbk")
        + b"\r\n\r\n" + pdf(),
        b"--b--\r\n",
    ]  # fmt: skip
    body = b"\r\n".join(parts)
    answer = Client().generic(
        "POST", address_of(row), body, content_type="multipart/form-data; boundary=b"
    )
    assert answer.status_code == 200
    assert name_of(Attachment.objects.select_related("event__text").get()) == "复函.pdf"


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_is_kept_once() -> None:
    row = referred(desk())
    token = token_of(row)
    acts = [
        partial(answer_by_link, token=token, **SAID, files=[sent("a.txt", b"a")]) for _each in "abc"
    ]
    outcomes = race(*acts)
    assert sorted(type(each.error).__name__ for each in outcomes) == ["Gone"] * 2 + ["NoneType"]
    assert (Attachment.objects.count(), AttachmentPart.objects.count()) == (1, 1)


def test_sent_again_it_is_said_to_have_arrived(row: Referral) -> None:
    address = address_of(row)
    assert send(row, sent("a.txt", b"a")).status_code == 200
    done = all_of_it(row)
    given = {**TYPED, "file": sent("a.txt", b"a")}
    again = Client(headers={"Accept-Language": "zh-hans"}).post(address, given)
    assert (again.status_code, "答复已经收到" in again.content.decode()) == (410, True)
    assert all_of_it(row) == done


def test_the_lead_cannot_take_a_part_of_an_answer_away(at: Desk, row: Referral) -> None:
    send(row, sent("a.txt", b"a"))
    before = all_of_it(row)
    with pytest.raises(Invalid):
        perform(
            Verb.DETACH, ticket=row.ticket, attachment=1, internal=True, reason="误传", by=at.lead
        )  # fmt: skip
    assert all_of_it(row) == before


def test_what_is_deleted_by_hand_is_named_and_a_purge_is_not(at: Desk, row: Referral) -> None:
    with clock_at(on(3)):
        send(row, sent("张三.txt", b"a"), sent("b.txt", b"b"))
        perform(Verb.WITHDRAW, ticket=row.ticket, reason="x", by=at.key)
    event = row.ticket.events.get(verb="answer_referral")
    AttachmentPart.objects.filter(attachment__number=2).delete()
    gone = [("tickets.attachment", f"{row.ticket_id}/{event.seq}", "bytes")]
    assert [(each.table, each.row, str(each.difference)) for each in audit()] == gone
    Attachment.objects.filter(number=2).delete()
    assert [(each.table, each.row, str(each.difference)) for each in audit()] == gone
    with clock_at(on(3) + KEPT_FOR):
        assert purge_due() == 1
    assert Purge.objects.get().erased["attachments"] == 1
    assert set(Attachment.objects.values_list("state", flat=True)) == {"erased"}
    assert not AttachmentPart.objects.exists()
    assert [name_of(each) for each in attachments_of(row.ticket, at.lead)] == [""]
    with pytest.raises(Gone):
        serve(row.ticket, 1, at.lead, internal=True)
    assert list(audit()) == []
    call_command("verify_audit", verbosity=0)


def test_it_is_stored_sealed(row: Referral, superuser_cursor: psycopg.Cursor[Any]) -> None:
    send(row, sent("标记文件.txt", "标记内容".encode()))
    stored = superuser_cursor.execute(
        "SELECT p::text FROM tickets_attachmentpart p UNION ALL SELECT t::text FROM "
        "tickets_eventtext t UNION ALL SELECT e::text FROM tickets_ticketevent e"
    ).fetchall()
    assert len(stored) > 3
    assert [each for each in stored if "标记" in each[0]] == []
