"""Who may do what to accounts: system, security and audit administration exclude each other."""

from collections.abc import Callable
from io import StringIO
from typing import Any, Final

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from coordination.staff.models import ADMINISTRATORS, Officer, OfficerRevision, Role
from coordination.staff.revise import grant_role, record_officer
from coordination.workbench.departures.relieve import (
    Kind,
    Relief,
    plan_relief,
    relieve_officer,
)
from projects.house.rooms import permissions_of
from projects.record.models import Act
from projects.record.refusals import Invalid, NotAllowed, Refusal
from tests.bed.races import race
from tests.coordination.staff.scene import acts, sign_in
from tests.factories.coordination import Desk, desk, officer

pytestmark = pytest.mark.django_db
ACCOUNTS: Final = {"staff.add_officer", "staff.change_officer"}
SECURITY: Final = {"staff.grant_role", "staff.reset_second_factor", "staff.unlock_officer"}
AUDIT: Final = {"record.view_act"}


@pytest.fixture
def at() -> Desk:
    return desk()


def test_no_role_has_two_of_the_three() -> None:
    holders = {
        role: {
            name
            for name, group in (("system", ACCOUNTS), ("security", SECURITY), ("audit", AUDIT))
            if permissions_of(role) & group
        }
        for role in Role
    }
    assert {role: found for role, found in holders.items() if found} == {
        Role.SYSTEM_ADMIN: {"system"}, Role.SECURITY_ADMIN: {"security"}, Role.AUDITOR: {"audit"},
    }  # fmt: skip


def test_nobody_may_clear_the_record_and_the_auditor_changes_nothing() -> None:
    for role in Role:
        granted = permissions_of(role)
        assert {each for each in granted if each.startswith("record.")} <= AUDIT
    changing = [each for each in permissions_of(Role.AUDITOR) if ".view_" not in each]
    assert changing == ["audit.run_recordcheck"]  # he may ask for a check of the record


def test_administrators_see_no_business() -> None:
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        assert not {"tickets.view_ticket", "register.view_project", "privacy.view_reveal"} & (
            permissions_of(role)
        )


def as_(who: Officer) -> Client:
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(who)
    return client


def test_an_account_is_made_by_one_and_given_its_power_by_another(at: Desk) -> None:
    typed = {
        "username": "newcomer", "name": "新来的", "mobile": "", "role": Role.DIRECTOR,
        "password1": "Xinlaide-1", "password2": "Xinlaide-1", "usable_password": "true",
    }  # fmt: skip
    for other in (at.director, at.security_admin, at.auditor, at.duty_desk):
        assert as_(other).post("/admin/staff/officer/add/", typed).status_code == 403
    assert as_(at.system_admin).post("/admin/staff/officer/add/", typed).status_code == 302
    made = Officer.objects.get(username="newcomer")
    assert (made.role, made.is_staff, made.is_superuser, made.password_set_at) == (
        "", True, False, None,
    )  # fmt: skip
    assert made.get_all_permissions() == set()
    typed = {"role": Role.AUDITOR, "reason": "任命"}
    page = f"/admin/staff/officer/{made.pk}/grant/"
    for other in (at.director, at.system_admin, at.auditor):
        assert as_(other).post(page, typed).status_code == 403
    assert as_(at.security_admin).post(page, typed).status_code == 302
    made = Officer.objects.get(pk=made.pk)
    last = OfficerRevision.objects.filter(officer=made).latest("pk")
    assert (made.role, last.by, last.reason) == (Role.AUDITOR, at.security_admin, "任命")
    recorded = Act.objects.filter(about_id=made.pk, about_model="staff.officer").order_by("pk")
    assert [(each.what, each.officer, each.changes) for each in recorded] == [
        ("added", at.system_admin, {}),
        ("changed", at.security_admin, {"role": ["", "auditor"]}),
    ]  # fmt: skip
    client = Client()
    assert sign_in("newcomer", "Xinlaide-1", client).status_code == 302
    assert client.get("/admin/")["Location"].startswith("/admin/password_change/")


