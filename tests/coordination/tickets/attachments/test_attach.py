"""Attaching and withdrawing: what is recorded, what is refused, what is left after a purge."""

import hashlib
import io
import re
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
import xlsxwriter
from django.core.files.base import File
from django.core.management import call_command
from django.db import IntegrityError

from config.embedded import PROJECT
from coordination.bulletins.week import SHANGHAI
from coordination.delivery.models import Delivery, Notice
from coordination.privacy.models import Purge
from coordination.privacy.purge import purge_due
from coordination.privacy.queries import KEPT_FOR
from coordination.tickets.attachments.queries import attachments_of, content_of
from coordination.tickets.attachments.serve import serve
from coordination.tickets.flow import Verb
from coordination.tickets.models import Attachment, AttachmentPart, EventText, Ticket, TicketEvent
from coordination.tickets.queries import timeline
from coordination.tickets.verbs.registry import perform
from projects.files.limits import MOST_FILES
from projects.record.audit import audit
from projects.record.clock import clock_at
from projects.record.refusals import Gone, Invalid, Missing, NotAllowed, Refusal, Stale
from tests.bed.races import race
from tests.coordination.tickets.attachments.corpus import GOOD, bad, pdf, png, sent
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
BAD: Final = bad()
PLACE: Final = "欧阳标记_410305199001010012"


@pytest.fixture
def at() -> Desk:
    return desk()


