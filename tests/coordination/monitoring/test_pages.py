"""What officers see: who was asked and chased, figures to be verified, and their settlement."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.monitoring.ask import ask_due
from coordination.monitoring.matters import doubtful_figures
from coordination.monitoring.models import Asking
from coordination.staff.models import Officer
from projects.progress.models import FlagSettlement
from projects.progress.queries_reporting import open_flags
from projects.progress.report import report
from projects.record.clock import clock_at
from projects.record.models import Act
from tests.coordination.monitoring.scene import march, on, reporter, site, working_desk
from tests.factories.coordination import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(db: None) -> Desk:
    return working_desk()


def seen_by(officer: Officer, address: str, hour: int = 18, **sent: Any) -> Any:
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer, backend="coordination.staff.roles.RoleBackend")
    with clock_at(on(10, hour)):
        return client.post(address, sent) if sent else client.get(address)


def test_who_has_not_reported_was_asked_and_chased_or_nobody_is_named(at: Desk) -> None:
    reporter(at)
    nobody = site(at)
    for hour in (15, 18):
        with clock_at(on(10, hour)):
            ask_due()
    said = seen_by(at.duty_desk, reverse("unreported")).content.decode()
    assert said.count("王**") == 1
    assert "王五" not in said
    assert "asked" in said
    assert "chased" in said
    assert f"{reverse('admin:progress_reporter_add')}?project={nobody.code}" in said


def test_the_projects_page_has_its_reporters_and_what_is_doubtful(at: Desk) -> None:
    row = reporter(at)
    with clock_at(on(10, 12)):
        report(
            project=at.project, day=march(10), resumed=True, month_investment=Decimal(99_999),
            by=row,
        )  # fmt: skip
    (flag,) = open_flags()
    address = reverse("admin:register_project_change", args=[at.project.pk])
    said = seen_by(at.duty_desk, address).content.decode()
    assert "王**" in said
    assert "137****7000" not in said  # none is entered
    settle = reverse("admin:progress_reportflag_settle", args=[flag.pk])
    assert settle in said
    answer = seen_by(at.duty_desk, settle, outcome="explained", note="已与项目核对")
    assert answer.status_code == 302
    assert FlagSettlement.objects.get().officer == at.duty_desk
    listed = reverse("admin:progress_reportflag_changelist")
    assert "已与项目核对" in seen_by(at.auditor, listed).content.decode()
    waiting = seen_by(at.liaison, f"{listed}?settled=no").content.decode()
    assert "已与项目核对" not in waiting


def test_opening_a_reporters_particulars_is_on_record(at: Desk) -> None:
    row = reporter(at)
    address = reverse("admin:progress_reporter_correct", args=[row.pk])
    assert 'value="王五"' in seen_by(at.liaison, address).content.decode()
    assert seen_by(at.auditor, address).status_code in {302, 403}
    assert list(Act.objects.filter(what="reporter-opened").values_list("officer", flat=True)) == [
        at.liaison.pk
    ]


def test_an_officer_hands_a_link_over(at: Desk) -> None:
    row = reporter(at, email="")
    answer = seen_by(at.liaison, reverse("show_daily_link", args=[row.pk]), a="1")
    assert "/report/" in answer.content.decode()
    assert [each.kind for each in Asking.objects.all()] == ["shown"]
    assert seen_by(at.auditor, reverse("show_daily_link", args=[row.pk]), a="1").status_code == 403
    answer = seen_by(at.liaison, reverse("send_daily_link", args=[row.pk]), a="1")
    assert answer.status_code == 302  # refused in words: there is no address
    assert Asking.objects.count() == 1


def test_doubtful_figures_wait_for_who_serves_the_project(at: Desk) -> None:
    with clock_at(on(10, 12)):
        report(
            project=at.project, day=march(10), resumed=True, month_investment=Decimal(99_999),
            by=at.key,
        )  # fmt: skip
        found = {
            name: doubtful_figures(getattr(at, name), on(10, 12))
            for name in ("duty_desk", "liaison", "director", "auditor", "system_admin")
        }
    assert {name: each[0] if each else 0 for name, each in found.items()} == {
        "duty_desk": 1, "liaison": 0, "director": 0, "auditor": 0, "system_admin": 0,
    }  # fmt: skip