GRANTS: Final[dict[str, Callable[[Desk], dict[str, Any]]]] = {
    "to himself": lambda at: {"officer": at.security_admin, "role": Role.AUDITOR},
    "to who has a post": lambda at: {"officer": at.liaison, "role": Role.SYSTEM_ADMIN},
    "of the last system administrator": lambda at: {"officer": at.system_admin, "role": ""},
    "unknown": lambda at: {"officer": at.auditor, "role": "emperor"},
    "of the desk": lambda at: {"officer": at.auditor, "role": Role.DUTY_DESK},
    "of a second director": lambda at: {"officer": at.auditor, "role": Role.DIRECTOR},
    "without a reason": lambda at: {"officer": at.auditor, "role": "", "reason": " "},
    "by the director": lambda at: {"officer": at.auditor, "role": "", "by": at.director},
    "by the system administrator": lambda at: {
        "officer": officer(""), "role": Role.SYSTEM_ADMIN, "by": at.system_admin,
    },
}  # fmt: skip


@pytest.mark.parametrize("case", GRANTS)
def test_a_role_is_not_granted(at: Desk, case: str) -> None:
    given: dict[str, Any] = {"reason": "调整", "by": at.security_admin} | GRANTS[case](at)
    before = given["officer"].role
    with pytest.raises(Refusal):
        grant_role(**given)
    assert Officer.objects.get(pk=given["officer"].pk).role == before
    assert acts_about(given["officer"]) == []


POSTS: Final = {
    Role.LIAISON, Role.GROUP_LEAD, Role.DUTY_DESK, Role.DIRECTOR, Role.LEADER,
    Role.DISTRICT_REPORTER,
}  # fmt: skip


def offered(answer: Any) -> set[str]:
    return {value for value, _label in answer.context["form"].fields["role"].widget.choices}


@pytest.mark.parametrize("has_director", [True, False])
@pytest.mark.parametrize("was", ["", Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_only_what_he_may_grant_is_offered(at: Desk, was: str, *, has_director: bool) -> None:
    if not has_director:
        Officer.objects.filter(role=Role.DIRECTOR).update(is_active=False)
    whose, client = officer(was), as_(at.security_admin)
    page = f"/admin/staff/officer/{whose.pk}/grant/"
    granted = {"", *ADMINISTRATORS} | ({Role.DIRECTOR} if not has_director else set())
    assert offered(client.get(page)) == granted
    for role in POSTS - granted:
        answer = client.post(page, {"role": role, "reason": "任命"})
        assert answer.context["form"].errors == {
            "role": ["联络员、组长、值班台、主任由主任在“停用或调整”页面给予。"]
        }
    answer = client.post(page, {"role": "emperor", "reason": ""})
    assert dict(answer.context["form"].errors) == {
        "role": ["没有这种角色。"], "reason": ["请说明原因。"]
    }  # fmt: skip
    assert Officer.objects.get(pk=whose.pk).role == was
    assert acts_about(whose) == []
    for each in sorted(granted):
        assert client.post(page, {"role": each, "reason": "任命"}).status_code == 302
        assert Officer.objects.get(pk=whose.pk).role == each
        Officer.objects.filter(pk=whose.pk).update(role=was)


KINDS: Final = {
    "director": set(Kind), "group_lead": {Kind.LEAVE_GROUP, Kind.DEACTIVATE},
    "duty_desk": {Kind.LEAVE_GROUP, Kind.MOVE, Kind.DEACTIVATE}, "system_admin": {Kind.DEACTIVATE},
}  # fmt: skip


@pytest.mark.parametrize("by", KINDS)
def test_only_who_gives_posts_is_offered_them(at: Desk, by: str) -> None:
    whom, client = at.liaison, as_(getattr(at, "lead" if by == "group_lead" else by))
    page = f"/admin/staff/officer/{whom.pk}/relieve/"
    form = client.get(page).context["form"]
    assert {value for value, _label in form.fields["kind"].choices} == KINDS[by]
    posts = {value for value, _label in getattr(form.fields.get("role"), "choices", ())}
    assert posts == ({"", *POSTS} if by == "director" else set())
    typed = {"kind": Kind.CHANGE_ROLE, "to": "leave", "role": Role.GROUP_LEAD, "reason": "任命"}
    answer = client.post(page, typed)
    refused = set(answer.context["form"].errors)
    assert refused == (set() if by == "director" else {"kind"})
    assert Officer.objects.get(pk=whom.pk).role == Role.LIAISON  # shown, not yet confirmed


def acts_about(who: Officer) -> list[str]:
    return [what for what, _by, about, _from in acts() if about == who.pk and what == "changed"]


def deactivated(who: Officer) -> Relief:
    return Relief(officer=who, kind=Kind.DEACTIVATE, to="leave", reason="离职")


def test_the_last_system_administrator_stays(at: Desk) -> None:
    only, root = at.system_admin, officer()
    Officer.objects.filter(pk=root.pk).update(is_superuser=True)
    root = Officer.objects.get(pk=root.pk)
    gone = Officer.objects.get(pk=only.pk)
    gone.is_active = False
    tries: list[Callable[[], Any]] = [
        lambda: relieve_officer(relief=deactivated(only), by=root),
        lambda: record_officer(officer=gone, changed=["is_active"], by=root),
        lambda: grant_role(officer=only, role="", reason="调整", by=at.security_admin),
    ]
    for attempt in tries:
        with pytest.raises(NotAllowed) as refused, transaction.atomic():
            attempt()
        assert "这是最后一名系统管理员" in str(refused.value.message)
    only.refresh_from_db()
    assert (only.is_active, only.role) == (True, Role.SYSTEM_ADMIN)
    second = officer(Role.SYSTEM_ADMIN)
    relieve_officer(relief=deactivated(only), by=second)
    assert not Officer.objects.get(pk=only.pk).is_active


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDITOR])
def test_the_last_of_the_others_stays_too(at: Desk, role: str) -> None:
    only, by = officer(role), officer(Role.SECURITY_ADMIN)
    Officer.objects.filter(role=role).exclude(pk__in=[only.pk, by.pk]).update(is_active=False)
    Officer.objects.filter(pk=by.pk).update(role="", is_superuser=True)
    by = Officer.objects.get(pk=by.pk)
    with pytest.raises(NotAllowed):
        grant_role(officer=only, role="", reason="调整", by=by)
    assert Officer.objects.get(pk=only.pk).role == role