def record() -> list[Any]:
    """All that a refusal must leave as it was."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (
            Ticket, TicketEvent, EventText, Attachment, AttachmentPart, Notice, Delivery,
        )
    ]  # fmt: skip


def put(ticket: Ticket, by: Any, name: str = "a.txt", content: bytes = b"a", **more: Any) -> Ticket:
    return perform(Verb.ATTACH, ticket=ticket, by=by, file=sent(name, content), **more)


def refused(why: type[Refusal], act: Callable[[], object]) -> list[tuple[Any, ...]]:
    before = record()
    with pytest.raises(why) as raised:
        act()
    assert record() == before
    return [(each.path, each.code) for each in getattr(raised.value, "errors", [])]


@pytest.mark.parametrize("name", GOOD)
def test_what_is_recorded(at: Desk, name: str) -> None:
    ticket = put(filed(at), at.key, name, GOOD[name], note=" 见附件 ")
    event = ticket.events.get(verb="attach")
    (row,) = attachments_of(ticket, at.key)
    content = b"".join(content_of(row))
    assert content == GOOD[name]
    assert event.payload == {
        "attachment": 1, "type": row.file_type, "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip
    assert (row.number, row.size, row.sha256, row.event) == (
        1, len(content), event.payload["sha256"], event,
    )  # fmt: skip
    assert event.text.body == {"file_name": name, "note": "见附件"}
    assert (event.api_key, event.is_internal, ticket.version) == (at.key, False, 2)
    assert list(audit()) == []


def test_what_real_programs_write_may_be_attached(at: Desk) -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"constant_memory": True}) as made:
        made.add_worksheet("名单").write_string(0, 0, "张三")
    picture = (PROJECT / "docs/images/keys.png").read_bytes()
    ticket = put(filed(at), at.liaison, "名单.xlsx", book.getvalue())
    ticket = put(ticket, at.liaison, "页面.png", picture)
    book_row, picture_row = attachments_of(ticket, at.liaison)
    assert b"".join(content_of(book_row)) == book.getvalue()
    assert b"".join(content_of(picture_row)).endswith(picture[-100:])


@pytest.mark.parametrize("what", BAD)
def test_what_is_refused_leaves_nothing(at: Desk, what: str) -> None:
    ticket = filed(at)
    name, content, code = BAD[what]
    assert refused(Invalid, lambda: put(ticket, at.key, name, content)) == [(("file",), code)]


def test_nothing_without_a_file_or_with_a_long_note(at: Desk) -> None:
    ticket = filed(at)
    bare = partial(perform, Verb.ATTACH, ticket=ticket, by=at.liaison)
    assert refused(Invalid, partial(bare, file=None)) == [(("file",), "required")]
    long = partial(put, ticket, at.liaison, note="长" * 2001)
    assert refused(Invalid, long) == [(("note",), "max_length")]


def test_who_may_not(at: Desk) -> None:
    ticket = filed(at)
    for by in (at.auditor, at.other_liaison, at.system):
        refused(NotAllowed, partial(put, ticket, by))
    refused(Missing, partial(put, ticket, desk().key))
    refused(Stale, partial(put, ticket, at.key, version=99))
    ticket = perform(Verb.WITHDRAW, ticket=ticket, by=at.key, reason="已解决")
    refused(NotAllowed, partial(put, ticket, at.key))


def test_an_event_that_cannot_be_written_undoes_the_verb(at: Desk) -> None:
    ticket = put(filed(at), at.liaison)
    Ticket.objects.filter(pk=ticket.pk).update(status="resolved")  # no event has said so
    for verb, inputs in (
        (Verb.ATTACH, {"file": sent("a.pdf", pdf())}),
        (Verb.DETACH, {"attachment": 1, "reason": "误传"}),
    ):
        before = record()
        with pytest.raises(IntegrityError, match="the flow has no step"):
            perform(verb, ticket=ticket, by=at.liaison, **inputs)
        assert record() == before
    Ticket.objects.filter(pk=ticket.pk).update(status="submitted")


def test_twenty_and_no_more_until_one_is_withdrawn(at: Desk) -> None:
    ticket = filed(at)
    for _each in range(MOST_FILES):
        ticket = put(ticket, at.key)
    assert refused(Invalid, partial(put, ticket, at.liaison)) == [(("file",), "too-many")]
    perform(Verb.DETACH, ticket=ticket, by=at.key, attachment=7, reason="误传")
    put(ticket, at.liaison)
    assert [row.number for row in attachments_of(ticket, at.key)] == list(range(1, 22))


def test_fifty_megabytes_and_no_more(at: Desk) -> None:
    ticket = put(filed(at), at.key)
    Attachment.objects.update(size=50 * 1024 * 1024 - 3)
    put(ticket, at.key, content=b"abc")
    assert refused(Invalid, partial(put, ticket, at.key)) == [(("file",), "too-much")]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_attach_the_twentieth_one_does(at: Desk) -> None:
    ticket = filed(at)
    for _each in range(MOST_FILES - 1):
        put(ticket, at.key)
    outcomes = race(partial(put, ticket, at.key), partial(put, ticket, at.liaison))
    assert sorted(type(each.error).__name__ for each in outcomes) == ["Invalid", "NoneType"]
    rows = Attachment.objects.filter(ticket=ticket)
    assert sorted(row.number for row in rows) == list(range(1, MOST_FILES + 1))
    assert {row.parts.count() for row in rows} == {1}
    assert ticket.events.filter(verb="attach").count() == MOST_FILES


def test_what_is_internal_is_not_the_enterprises(at: Desk) -> None:
    ticket = put(filed(at), at.lead, internal=True)
    assert ticket.version == 1  # nothing that the enterprise has read changed
    ticket = put(ticket, at.key, "b.txt", internal=True)  # an enterprise's is public all the same
    assert [row.number for row in attachments_of(ticket, at.key)] == [1]
    assert [(row.is_internal, row.number) for row in attachments_of(ticket, at.liaison)] == [
        (True, 1), (False, 1),
    ]  # fmt: skip
    assert [event.verb for event in timeline(ticket, at.key)] == ["submit", "attach"]
    with pytest.raises(Missing):
        serve(ticket, 1, at.key, internal=True)
    named = [serve(ticket, 1, at.lead, internal=each).headers for each in (True, False)]
    assert [re.findall(r'-(.+)"', each["Content-Disposition"]) for each in named] == [
        [f"{ticket.number[9:]}-internal-1.txt"], [f"{ticket.number[9:]}-1.txt"],
    ]  # fmt: skip
    detach = partial(perform, Verb.DETACH, ticket=ticket, attachment=1, reason="误传")
    errors = refused(Invalid, partial(detach, internal=True, by=at.key))
    assert errors == [(("attachment",), "choice")]
    detach(internal=True, by=at.lead)
    assert [event.verb for event in timeline(ticket, at.key)] == ["submit", "attach"]
    assert [(row.is_internal, row.state) for row in attachments_of(ticket, at.liaison)] == [
        (True, "withdrawn"), (False, "kept"),
    ]  # fmt: skip


def test_neither_side_takes_from_the_other(at: Desk) -> None:
    """From a gap, or a refusal too early, an enterprise would know that there is something."""
    ticket = filed(at)
    for _each in range(MOST_FILES):
        ticket = put(ticket, at.lead, internal=True)
    full = partial(put, ticket, at.lead, internal=True)
    assert refused(Invalid, full) == [(("file",), "too-many")]
    Attachment.objects.filter(number=1).update(size=50 * 1024 * 1024)
    for _each in range(MOST_FILES):
        ticket = put(ticket, at.key)
    assert [row.number for row in attachments_of(ticket, at.key)] == list(range(1, MOST_FILES + 1))
    assert refused(Invalid, partial(put, ticket, at.key)) == [(("file",), "too-many")]
    Attachment.objects.filter(is_internal=False, number=1).update(size=50 * 1024 * 1024)
    perform(Verb.DETACH, ticket=ticket, by=at.lead, attachment=7, internal=True, reason="误传")
    perform(Verb.DETACH, ticket=ticket, by=at.lead, attachment=7, reason="误传")
    assert refused(Invalid, full) == [(("file",), "too-much")]
    assert refused(Invalid, partial(put, ticket, at.key)) == [(("file",), "too-much")]


def test_withdrawn_is_erased_and_stays_on_record(at: Desk) -> None:
    ticket = put(put(filed(at), at.key, f"{PLACE}.txt", note="身份证"), at.liaison)
    detach = partial(perform, Verb.DETACH, ticket=ticket, attachment=1)
    assert refused(Invalid, partial(detach, by=at.key, reason=" ")) == [(("reason",), "required")]
    for by in (at.liaison, at.duty_desk):
        errors = refused(Invalid, partial(detach, by=by, reason="误传"))
        assert errors == [(("attachment",), "not-own")]
    for number in (0, 3, 10**12):
        wrong = partial(perform, Verb.DETACH, ticket=ticket, attachment=number, by=at.lead)
        assert refused(Invalid, partial(wrong, reason="误传")) == [(("attachment",), "choice")]
    detach(by=at.key, reason="误传他人证件")
    assert refused(Invalid, partial(detach, by=at.key, reason="再次")) == [
        (("attachment",), "choice")
    ]  # fmt: skip
    perform(Verb.DETACH, ticket=ticket, by=at.lead, attachment=2, reason="与本单无关")
    assert [row.state for row in attachments_of(ticket, at.key)] == ["withdrawn", "withdrawn"]
    assert AttachmentPart.objects.count() == 0
    said = EventText.objects.filter(event__ticket=ticket, event__verb="attach")
    assert not said.exists()
    assert [event.payload for event in ticket.events.filter(verb="detach")] == [
        {"attachment": 1}, {"attachment": 2},
    ]  # fmt: skip
    assert list(audit()) == []


BEGIN: Final = datetime(2020, 3, 2, 9, tzinfo=SHANGHAI)
ENDED: Final = BEGIN + timedelta(days=1)


@pytest.mark.django_db(transaction=True)
def test_thirty_days_after_the_end_nothing_is_left_of_it(
    superuser_cursor: psycopg.Cursor[Any],
) -> None:
    mark = "欧阳标记".encode()
    with clock_at(BEGIN):
        at = desk()
        ticket = put(filed(at), at.key, f"{PLACE}.txt", mark, note="欧阳标记")
    with clock_at(ENDED):
        ticket = perform(Verb.WITHDRAW, ticket=ticket, by=at.key, reason="已解决")
    rows = superuser_cursor.execute("SELECT p::text FROM tickets_attachmentpart p").fetchall()
    assert len(rows) == 1
    assert "欧阳标记" not in str(rows)  # sealed, as everything that names a person
    with clock_at(ENDED + KEPT_FOR - timedelta(microseconds=1)):
        assert purge_due() == 0
    assert AttachmentPart.objects.count() == 1
    with clock_at(ENDED + KEPT_FOR):
        assert purge_due() == 1
    assert Purge.objects.get().erased["attachments"] == 1
    (row,) = attachments_of(ticket, at.liaison)
    assert (row.state, AttachmentPart.objects.count()) == ("erased", 0)
    assert not EventText.objects.filter(event__ticket=ticket).exists()
    with pytest.raises(Gone):
        serve(ticket, 1, at.liaison)
    assert list(audit()) == []
    call_command("verify_audit", verbosity=0)


def test_a_new_key_seals_files_anew(at: Desk, settings: Any) -> None:
    ticket = put(filed(at), at.key, content=b"a" * (1024 * 1024 + 1))
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [old]
    call_command("reseal", verbosity=0)
    settings.SECRET_KEY_FALLBACKS = []
    (row,) = attachments_of(ticket, at.key)
    assert b"".join(content_of(row)) == b"a" * (1024 * 1024 + 1)


def test_a_larger_file_takes_no_more_memory(at: Desk, tmp_path: Path) -> None:
    ticket, peaks = filed(at), []
    for megabytes in (2, 10):
        place = tmp_path / "a.txt"
        with place.open("wb") as file:
            for _each in range(megabytes):
                file.write(b"a" * 1024 * 1024)
        tracemalloc.start()
        with place.open("rb") as file:
            ticket = perform(Verb.ATTACH, ticket=ticket, by=at.key, file=File(file, "a.txt"))
        upload = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        answer = serve(ticket, Attachment.objects.count(), at.key)
        length = sum(len(piece) for piece in answer)
        peaks.append((upload, tracemalloc.get_traced_memory()[1]))
        tracemalloc.stop()
        assert length == megabytes * 1024 * 1024
    assert peaks[1][0] < 1.3 * peaks[0][0], peaks
    assert peaks[1][1] < 1.3 * peaks[0][1], peaks
    assert max(peaks[1]) < 8 * 1024 * 1024, peaks


def test_a_name_is_kept_as_words(at: Desk) -> None:
    ticket = put(filed(at), at.key, "../../<b>行车\u202e图</b>.png", png())
    assert ticket.events.get(verb="attach").text.body == {"file_name": "b>.png"}
