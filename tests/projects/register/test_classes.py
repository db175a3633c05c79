"""Classes of districts: facts with a day, set on one page by the centre."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import ProgrammingError
from django.test import Client
from django.urls import reverse

from coordination.staff.models import Role
from projects.record.clock import clock_at
from projects.record.journal import wrong_rows
from projects.record.models import Act
from projects.record.refusals import Invalid, NotAllowed, Stale
from projects.register.classes import classes_version, set_classes
from projects.register.models import DistrictClass
from projects.register.queries import classes_at
from tests.factories.coordination import director, officer

pytestmark = pytest.mark.django_db
NOW = datetime(2020, 3, 9, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = NOW.date()
PAGE = "admin:register_district_classes"
LUOLONG, SONG = "410311", "410325"


def kept() -> list[tuple[str, str, date]]:
    rows = DistrictClass.objects.order_by("pk")
    return [(row.district.code, row.assigned, row.since) for row in rows]


def given(at: datetime) -> dict[str, str]:
    codes = dict(DistrictClass.objects.values_list("district_id", "district__code"))
    return {codes[key]: each for key, each in classes_at(at).items()}


def test_each_change_is_one_fact_with_its_day() -> None:
    by = director()
    with clock_at(NOW):
        set_classes(classes={LUOLONG: "first", SONG: "second", "410305": ""}, since=DAY, by=by)
    with clock_at(NOW + timedelta(days=2)):
        set_classes(
            classes={LUOLONG: "first", SONG: ""}, since=DAY + timedelta(days=1), reason=" 调整 ",
            by=by,
        )  # fmt: skip
    assert kept() == [
        (LUOLONG, "first", DAY), (SONG, "second", DAY), (SONG, "", DAY + timedelta(days=1)),
    ]  # fmt: skip
    assert [row.reason for row in DistrictClass.objects.order_by("pk")] == ["", "", "调整"]
    assert given(NOW - timedelta(seconds=1)) == {}
    assert given(NOW) == given(NOW + timedelta(days=1)) == {LUOLONG: "first", SONG: "second"}
    assert given(NOW + timedelta(days=2)) == {LUOLONG: "first"}
    acts = Act.objects.filter(about_model="register.district").order_by("pk")
    assert [(act.about_name, act.changes, act.officer) for act in acts] == [
        ("洛龙区", {"class": ["", "first"]}, by), ("嵩县", {"class": ["", "second"]}, by),
        ("嵩县", {"class": ["second", ""]}, by),
    ]  # fmt: skip


def test_the_same_day_corrects() -> None:
    with clock_at(NOW):
        for assigned in ("first", "third"):
            set_classes(classes={SONG: assigned}, since=DAY, by=director())
    assert given(NOW) == {SONG: "third"}


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"since": DAY + timedelta(days=1)}, ["since"]),
        ({"since": DAY - timedelta(days=1)}, [SONG]),
        ({"classes": {SONG: "first"}}, ["classes"]),
        ({"classes": {}}, ["classes"]),
        ({"classes": {SONG: "fifth", "410305": "sixth"}}, [SONG, "410305"]),
        ({"classes": {"410308": "first"}}, ["410308"]),  # 孟津区 is of the year after
        ({"classes": {"999999": "first"}}, ["999999"]),
        ({"reason": "长" * 201}, ["reason"]),
    ],
)
def test_what_is_refused_changes_nothing(changed: dict[str, Any], wrong: list[str]) -> None:
    with clock_at(NOW):
        set_classes(classes={SONG: "first"}, since=DAY, by=director())
        before = (kept(), Act.objects.count())
        asked: dict[str, Any] = {"classes": {SONG: "second"}, "since": DAY} | changed
        with pytest.raises(Invalid) as refused:
            set_classes(**asked, by=director())
    assert [error.path[0] for error in refused.value.errors] == wrong
    assert (kept(), Act.objects.count()) == before


@pytest.mark.parametrize("role", [Role.LIAISON, Role.GROUP_LEAD, Role.AUDITOR])
def test_it_is_the_centres_alone(role: Role) -> None:
    with clock_at(NOW), pytest.raises(NotAllowed):
        set_classes(classes={SONG: "first"}, since=DAY, by=officer(role))
    assert kept() == []


def test_a_page_that_is_old_changes_nothing() -> None:
    with clock_at(NOW):
        old = classes_version()
        set_classes(classes={SONG: "first"}, since=DAY, version=old, by=director())
        with pytest.raises(Stale):
            set_classes(classes={SONG: ""}, since=DAY, version=old, by=director())
    assert kept() == [(SONG, "first", DAY)]


@pytest.mark.django_db(transaction=True)
def test_a_fact_is_never_altered_and_the_journal_knows_it(
    owner_cursor: psycopg.Cursor[object],
) -> None:
    with clock_at(NOW):
        set_classes(classes={SONG: "first"}, since=DAY, by=director())
    with pytest.raises(ProgrammingError, match="permission denied"):
        DistrictClass.objects.update(assigned="second")
    assert list(wrong_rows("register_districtclass")) == []
    with pytest.raises(psycopg.errors.RaiseException, match="Cannot update"):
        owner_cursor.execute("UPDATE register_districtclass SET assigned = 'second'")
    assert kept() == [(SONG, "first", DAY)]


def test_the_page(client: Client) -> None:
    by = officer(Role.DUTY_DESK)
    client.force_login(by, backend="coordination.staff.roles.RoleBackend")
    with clock_at(NOW):
        set_classes(classes={SONG: "first"}, since=date(2020, 2, 1), by=director())
        form = client.get(reverse(PAGE)).context["form"]
        sent = {name: form.get_initial_for_field(form.fields[name], name) for name in form.fields}
        assert (sent[SONG], sent[LUOLONG], sent["since"]) == ("first", "", DAY)
        assert "410308" not in sent
        sent |= {LUOLONG: "second", "reason": ""}
        assert client.post(reverse(PAGE), sent).status_code == 302
        again = client.post(reverse(PAGE), sent)
        assert again.status_code == 200  # the page was old
        sent["version"] = classes_version()
        refused = client.post(reverse(PAGE), sent)
        assert list(refused.context["form"].non_field_errors()) == ["已是该状态。"]
        listed = client.get(reverse("admin:register_district_changelist"))
        row = DistrictClass.objects.get(district__code=LUOLONG)
        history = client.get(reverse("admin:register_district_change", args=[row.district_id]))
    assert kept() == [(SONG, "first", date(2020, 2, 1)), (LUOLONG, "second", DAY)]
    assert reverse(PAGE) in listed.content.decode()
    assert {each.code: each.assigned for each in listed.context["cl"].result_list}[LUOLONG] == (
        "second"
    )
    assert str(by) in history.content.decode()