def test_one_who_becomes_active_again_has_no_role(at: Desk) -> None:
    Officer.objects.filter(pk=at.director.pk).update(is_active=False)
    back = Officer.objects.get(pk=at.director.pk)
    back.is_active = True
    record_officer(officer=back, changed=["is_active"], by=at.system_admin)
    stored = Officer.objects.get(pk=back.pk)
    assert (stored.is_active, stored.role) == (True, "")


@pytest.mark.django_db(transaction=True)
def test_two_do_not_put_each_other_out_of_service(at: Desk) -> None:
    first, second = at.system_admin, officer(Role.SYSTEM_ADMIN)
    ended = race(
        lambda: relieve_officer(relief=deactivated(first), by=second),
        lambda: relieve_officer(relief=deactivated(second), by=first),
    )
    assert sum(isinstance(each.error, NotAllowed) for each in ended) == 1
    assert Officer.objects.filter(role=Role.SYSTEM_ADMIN, is_active=True).count() == 1


def test_who_takes_whom_out_of_service(at: Desk) -> None:
    may = {
        (by, whom)
        for by in ("director", "duty_desk", "system_admin", "security_admin", "auditor")
        for whom in ("liaison", "director", "auditor", "security_admin")
        if by != whom and may_deactivate(getattr(at, whom), getattr(at, by))
    }
    assert may == {
        ("director", "liaison"), ("duty_desk", "liaison"), ("system_admin", "auditor"),
        ("system_admin", "security_admin"),
    }  # fmt: skip


def may_deactivate(whom: Officer, by: Officer) -> bool:
    """Whether it is allowed; it is not done."""
    try:
        plan_relief(relief=deactivated(whom), by=by)
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_the_director_gives_posts_and_no_administrators_role(at: Desk, role: str) -> None:
    newcomer = officer("")
    given: dict[str, Any] = {"officer": newcomer, "kind": Kind.CHANGE_ROLE, "to": "leave"}
    with pytest.raises(Invalid):
        relieve_officer(relief=Relief(**given, reason="任命", role=role), by=at.director)
    relieve_officer(relief=Relief(**given, reason="任命", role=Role.DUTY_DESK), by=at.director)
    assert Officer.objects.get(pk=newcomer.pk).role == Role.DUTY_DESK


