"""The handling sheet, the phrases of a form, and what asks for the same before it is filed."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.workbench.models import Phrase
from coordination.workbench.models.phrase import SPOKEN, phrases_for
from projects.record.models import Act
from tests.coordination.workbench.test_ticket_pages import address, after, as_, file, filing
from tests.factories.coordination import Desk, desk, filed, vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def sheet(ticket: Ticket, who: Officer) -> Any:
    return as_(who).get(
        reverse("admin:ticket_sheet", args=[ticket.pk]), headers={"accept-language": "zh-hans"}
    )


def test_the_sheet_has_all_but_internal_entries_and_masks_everybody(at: Desk) -> None:
    ticket = after(Verb.ACCEPT, filed(at, detail="找13800138000"), at.liaison)
    after(Verb.FULFIL, ticket, at.liaison, line=1, quantity=Decimal(1))
    after(Verb.COMMENT, ticket, at.liaison, text="仅内部", internal=True)
    after(Verb.COMMENT, ticket, at.liaison, text="已放行，司机13900139000", internal=False)
    as_(at.liaison).post(
        reverse("ticket_reveal", args=[ticket.pk]), {"group": "words", "reason": "核对"}
    )
    page = sheet(ticket, at.liaison)
    text = page.content.decode()
    assert [step.verb for step in page.context["steps"]] == ["提交", "受理", "逐项落实", "留言"]
    assert page.context["steps"][-1].words == ("已放行，司机139****9000",)
    for clear in ("13800138000", "13900139000", "13700137000", "王五", "张三", "仅内部"):
        assert clear not in text
    assert "138****8000" in text
    assert "<h1>工单办理单</h1>" in text


def test_another_groups_sheet_is_not_there(at: Desk) -> None:
    assert sheet(filed(at), at.other_lead).status_code == 404


def test_phrases_are_offered_by_verb_those_of_the_kind_first(at: Desk) -> None:
    Phrase.objects.all().delete()
    for kind, text in (("", "通用"), ("vehicle_pass", "车辆"), ("worker_return", "工人")):
        Phrase.objects.create(verb=Verb.COMMENT, kind=kind, text=text)
    assert phrases_for("vehicle_pass") == {"comment": ["车辆", "通用"]}
    page = as_(at.liaison).get(address(filed(at))).content.decode()
    (said,) = re.findall(r'<script id="phrases" type="application/json">(.*?)</script>', page)
    assert json.loads(said) == {"comment": ["车辆", "通用"]}


def test_the_phrases_to_begin_with_are_of_verbs_that_ask_for_words() -> None:
    assert {*Phrase.objects.values_list("verb", flat=True)} <= {*SPOKEN}
    for each in Phrase.objects.all():
        each.full_clean()


def test_a_lead_keeps_phrases_and_it_is_on_record(at: Desk) -> None:
    add = reverse("admin:workbench_phrase_add")
    typed = {"verb": "resolve", "kind": "", "text": "  已协调解决。 ", "ordinal": "5"}
    assert as_(at.liaison).post(add, typed).status_code == 403
    assert as_(at.lead).post(add, typed).status_code == 302
    made = Phrase.objects.get(text="已协调解决。")
    assert Act.objects.filter(about_model="workbench.phrase", officer=at.lead).count() == 1
    again = as_(at.lead).post(add, typed)
    assert "There is this phrase already." in again.content.decode()
    assert as_(at.lead).post(
        reverse("admin:workbench_phrase_delete", args=[made.pk]), {"post": "yes"}
    ).status_code == 302  # fmt: skip
    assert not Phrase.objects.filter(pk=made.pk).exists()


@pytest.mark.parametrize("text", ["请联系13800138000", "身份证410305199001010012"])
def test_a_phrase_holds_no_number_of_a_person(text: str) -> None:
    with pytest.raises(ValidationError, match="常用语中不得出现手机号码、身份证号码。"):
        Phrase(verb="comment", text=text).full_clean()


def test_what_asks_for_the_same_is_shown_before_it_is_filed(at: Desk) -> None:
    held = filed(at)
    answer = file(at.liaison, filing(at))
    asked = answer.context["filing"]
    assert [each.ticket for each in asked.similar] == [held]
    assert Ticket.objects.count() == 1
    assert f'name="seen" value="{held.number}"' in answer.content.decode()
    assert "代提交" in answer.content.decode()  # what was typed is kept
    assert file(at.liaison, filing(at, seen="20200101-000001")).status_code == 200
    assert Ticket.objects.count() == 1  # others than those seen
    filed_all_the_same = file(at.liaison, filing(at, seen=held.number))
    assert filed_all_the_same.status_code == 302
    assert Ticket.objects.count() == 2


def test_a_mistake_is_said_before_what_is_the_same(at: Desk) -> None:
    filed(at)
    answer = file(at.liaison, filing(at, title=""))
    assert list(answer.context["filing"].head.errors) == ["title"]
    assert answer.context["filing"].similar == []


def test_another_vehicle_is_filed_at_once(at: Desk) -> None:
    filed(at)
    typed = filing(at, **{"lines-0-plate": "豫C99999"})
    assert file(at.liaison, typed).status_code == 302
    assert Ticket.objects.count() == 2
    assert vehicle()["plate"] == "豫C12345"
