"""The page and the one A4 page of a brief say what its figures say, whatever these hold."""

import io
from datetime import date
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from coordination.bulletins.briefs.build import build_brief
from coordination.bulletins.briefs.paper import brief_paper
from coordination.bulletins.faces.brief import brief_pdf_of, brief_picture_of
from coordination.bulletins.faces.page import article_of
from coordination.bulletins.models import Brief, Letterhead
from coordination.bulletins.week import brief_cut_off
from coordination.staff.models import Officer
from projects.record.clock import clock_at
from tests.coordination.bulletins.faces import hostile
from tests.coordination.bulletins.faces.reading import flat, inked
from tests.factories.coordination import Desk, desk, project

DAY: Final = date(2020, 3, 10)
WORDS: Final = ("预制件", "轴承", "铝基新材料", "污水处理", "快速路", "棚户区改造")
pytestmark = pytest.mark.django_db


def letterhead(**values: Any) -> None:
    given = {
        "language": "zh-hans", "office": "洛阳市重点建设项目服务中心",
        "heading": "洛阳市重点项目协调服务", "name": "每周通报", "title": "通报",
        "addressees": "各组：",
    }  # fmt: skip
    Letterhead.objects.create(**(given | values))


def brief_of(districts: int, missing: int, changed: int, lit: int, **names: str) -> Brief:
    """A brief with so many of each, not saved."""
    name, district = names.get("name", ""), names.get("district", "")
    rows = [
        {
            "code": f"{410300 + number}", "name": district or f"示例县（区）{number}",
            "expected": 40, "reported": 30, "unreported": 10,
        }
        for number in range(districts)
    ]  # fmt: skip
    projects = [
        {
            "code": f"LY-{number:04d}",
            "name": name or f"洛阳{WORDS[number % len(WORDS)]}产业园二期工程（第{number}标段）",
            "district": district or f"示例县（区）{number % max(districts, 1)}",
        }
        for number in range(max(missing, changed))
    ]
    tickets = [
        {
            "key": f"20200310-{number:06d}", "number": f"20200310-{number:06d}",
            "kind": "vehicle_pass", "project": name or f"洛阳高端装备产业园{number}期",
            "light": "red" if number % 2 else "yellow", "due": "2020-03-11 17:30",
        }
        for number in range(lit)
    ]  # fmt: skip
    kind = dict.fromkeys(
        (
            "open_before", "filed", "reopened", "ended", "open_after", "accepted", "resolved",
            "written_off", "red",
        ), 1234,
    )  # fmt: skip
    group = dict.fromkeys(("red", "yellow", "green", "settled", "open", "tomorrow"), 567)
    kinds = ("vehicle_pass", "worker_return", "material_supply", "goods_transport")
    figures = {
        "reporting": {
            "day": "2020-03-10", "expected": 40 * districts, "reported": 30 * districts,
            "unreported": 10 * districts, "by_district": rows, "projects": projects[:missing],
        },
        "changes": {
            "planned": 515, "before": 400, "resumed": 12, "stopped": 2, "after": 410,
            "rate": "79.6",
            "people": dict.fromkeys(
                (
                    "before", "unstated", "newly_stated", "more", "fewer", "after",
                    "projects_before", "projects_both", "projects",
                ), 4321,
            ),
            "projects": [{**each, "change": "resumed"} for each in projects[:changed]],
        },
        "tickets": {
            "by_kind": dict.fromkeys((*kinds, "epidemic_control"), kind), "total": kind,
            "by_group": {f"group{number}": group for number in range(1, 6)}, "groups": group,
            "lit": tickets, "tomorrow": tickets[:20],
        },
    }  # fmt: skip
    blocks = {key: {"schema": 1, "figures": each, "hash": ""} for key, each in figures.items()}
    cut_off = brief_cut_off(DAY)
    return Brief(day=DAY, cut_off=cut_off, blocks=blocks, hash="0123456789abcdef" * 4)


def text_of(brief: Brief, language: str = "zh-hans") -> str:
    """The text of its page, which is one, of A4."""
    pages = PdfReader(io.BytesIO(brief_pdf_of(brief_paper(brief, language=language)))).pages
    assert len(pages) == 1
    assert [round(float(each)) for each in pages[0].mediabox[2:]] == [595, 842]
    return flat(pages[0].extract_text())