def test_a_role_is_not_changed_as_a_field(at: Desk) -> None:
    at.liaison.role = Role.SYSTEM_ADMIN
    with pytest.raises(NotAllowed):
        record_officer(officer=at.liaison, changed=["role"], by=at.system_admin)
    typed = {
        "username": at.liaison.username,
        "name": "改名",
        "role": Role.SYSTEM_ADMIN,
        "mobile": "",
    }
    page = f"/admin/staff/officer/{at.liaison.pk}/change/"
    assert as_(at.system_admin).post(page, typed).status_code == 302
    row = Officer.objects.get(pk=at.liaison.pk)
    assert (row.name, row.role) == ("改名", Role.LIAISON)


def make(monkeypatch: pytest.MonkeyPatch, password: str, *args: str) -> str:
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    said = StringIO()
    call_command("first_administrator", *args, stdout=said)
    return said.getvalue()


ASKED: Final = ("--username", "first", "--name", "首任")


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_the_first_of_each_is_made_on_the_server(
    monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    for weak in ("", "short-1", "first-first-1", "alllowercase"):
        with pytest.raises(CommandError):
            make(monkeypatch, weak, *ASKED, "--role", role)
    assert not Officer.objects.exists()
    make(monkeypatch, "Shouren-2026", *ASKED, "--role", role)
    made = Officer.objects.get()
    assert (made.role, made.is_superuser, made.check_password("Shouren-2026")) == (
        role,
        False,
        True,
    )
    assert [each[0] for each in acts()] == ["added"]
    client = Client()
    assert sign_in("first", "Shouren-2026", client).status_code == 302
    assert client.get("/admin/").status_code == 200
    with pytest.raises(CommandError):
        make(monkeypatch, "Shouren-2026", "--username", "b", "--name", "乙", "--role", role)
    assert Officer.objects.count() == 1


@pytest.mark.parametrize("name", ["", "two words", "x" * 151])
def test_a_name_that_no_account_may_have(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("builtins.input", lambda _asked: name)
    with pytest.raises(CommandError):
        make(monkeypatch, "Shouren-2026", "--username", name, "--name", "首任")
    assert not Officer.objects.exists()


def test_no_account_holds_everything() -> None:
    with pytest.raises(CommandError, match="first_administrator"):
        call_command("createsuperuser")
    assert not Officer.objects.exists()


def direct(monkeypatch: pytest.MonkeyPatch, typed: str, *args: str) -> str:
    monkeypatch.setattr("sys.stdin", StringIO(typed))
    said = StringIO()
    call_command("first_director", *args, stdout=said)
    return said.getvalue()


REFUSED: Final = {
    "": "password: ", "王主任\nzhang san\nHaode-2026\n": "username: ",
    "王主任\nwang\nshort\n": "password: ", "\nwang\nHaode-2026\n": "name: ",
    "王主任\nwang\nHaode-王主任\n": "password: ",
}  # fmt: skip


@pytest.mark.parametrize("typed", REFUSED)
def test_what_the_first_director_may_not_type(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    with pytest.raises(CommandError) as refused:
        direct(monkeypatch, typed)
    assert REFUSED[typed] in str(refused.value)
    assert not Officer.objects.exists()


def test_the_first_director_is_asked_and_there_is_one_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    how = direct(monkeypatch, "", "--how")
    assert "manage.py first_director\n" in how
    assert "尚无主任账号" in how
    direct(monkeypatch, "王主任\nwang\nHaode-2026\n")
    made = Officer.objects.get()
    assert (made.name, made.username, made.role, made.is_superuser, made.is_staff) == (
        "王主任", "wang", Role.DIRECTOR, False, True,
    )  # fmt: skip
    assert [each[0] for each in acts()] == ["added"]
    assert sign_in("wang", "Haode-2026").status_code == 302
    assert direct(monkeypatch, "", "--how") == ""
    with pytest.raises(CommandError, match="已有主任账号"):
        direct(monkeypatch, "李主任\nli\nHaode-2026\n")
    assert Officer.objects.count() == 1
