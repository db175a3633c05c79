"""What an editor changed is seen beside the draft, and two who edit at once lose nothing."""

from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from coordination.bulletins.issues import changes, verbs
from coordination.bulletins.issues.changes import all_changes, changes_of, wordings_at
from coordination.bulletins.issues.differences import (
    MOST,
    Code,
    Compare,
    Mark,
    Piece,
    after_of,
    before_of,
    compared,
    differences,
)
from coordination.bulletins.issues.editing import drafted
from coordination.bulletins.issues.queries import wordings_of
from coordination.bulletins.models import Issue, IssueEvent, Wording
from coordination.staff.models import Officer
from projects.record.clock import clock_at
from tests.coordination.bulletins.issues.test_life import CUT_OFF, EVENING, settled_desk
from tests.factories.bulletins import draft_of
from tests.factories.coordination import Desk, director

FIRST: Final = "已对1个项目实行一对一服务。"
SECOND: Final = "1个项目都有专人服务。"


def shown(before: str, after: str) -> str:
    """The differences, written with brackets."""
    ends = {Mark.SAME: "", Mark.DELETED: "-", Mark.INSERTED: "+"}
    return "".join(
        f"[{ends[each.mark]}{each.text}]" if ends[each.mark] else each.text
        for each in differences(before, after)
    )


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("全部复工。", "全部复工。", "全部复工。"),
        ("", "部分项目受阻。", "[+部分项目受阻。]"),
        ("部分项目受阻。", "", "[-部分项目受阻。]"),
        ("313个项目已复工。", "331个项目已复工。", "[-313][+331]个项目已复工。"),
        ("已有三百个项目复工。", "已有多数项目复工。", "已有[-三百个][+多数]项目复工。"),
        ("All projects resumed.", "Most projects resumed.", "[-All][+Most] projects resumed."),
        ("甲乙丙丁", "子乙丑寅", "[-甲乙丙丁][+子乙丑寅]"),  # one that stayed is no crumb
    ],
)
def test_words_numbers_and_characters_are_compared(before: str, after: str, wanted: str) -> None:
    assert shown(before, after) == wanted


def counting(sizes: list[int]) -> Compare:
    """The comparison, with the number of pairs that each call compares at most."""

    def compare(old: Sequence[str], new: Sequence[str]) -> Sequence[Code]:
        sizes.append(len(old) * len(new))
        return compared(old, new)

    return compare


LONG: Final = [f"第{number}个项目今日复工{number * 7}人，物资运输受阻。" for number in range(200)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("".join(LONG), "".join(LONG[::-1])),
        ("".join(LONG), "".join(LONG).replace("受阻", "通畅")),
        ("".join(LONG), "".join(LONG).replace("。", "，")),
        ("甲乙" * 2_000, "乙甲" * 2_000),
        ("甲。" * 2_000, "乙。" * 2_000),
        ("甲" * 300, "乙" * 300),
    ],
)
def test_the_work_is_bounded_however_long_the_texts_are(before: str, after: str) -> None:
    sizes = list[int]()
    pieces = differences(before, after, counting(sizes))
    assert sum(sizes) <= MOST
    assert "".join(each.text for each in before_of(pieces)) == before
    assert "".join(each.text for each in after_of(pieces)) == after


def test_of_a_long_text_the_sentences_that_changed_are_compared_by_words() -> None:
    before, after = list(LONG), list(LONG)
    after[3], after[150] = after[3].replace("受阻", "通畅"), after[150].replace("今日", "昨日")
    sizes = list[int]()
    pieces = differences("".join(before), "".join(after), counting(sizes))
    assert [each.text for each in pieces if each.mark == Mark.DELETED] == ["受阻", "今"]
    assert [each.text for each in pieces if each.mark == Mark.INSERTED] == ["通畅", "昨"]
    assert sum(sizes) <= MOST