def test_a_small_one_names_everything() -> None:
    letterhead()
    text = text_of(brief_of(18, 6, 3, 4))
    for shown in (
        "洛阳市重点项目协调服务每日监测调度",
        "2020年3月10日项目复工开工和工单办理情况",
        "数据截至2020年3月10日17时30分，当日日报应于17时前报送",
        "应于17时前报送日报的项目720个，已报540个，未报180个。",
        "当日新复工开工12个，停工2个。",
        "明日到期567起。",
        "各县（市）区日报报送情况",
        "未报项目（6）：洛阳预制件产业园二期工程（第0标段）（示例县（区）0）、",
        "新复工开工和停工项目（3）：洛阳预制件产业园二期工程（第0标段）（示例县（区）0，新复工开工）、",
        "20200310-000003（车辆通行，洛阳高端装备产业园3期，红灯，2020-03-1117:30）。",
        "数据已固化，核验码0123456789abcdef（SHA-256前16位）",
    ):
        assert text.count(flat(shown)) >= 1, (shown, text)
    assert "详见系统" not in text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("districts", "missing", "changed", "lit"),
    [
        (18, 515, 515, 300), (18, 60, 10, 30), (30, 5000, 5000, 3000), (120, 900, 900, 900),
        (0, 0, 0, 0),
    ],
)  # fmt: skip
def test_it_stays_one_page_and_says_what_it_leaves_out(
    districts: int, missing: int, changed: int, lit: int, language: str
) -> None:
    letterhead()
    text = text_of(brief_of(districts, missing, changed, lit), language)
    if language == "zh-hans" and missing > 100:
        assert f"{missing}个，详见系统" in text
        assert f"{lit}个，详见系统" in text
    if (districts, missing) == (18, 515):
        assert f"等{missing}个，详见系统" in text or language == "en"


def test_nothing_is_printed_beside_the_page() -> None:
    letterhead()
    for brief in (brief_of(18, 515, 515, 300), brief_of(120, 900, 900, 900)):
        width, height, rows = inked(brief_picture_of(brief_paper(brief, language="zh-hans")))
        assert min(first for _row, first, _last in rows) > width * 0.05
        assert max(last for _row, _first, last in rows) < width * 0.95
        assert max(row for row, _first, _last in rows) < height * 0.97


@pytest.mark.parametrize(
    "text", [*hostile.LONG, '#read("/etc/passwd") $x$ *b* @r ] [ `', "a\nb\u202ec"]
)
def test_what_was_typed_is_text(text: str) -> None:
    letterhead(office=text[:90], heading=text[:70])
    found = text_of(brief_of(18, 30, 10, 5, name=text, district=text[:30]))
    assert flat(text[:30]).replace("\u202e", "")[:20] in found


def test_hostile_text_on_the_page() -> None:
    page = page_text(brief_of(2, 3, 2, 2, name="<script>alert(1)</script>", district="{{ x }}&"))
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3 + 2 + 2 + 2
    assert "{{ x }}&amp;" in page


def page_text(brief: Brief) -> str:
    return str(article_of(brief_paper(brief, language="zh-hans")))


def as_(who: Officer, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_a_brief() -> None:
    with clock_at(brief_cut_off(date(2020, 3, 8))):
        at = desk()
        project(name="伊滨科技产业园", planned_resumption=date(2020, 3, 1))
    first, second = build_brief(day=date(2020, 3, 9)), build_brief(day=DAY)
    assert_pages(at, first, second)


def assert_pages(at: Desk, first: Brief, second: Brief) -> None:
    address = reverse("admin:bulletins_brief_change", args=[second.pk])
    pdf = reverse("admin:brief_pdf", args=[second.pk])
    for who in (at.liaison, at.lead, at.duty_desk, at.director, at.auditor):
        page = as_(who).get(address)
        assert page.status_code == 200
        assert "伊滨科技产业园" in page.content.decode()
        answer = as_(who).get(pdf)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'inline; filename="brief-2020-03-10.pdf"'
    for where in (address, pdf, reverse("admin:bulletins_brief_changelist")):
        assert as_(at.system_admin).get(where).status_code == 403
    client = as_(at.director)
    shown = client.get(address).content.decode()
    assert reverse("admin:bulletins_brief_change", args=[first.pk]) in shown
    assert "未报项目" in shown
    assert "Projects that did not report" in as_(at.director, "en").get(address).content.decode()
    listed = client.get(reverse("admin:bulletins_brief_changelist")).context["cl"].result_list
    assert [(each.day, each.unreported, each.filed, each.overdue) for each in listed] == [
        (DAY, "1", "0", "0"), (first.day, "1", "0", "0"),
    ]  # fmt: skip
    assert client.get(reverse("admin:bulletins_brief_add")).status_code == 403
    odd = [f"/admin/bulletins/brief/{each}/change/" for each in ("x", "0", "999999999999999999999")]
    assert [client.get(each).status_code for each in odd] == [404, 404, 404]
    assert client.get(reverse("admin:brief_pdf", args=[987654])).status_code == 404
