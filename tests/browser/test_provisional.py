"""A provisional deadline on the ticket's page and on the duty desk's, wide and on a telephone."""

from typing import Any

import pytest
from django.urls import reverse

from coordination.tickets.models import Term, Ticket
from coordination.tickets.verbs.handle import accept
from projects.worktime.models import CalendarYear
from projects.worktime.spans import LONGEST
from tests.bed.signing_in import signed_in
from tests.browser.test_every_page import serious
from tests.browser.test_queue_to_write_off import fits, picture
from tests.factories.coordination import Desk, desk, filed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at(transactional_db: None) -> Desk:
    """A term so long that it reaches a year which is not entered, whatever day it is."""
    CalendarYear.objects.all().delete()
    Term.objects.filter(stage="handle", urgency="normal").update(amount=LONGEST)
    return desk()


def looks_right(page: Any, name: str) -> None:
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, f"{name}-{width}")
        fits(page, width)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert serious(page) == [], name


def test_a_provisional_deadline_says_so(page: Any, at: Desk) -> None:
    ticket = filed(at)
    accept(ticket=ticket, by=at.liaison)
    year = Ticket.objects.get(pk=ticket.pk).awaits_year
    signed_in(page, at.liaison)
    page.goto(reverse("admin:tickets_ticket_change", args=[ticket.pk]))
    page.get_by_text("暂定期限", exact=True).wait_for()
    said = page.locator(".z-clock").all_inner_texts()
    assert said[-1] == (
        f"此为暂定期限：{year}年放假安排尚未录入，周一至周五都按工作日计算。录入后重新核定，"
        "以较晚的期限为准。"
    )
    looks_right(page, "provisional")


def test_the_duty_desk_is_told_how_many(page: Any, at: Desk) -> None:
    accept(ticket=filed(at), by=at.liaison)
    signed_in(page, at.duty_desk)
    page.goto(reverse("admin:index"))
    matter = page.locator("#matter-unknown-year")
    if matter.count():  # from October on
        assert "1起工单按暂定期限计时" in matter.inner_text()
    looks_right(page, "provisional-desk")