@given(st.text("甲乙丙1.2 ab。\n"), st.text("甲乙丙1.2 ab。\n"))
def test_both_wordings_are_whole(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(each.text for each in before_of(pieces)) == before
    assert "".join(each.text for each in after_of(pieces)) == after


@pytest.fixture
def at() -> Iterator[Desk]:
    found = settled_desk()
    with clock_at(EVENING):
        yield found


def edit(issue: Issue, by: Officer, **texts: str) -> Issue:
    wordings = {key.replace("__", "."): text for key, text in texts.items()}
    return verbs.edit(issue=issue, language="zh-hans", wordings=wordings, by=by)


@pytest.mark.django_db(transaction=True)
def test_each_edited_paragraph_has_its_draft_and_every_wording(at: Desk) -> None:
    issue, other = draft_of(CUT_OFF), director()
    assert all_changes(issue) == []
    draft = drafted(issue, "zh-hans")["coverage.0"]
    edit(issue, at.duty_desk, coverage__0=FIRST, next="请各组抓紧。")
    edit(issue, other, coverage__0=SECOND)
    edit(issue, other, next="")
    following, coverage = sorted(changes_of(issue, "zh-hans"), key=lambda each: each.key != "next")
    assert "".join(each.text for each in coverage.drafted) == draft
    assert "".join(each.text for each in coverage.now) == SECOND
    assert coverage.is_changed
    assert [(each.by, each.is_draft) for each in coverage.versions] == [
        (other, False), (at.duty_desk, False),
    ]  # fmt: skip
    assert [each.text for each in coverage.versions] == [SECOND, FIRST]
    assert not following.is_changed
    assert [each.is_draft for each in following.versions] == [True, False]
    assert changes_of(issue, "en") == []
    assert [code for code, _name, _changes in all_changes(issue)] == ["zh-hans"]
    assert wordings_at(issue, "zh-hans", 2) == {"coverage.0": FIRST, "next": "请各组抓紧。"}


@pytest.mark.django_db(transaction=True)
def test_more_wordings_are_no_more_comparisons(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    called = list[tuple[str, str]]()

    def noting(before: str, after: str) -> list[Piece]:
        called.append((before, after))
        return differences(before, after)

    issue = draft_of(CUT_OFF)
    for number in range(6):
        edit(issue, at.duty_desk, coverage__0=FIRST if number % 2 else SECOND)
    monkeypatch.setattr(changes, "differences", noting)
    all_changes(issue)
    assert called == [(drafted(issue, "zh-hans")["coverage.0"], FIRST)]


def signed_in(who: Officer) -> Client:
    client = Client()
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def form_of(client: Client, address: str) -> dict[str, Any]:
    """What the page's form has."""
    form = client.get(address).context["form"]
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


@pytest.mark.django_db(transaction=True)
def test_who_was_slower_sees_what_the_other_wrote_and_loses_nothing(at: Desk) -> None:
    issue, other = draft_of(CUT_OFF), director()
    address = reverse("admin:issue_words", args=[issue.pk, "zh-hans"])
    client = signed_in(at.duty_desk)
    typed = form_of(client, address) | {"coverage.0": FIRST, "next": "请各组抓紧。"}
    edit(issue, other, coverage__0=SECOND, problems="部分项目用工不足。")
    before = list(Wording.objects.values()), IssueEvent.objects.count()
    page = client.post(address, typed)
    assert (list(Wording.objects.values()), IssueEvent.objects.count()) == before
    form = page.context["form"]
    assert form["coverage.0"].value() == FIRST
    assert form["next"].value() == "请各组抓紧。"
    assert form["problems"].value() == "部分项目用工不足。"
    assert form["version"].value() == "2"
    assert form.errors["coverage.0"] == [f"其间{other.name}改为：{SECOND}"]
    assert set(form.errors) == {"__all__", "coverage.0"}
    (said,) = form.errors["__all__"]
    assert said == (
        f"其间：{other.name} 18:00 修改文字。尚未保存：您输入的文字仍在，双方都改过的段落旁列出对方"
        "的文字。请核对后再次保存。"
    )
    text = unescape(page.content.decode())
    assert f"其间{other.name}改为：{SECOND}" in text
    again = {name: form[name].value() for name in form.fields}
    assert client.post(address, again).status_code == 302
    assert wordings_of(issue, "zh-hans") == {
        "coverage.0": FIRST, "next": "请各组抓紧。", "problems": "部分项目用工不足。",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_stays_where_the_issue_is_reviewed_meanwhile(at: Desk) -> None:
    issue = draft_of(CUT_OFF)
    address = reverse("admin:issue_words", args=[issue.pk, "zh-hans"])
    client = signed_in(at.duty_desk)
    typed = form_of(client, address) | {"next": "请各组抓紧。"}
    verbs.review(issue=issue, by=director())
    for _each in range(2):
        page = client.post(address, typed)
        form = page.context["form"]
        assert page.status_code == 200
        assert form["next"].value() == "请各组抓紧。"
        assert Wording.objects.count() == 0
        typed = {name: form[name].value() for name in form.fields}


@pytest.mark.django_db(transaction=True)
def test_a_reviewer_sees_the_changes_and_reviews_what_he_saw(at: Desk) -> None:
    issue = draft_of(CUT_OFF)
    edit(issue, at.duty_desk, coverage__0=FIRST)
    client = signed_in(director())
    page = client.get(reverse("admin:bulletins_issue_change", args=[issue.pk])).content.decode()
    address = reverse("admin:issue_verb", args=[issue.pk, "review"])
    assert f'href="{address}"' in page
    seen = client.get(address)
    assert "<ins>" in seen.content.decode()
    edit(issue, at.duty_desk, coverage__0=SECOND)
    refused = client.post(address, {"version": seen.context["form"].initial["version"]})
    assert refused.status_code == 200
    assert Issue.objects.get(pk=issue.pk).status == "draft"
    again = refused.context["form"].initial["version"]
    assert client.post(address, {"version": again}).status_code == 302
    assert Issue.objects.get(pk=issue.pk).status == "reviewed"
