"""An edition that was begun by mistake is given up; the issue that it was to correct stays."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from coordination.bulletins.build import build
from coordination.bulletins.issues import verbs
from coordination.bulletins.issues.audit import wrong_issues
from coordination.bulletins.issues.printing import printed
from coordination.bulletins.issues.queries import issue_of, published, reason_of
from coordination.bulletins.issues.step import ACTORS
from coordination.bulletins.models import Bulletin, Issue, Status
from coordination.delivery.models import Notice
from coordination.staff.models import Role
from projects.flow.actors import SYSTEM
from projects.house.blocks import Audience
from projects.record.clock import clock_at
from projects.record.refusals import Invalid, NotAllowed
from tests.coordination.bulletins.issues.test_life import CUT_OFF, EVENING, corrected, rows
from tests.factories.bulletins import draft_of, signed
from tests.factories.coordination import director, officer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _evening() -> Iterator[None]:
    with clock_at(EVENING):
        yield


def test_every_actor_and_a_later_edition() -> None:
    second = corrected(draft_of(CUT_OFF))
    for who in (*Role.values, "system"):
        by = SYSTEM if who == "system" else director() if who == "director" else officer(who)
        may = who in {"duty_desk", "director"}
        assert ("discard" in ACTORS.allowed(second, by)) == may, who
        if may:
            with transaction.atomic():
                done = verbs.discard(issue=second, reason="误起草", by=by)  # type: ignore[arg-type]  # an officer here
                assert (done.status, done.ended_at) == (Status.DISCARDED, EVENING)
                transaction.set_rollback(True)
            continue
        before = rows()
        with pytest.raises(NotAllowed):
            verbs.discard(issue=second, reason="误起草", by=by)  # type: ignore[arg-type]  # nor the system
        assert rows() == before


def test_a_first_edition_is_never_discarded() -> None:
    first = draft_of(CUT_OFF)
    before = rows()
    with pytest.raises(NotAllowed, match="首版"):
        verbs.discard(issue=first, reason="误起草", by=director())
    with pytest.raises(Invalid) as refused:
        verbs.discard(issue=first, reason=" ", by=director())
    assert [each.path for each in refused.value.errors] == [("reason",)]
    assert rows() == before


@pytest.mark.parametrize("status", [Status.REVIEWED, Status.PUBLISHED])
def test_what_is_reviewed_or_signed_is_not_discarded(status: str) -> None:
    second = verbs.review(issue=corrected(draft_of(CUT_OFF)), by=officer(Role.DUTY_DESK))
    if status == Status.PUBLISHED:
        second = verbs.publish(issue=second, by=director())
    before = rows()
    with pytest.raises(NotAllowed):
        verbs.discard(issue=second, reason="误起草", by=director())
    assert rows() == before


def test_the_earlier_edition_stays_and_is_corrected_again_under_the_next_number() -> None:
    first = draft_of(CUT_OFF)
    second = corrected(first)
    duty_desk = officer(Role.DUTY_DESK)
    told = Notice.objects.filter(officer=duty_desk)
    done = verbs.discard(issue=second, reason="误起草", by=director())
    assert list(told.values_list("title", flat=True)) == ["截至2020年3月9日的通报第2版已作废"]
    assert (done.number, done.total, done.signer) == (None, None, None)
    assert issue_of(CUT_OFF) == first
    assert list(published()) == [first]
    assert build(cut_off=CUT_OFF) == first.bulletin
    assert printed(done, language="zh-hans", audience=Audience.ALL).head.mark == (
        "已作废 · 更正版（第2版）"
    )
    third = verbs.supersede(issue=first, reason="表2有误", by=director())
    assert (third.edition, reason_of(third), reason_of(done)) == (3, "表2有误", "表1有误")
    with clock_at(EVENING + timedelta(minutes=1)):
        third = signed(third)
    assert (third.number, third.total, issue_of(CUT_OFF)) == (1, 1, third)
    assert list(Bulletin.objects.order_by("edition").values_list("edition", flat=True)) == [1, 2, 3]
    assert list(Issue.objects.order_by("edition").values_list("status", flat=True)) == [
        "published", "discarded", "published",
    ]  # fmt: skip
    assert list(wrong_issues()) == []
