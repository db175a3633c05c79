"""Three workbooks of a first day by real clicks: the projects, who takes part, who serves them."""

from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from coordination.groups.models import Assignment
from projects.imports.models import Import, State
from projects.imports.work import do_waiting
from projects.record.clock import now
from projects.register.models import Batch, District, ProjectParticipant
from projects.register.queries import register_at
from tests.browser.test_every_page import serious
from tests.browser.test_queue_to_write_off import fits, log_in, picture
from tests.factories.coordination import Desk, desk
from tests.factories.district_sheets import (
    assignments_workbook,
    enterprises_workbook,
    listed,
    projects_workbook,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PROJECTS: Final = 60


@pytest.fixture
def at(transactional_db: None) -> Desk:
    return desk()


def looks_right(page: Any, name: str) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page, width)
        picture(page, f"{name}-{width}")
    assert serious(page) == []


def sent(page: Any, sheet: str, file: Path) -> Import:
    """Send the workbook, and wait for its preview."""
    page.goto(reverse("admin:imports_import_add"))
    page.select_option("[name=sheet]", sheet)
    page.set_input_files("input[type=file]", str(file))
    with page.expect_navigation():
        page.locator("#send button[type=submit]").click()
    assert do_waiting() == 1
    expect(page.locator("#confirm")).to_be_visible()  # the page asks by itself
    return Import.objects.latest("pk")


def carried_out(page: Any, sheet: str, file: Path) -> Import:
    of = sent(page, sheet, file)
    for box in page.locator("#confirm [name=seen]").all():
        box.check()
    looks_right(page, f"first-sheets-{sheet}")
    with page.expect_navigation():
        page.locator("#confirm button[type=submit]").click()
    assert do_waiting() == 1
    expect(page.locator("#undo")).to_be_attached()
    of.refresh_from_db()
    assert (of.state, of.problem) == (State.DONE, "")
    return of


def test_three_workbooks_register_and_assign_everything(
    page: Any, at: Desk, tmp_path: Path
) -> None:
    today = timezone.localdate(now())
    names = dict(District.objects.filter(valid__contains=today).values_list("code", "name"))
    projects = listed(names, today.year)[:PROJECTS]
    batch = {"year": today.year, "ordinal": 9, "name": f"{today.year}年第九批"}
    Batch.objects.create(**batch)
    groups = [
        (at.group.name, [at.liaison.name, at.deputy.name]),
        (at.other_group.name, [at.other_liaison.name, at.helper.name]),
    ]
    page.set_viewport_size({"width": 1280, "height": 900})
    log_in(page, at.director)

    projects_sheet = projects_workbook(tmp_path, projects, names, today.year)
    of = carried_out(page, "projects", projects_sheet)
    assert of.counts == {"new": PROJECTS, "changed": 0, "unchanged": 0, "refused": 0}
    kept = list(
        register_at(now()).exclude(project=at.project).order_by("project__code")
        .values_list("project", "project__code", "total_investment", "annual_investment")
    )  # fmt: skip
    assert [row[1:] for row in kept] == [(each.code, each.total, each.annual) for each in projects]
    registered = [row[0] for row in kept]

    of = carried_out(page, "enterprises", enterprises_workbook(tmp_path, projects))
    assert of.counts == {"new": 2 * PROJECTS, "changed": 0, "unchanged": 0, "refused": 0}
    parts = ProjectParticipant.objects.filter(project__in=registered).values_list("role", flat=True)
    assert Counter(parts) == {"owner": PROJECTS, "contractor": PROJECTS}

    of = carried_out(page, "assignments", assignments_workbook(tmp_path, projects, groups))
    assert of.counts == {"new": PROJECTS, "changed": 0, "unchanged": 0, "refused": 0}
    served = Assignment.objects.filter(project__in=registered, during__contains=now())
    assert Counter(served.values_list("liaison__name", flat=True)) == {
        name: PROJECTS // 4 for _group, liaisons in groups for name in liaisons
    }

    again = sent(page, "projects", projects_sheet)
    assert again.counts == {"new": 0, "changed": 0, "unchanged": PROJECTS, "refused": 0}
