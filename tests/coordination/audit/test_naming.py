"""A finding calls a row by its own name, and leads to its page."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from coordination.audit.check import check_record
from coordination.audit.models import CheckBegin, RecordCheck
from coordination.bulletins.issues.verbs import draft
from coordination.bulletins.models import Bulletin
from coordination.bulletins.week import SHANGHAI
from coordination.staff.models import OfficerRevision
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
from projects.progress.report import report
from projects.record.clock import change, now
from projects.record.findings import Difference, Finding
from projects.record.naming import named, sentence
from tests.factories.coordination import desk, filed

pytestmark = pytest.mark.django_db
CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)


def test_each_row_is_called_by_its_own_name() -> None:
    at = desk()
    ticket = filed(at)
    perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    perform(Verb.FULFIL, ticket=ticket, by=at.liaison, line=1, quantity=Decimal(1))
    report(project=at.project, day=CUT_OFF.date(), resumed=False, problems="无", by=at.key)
    with change() as moment:
        bulletin = Bulletin.objects.create(cut_off=CUT_OFF, blocks={}, hash="", built_at=moment)
        issue = draft(bulletin=bulletin)
    number, project = ticket.number, at.project.name
    fulfilment = ticket.fulfilments.get().pk
    revision = OfficerRevision.objects.filter(officer=at.liaison).latest("pk").pk
    cases = {
        ("tickets.ticket", ticket.pk): (f"工单 {number}", ticket),
        ("tickets.ticketevent", f"{ticket.pk}/2"): (f"工单事项 {number} 第2步 受理", ticket),
        ("tickets.ticketevent", f"{ticket.pk}/99"): (f"工单事项 {number} 第99步", ticket),
        ("tickets.ticketevent", "999999/1"): ("工单事项 （编号999999/1）", None),
        ("tickets.vehiclepassline", f"{ticket.pk}/1"): (f"车辆 {number} 第1行", ticket),
        ("tickets.fulfilment", str(fulfilment)): (f"落实记录 · 工单 {number}", ticket),
        ("register.project", at.project.pk): (f"项目 {project}", at.project),
        ("register.projectrevision", at.project.revisions.get().pk):
            (f"项目修订 · 项目 {project}", at.project),
        ("staff.officerrevision", revision):
            (f"人员变更记录 · 工作人员 {at.liaison.name}", at.liaison),
        ("bulletins.bulletin", bulletin.journal_name): ("通报 2020-03-09", issue),
        ("bulletins.issue", issue.pk): ("通报 每周通报 2020-03-09", issue),
        ("bulletins.issueevent", f"{issue.pk}/1"):
            ("通报的办理记录 · 通报 每周通报 2020-03-09", issue),
        ("bulletins.bulletin", "weekly/2020-03-02T09:00:00+00:00/2"):
            ("通报 2020-03-02 (2)", None),
        ("record.anchor", "7"): ("记录封存点 （编号7）", None),
        ("record.anchor", "x"): ("记录封存点 （编号x）", None),
    }  # fmt: skip
    with translation.override("zh-hans"):
        found = {case: named(case[0], str(case[1])) for case in cases}
        assert {case: (each.words, each.row) for case, each in found.items()} == cases


def test_the_page_leads_to_what_a_finding_names(client: Client) -> None:
    at = desk()
    ticket = filed(at)
    check_record()
    findings = [
        ["tickets.ticketevent", f"{ticket.pk}/1", Difference.DELETED],
        ["tickets.ticket", "999999", Difference.DELETED],
    ]
    begin = CheckBegin.objects.create(began_at=now(), is_whole=True, parts=[])
    row = RecordCheck.objects.create(
        begin=begin, began_at=now(), recorded_at=now(), rows=1, found=2, findings=findings,
        anchor_number=0,
    )  # fmt: skip
    client.force_login(at.auditor)
    page = client.get(reverse("admin:audit_recordcheck_change", args=[row.pk]))
    first, second = page.context["findings"]
    assert first["link"] == reverse("admin:tickets_ticket_change", args=[ticket.pk])
    assert (first["words"], first["difference"]) == (
        f"工单事项 {ticket.number} 第1步 提交",
        "被删除",
    )
    assert (second["words"], second["link"]) == ("工单 （编号999999）", "")
    with translation.override("en"):
        said = sentence(Finding(*findings[0]))
    assert said == f"ticket event {ticket.number}, step 1 Submit: it was deleted"
