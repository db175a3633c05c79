"""Entering enterprises and projects: rules, revisions, and who may."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from projects.record.clock import now
from projects.record.refusals import Invalid, NotAllowed, Stale
from projects.register.identifiers import normalise_uscc, uscc_checks, uscc_has_form
from projects.register.models import (
    Enterprise,
    PriorFiling,
    Project,
    ProjectParticipant,
    ProjectRevision,
)
from projects.register.queries import projects_of
from projects.register.registration import (
    add_participant,
    end_participation,
    record_prior_filings,
    register_enterprise,
    revise_project,
)
from tests.factories.coordination import desk, director, enterprise, officer, project

Found = list[tuple[tuple[str | int, ...], str]]


def found(refused: pytest.ExceptionInfo[Invalid]) -> Found:
    return [(error.path, error.code) for error in refused.value.errors]


@pytest.mark.parametrize(
    ("code", "has_form", "checks"),
    [
        ("91350200MA2YJ1XR9G", True, True),
        ("91440101MA5CJQ4N59", True, True),
        ("91410305MA0000015X", True, True),
        ("91410305MA0000015Y", True, False),
        ("91350100M0001TGQXM", True, False),  # genuine, and fails
        ("91410305MA000001I5", False, False),
        ("91410305MA000001", False, False),
        ("", False, False),
    ],
)
def test_codes(code: str, *, has_form: bool, checks: bool) -> None:
    assert (uscc_has_form(code), uscc_checks(code)) == (has_form, checks)
    assert normalise_uscc(f" {code[:8]}-{code[8:]} ".lower()) == code


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("uscc", "name", "expected"),
    [
        ("91410305MA0000015", "某公司", (("uscc",), "uscc")),
        ("91410305MA0000015Y", "某公司", (("uscc",), "uscc-check")),
        ("91410305MA0000015X", "  ", (("name",), "blank")),
    ],
)
def test_an_enterprise_that_cannot_be(uscc: str, name: str, expected: Any) -> None:
    with pytest.raises(Invalid) as refused:
        register_enterprise(uscc=uscc, name=name, by=director())
    assert expected in found(refused)
    assert not Enterprise.objects.exists()


@pytest.mark.django_db
def test_a_genuine_code_that_fails_is_entered_with_a_note_and_once() -> None:
    row = register_enterprise(
        uscc="91350100 m0001tgqxm", name="某公司", uscc_note="营业执照核对", by=director()
    )
    assert row.uscc == "91350100M0001TGQXM"
    with pytest.raises(Invalid) as refused:
        register_enterprise(uscc=row.uscc, name="又", uscc_note="同", by=director())
    assert (("uscc",), "unique") in found(refused)
    assert Enterprise.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"annual_investment": Decimal(11)}, [(("annual_investment",), "over-total")]),
        ({"total_investment": Decimal(-1)}, [(("total_investment",), "min_value")]),
        ({"annual_investment": "NaN"}, [(("annual_investment",), "invalid")]),
        ({"phase": "finished"}, [(("phase",), "invalid_choice")]),
        ({"name": ""}, [(("name",), "blank")]),
        (
            {"phase": "preliminary", "planned_resumption": date(2020, 3, 1)},
            [(("planned_resumption",), "phase")],
        ),
    ],
)
def test_a_project_that_cannot_be(values: dict[str, Any], expected: Found) -> None:
    with pytest.raises(Invalid) as refused:
        project(**values)
    assert found(refused) == expected
    row = project()
    with pytest.raises(Invalid) as refused:
        revise_project(project=row, changes=values, reason="更正", by=director())
    assert found(refused) == expected
    assert Project.objects.count() == ProjectRevision.objects.count() == 1
    assert Project.objects.values().get() == Project.objects.values().get(version=1)


@pytest.mark.django_db
def test_what_was_counted_stays_in_its_revision() -> None:
    row = project()
    revised = revise_project(
        project=row, changes={"total_investment": Decimal(20)}, version=1, by=director()
    )
    assert (revised.version, revised.total_investment) == (2, Decimal(20))
    revisions: list[Any] = list(row.revisions.values_list("number", "total_investment"))
    assert revisions == [(1, 10), (2, 20)]
    with pytest.raises(Stale):
        revise_project(project=row, changes={"name": "新"}, version=1, by=director())
    with pytest.raises(Invalid) as refused:
        revise_project(project=row, changes={"code": "X"}, by=director())
    assert found(refused) == [(("code",), "unknown")]
    assert row.revisions.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        row.revisions.update(name="改")


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["liaison", "group_lead", "auditor"])
def test_who_may_not(role: str) -> None:
    by = officer(role)
    site, client = project(), enterprise()
    before = Enterprise.objects.count()
    with pytest.raises(NotAllowed):
        register_enterprise(uscc="91410305MA0000015X", name="某", by=by)
    with pytest.raises(NotAllowed):
        revise_project(project=site, changes={"name": "新"}, by=by)
    with pytest.raises(NotAllowed):
        add_participant(
            project=site, enterprise=client, role="owner", start=date(2020, 1, 1), by=by
        )
    with pytest.raises(NotAllowed):
        record_prior_filings(filings=[], by=by)
    assert (Enterprise.objects.count(), ProjectParticipant.objects.count()) == (before, 0)


@pytest.mark.django_db
def test_taking_part_from_a_day_to_a_day() -> None:
    at = desk()
    today = timezone.localdate(now())
    row = ProjectParticipant.objects.get(project=at.project)
    with pytest.raises(Invalid) as refused:
        add_participant(
            project=at.project, enterprise=at.enterprise, role="owner", start=today,
            by=at.director,
        )  # fmt: skip
    assert found(refused) == [(("enterprise",), "overlap")]
    with pytest.raises(Invalid) as refused:
        end_participation(participant=row, on=date(2019, 1, 1), by=at.director)
    assert found(refused) == [(("on",), "date-order")]
    end_participation(participant=row, on=today, by=at.director)
    with pytest.raises(Invalid) as refused:
        end_participation(participant=row, on=today, by=at.director)
    assert found(refused) == [(("on",), "ended")]
    yesterday = today - timedelta(days=1)
    assert list(projects_of(at.enterprise, yesterday)) == [at.project]
    assert list(projects_of(at.enterprise, today)) == []


@pytest.mark.django_db
def test_prior_filings_are_recorded_all_or_none() -> None:
    good = {"year": 2019, "name": "一", "total_investment": 9, "annual_investment": 3}
    with pytest.raises(Invalid) as refused:
        record_prior_filings(filings=[good, good | {"name": ""}], by=director())
    assert found(refused) == [((1, "name"), "blank")]
    assert not PriorFiling.objects.exists()
    assert record_prior_filings(filings=[good, good], by=director()) == 2
