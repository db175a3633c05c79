"""In the browser, in Chinese: attach a photograph, be told of one too large, fetch it again."""

from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from coordination.tickets.flow import Verb
from coordination.tickets.models import Attachment
from coordination.tickets.verbs.registry import perform
from tests.bed.signing_in import signed_in
from tests.browser.test_every_page import serious
from tests.browser.test_queue_to_write_off import act_open, answered, picture
from tests.coordination.tickets.attachments.corpus import sent
from tests.factories.coordination import desk, filed


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_attached_and_fetched(page: Any, tmp_path: Path) -> None:
    at = desk()
    ticket = filed(at)
    page.set_viewport_size({"width": 1280, "height": 900})
    signed_in(page, at.liaison)
    page.goto(f"/admin/tickets/ticket/{ticket.pk}/")
    shot, paper = page.screenshot(type="jpeg"), page.pdf()
    with override("zh-hans"):
        form = act_open(page, "attach")
        choose = form.locator("input[type=file]")
        large = tmp_path / "大.pdf"
        large.write_bytes(b"%PDF" * (3 * 1024 * 1024))
        choose.set_input_files(large)
        expect(form.get_by_text(gettext("A file may have at most 10 MB."))).to_be_visible()
        assert choose.input_value() == ""
        picture(page, "attach-large")
        choose.set_input_files({"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"JFIF"})
        form.locator("[name=note]").fill("卡口现场")
        answered(page, lambda: form.locator("button[type=submit]").click())
        wrong = gettext("The content is not of the type that the file's name says.")
        expect(form.get_by_text(wrong)).to_be_visible()
        for name, kind, content in (
            ("卡口现场.jpg", "image/jpeg", shot), ("行车路线.pdf", "application/pdf", paper),
        ):  # fmt: skip
            act_open(page, "attach")
            form.locator("input[type=file]").set_input_files(
                {"name": name, "mimeType": kind, "buffer": content}
            )
            form.locator("[name=note]").fill("卡口现场")
            answered(page, lambda: form.locator("button[type=submit]").click())
    perform(
        Verb.ATTACH, ticket=ticket, file=sent("内部核查意见.txt", b"a"), internal=True, by=at.lead
    )  # fmt: skip
    page.reload()
    picture(page, "attachments")
    assert serious(page) == []
    with page.expect_download() as fetched:
        page.locator("#attachments a").first.click()
    assert fetched.value.suggested_filename == f"{ticket.number}-1.jpg"
    kept = Path(fetched.value.path()).read_bytes()
    assert (kept[:2], len(kept)) == (
        b"\xff\xd8",
        Attachment.objects.get(is_internal=False, number=1).size,
    )
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#attachments details summary").first.click()
    picture(page, "attachments-telephone")
