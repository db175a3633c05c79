"""District reporters and leaders in charge: what each sees, by when his post holds.

The matrix of pages lets both in; here is what stands on the pages, and that nothing of a project
outside their scope is on any of them.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coordination.groups.models import Responsibility
from coordination.groups.posts import (
    end_district_post,
    end_responsibility,
    give_district,
    give_responsibility,
)
from coordination.staff.models import Officer, Role
from coordination.tickets.attachments.queries import attachments_of
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries import allowed_verbs, tickets_for
from coordination.tickets.reader import Reader
from coordination.workbench.export.ask import request_export
from coordination.workbench.queue.filters import parse_queue
from projects.progress.models import DailyReport
from projects.progress.report import report
from projects.record.clock import clock_at, now
from projects.record.refusals import Missing, NotAllowed
from projects.register.models import District, Enterprise, Project, ProjectParticipant
from projects.register.queries_scopes import projects_seen_by
from projects.register.registration import add_participant
from tests.coordination.workbench.page_matrix import PUBLIC
from tests.coordination.workbench.page_walk import WIDE, Walk, is_let_in
from tests.coordination.workbench.test_page_matrix import ADDRESSES, MATRIX
from tests.factories.coordination import (
    Desk,
    desk,
    enterprise,
    filed,
    officer,
    project,
)

pytestmark = pytest.mark.django_db
ELSEWHERE: Final = "410305"
STATES: Final = ("inside", "outside", "ended", "tomorrow")
_OUT: Final = {404, 302}  # as for a row that is not there: the admin leads back to its first page


@dataclass
class Elsewhere:
    """A project of another district, with all that hangs on one."""

    project: Project
    enterprise: Enterprise
    ticket: Ticket

    @property
    def words(self) -> list[str]:
        """What a page that shows something of it would hold."""
        return [self.project.name, self.project.code, self.enterprise.name, self.ticket.number]


def elsewhere(at: Desk) -> Elsewhere:
    by = at.director
    site = project(
        name="隔壁区示例项目", district=District.objects.get(code=ELSEWHERE),
        planned_resumption=date(2020, 1, 1), by=by,
    )  # fmt: skip
    owner = enterprise(by=by)
    add_participant(project=site, enterprise=owner, role="owner", start=date(2020, 1, 1), by=by)
    report(project=site, day=timezone.localdate(now()) - timedelta(days=3), resumed=True, by=by)
    ticket = filed(at, project=site, enterprise=owner, by=at.duty_desk)
    return Elsewhere(site, owner, ticket)


def posted(role: Role, state: str, site: Project, other: Project, by: Officer) -> Officer:
    """Somebody whose post for the project holds, holds for another one, has ended, or begins."""
    made = officer(role)
    if role == Role.LEADER:
        _lead(made, state, site, other, by)
    elif state == "ended":
        with clock_at(now() - timedelta(days=3)):
            post = give_district(officer=made, district=site.district, by=by)
        with clock_at(now() - timedelta(days=1)):
            end_district_post(post=post, by=by)
    else:
        start = timezone.localdate(now()) + timedelta(days=1) if state == "tomorrow" else None
        district = other.district if state == "outside" else site.district
        give_district(officer=made, district=district, start=start, by=by)
    return made


def _lead(made: Officer, state: str, site: Project, other: Project, by: Officer) -> None:
    """The walk's leader has the project now, so what was and what will be is written as a row."""
    if state in {"inside", "outside"}:
        own = site if state == "inside" else other
        give_responsibility(officer=made, projects=[own], instead=True, by=by)
        return
    at, day = now(), timedelta(days=1)
    for row in Responsibility.objects.filter(project=site, ended_at=None):
        end_responsibility(responsibility=row, by=by)
    during = (at - 3 * day, at - day) if state == "ended" else (at + day, None)
    Responsibility.objects.create(
        officer=made, project=site, during=DateTimeTZRange(*during), recorded_at=during[0],
        recorded_by=by, ended_at=during[1],
    )  # fmt: skip


def signed_in(who: Officer) -> Client:
    """In English, whatever the words are called in another language."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def opened_to_own(role: Role) -> list[str]:
    """The addresses that let this role in, and not everybody."""
    letter = "e" if role == Role.LEADER else "r"
    named = {"wide": WIDE, "desk": "", "all": ""}
    return [
        pattern for pattern in ADDRESSES
        if letter in named.get(MATRIX[pattern][0], MATRIX[pattern][0]) and pattern not in PUBLIC
    ]  # fmt: skip


def words_of(answer: Any) -> str:
    """What a page says, or a workbook that is sent in pieces."""
    if not answer.streaming:
        return str(answer.content.decode())
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", [Role.DISTRICT_REPORTER, Role.LEADER])
@pytest.mark.parametrize("state", STATES)
def test_no_page_holds_anything_of_a_project_outside(role: Role, state: str) -> None:
    """Each page of the matrix that the role may open, and the first page."""
    walk = Walk()
    at = walk.at
    other = elsewhere(at)  # after what the addresses of the walk lead to
    walk.officers["x"] = posted(role, state, at.project, other.project, at.director)
    own = [at.project.name, at.project.code, at.enterprise.name, walk.ticket.number]
    hidden = other.words if state == "inside" else own
    shown, refused = "", set()
    for pattern in ["admin/", *opened_to_own(role)]:
        answer: Any = walk.ask("x", "GET", pattern)
        assert walk.written == [] or answer.status_code < 400, pattern
        text = words_of(answer)
        assert [each for each in hidden if each in text] == [], pattern
        shown += text
        if not is_let_in(answer) or (answer.status_code == 302 and "object_id" in pattern):
            refused.add(pattern)
            assert answer.status_code in _OUT, pattern
    rows = {each for each in opened_to_own(role) if "_id>" in each and "issue" not in each}
    assert refused - {"admin/tickets/ticket/<path:object_id>/"} == (
        set() if state == "inside" else rows
    )
    expected = own if role == Role.LEADER else own[:3]
    if state == "inside":
        assert [each for each in expected if each not in shown] == []


@pytest.mark.parametrize("role", [Role.DISTRICT_REPORTER, Role.LEADER])
@pytest.mark.parametrize("state", STATES)
def test_what_belongs_to_the_project_is_missing_outside(role: Role, state: str) -> None:
    """Lists, filters, suggestions and queries, by who asks and when his post holds."""
    at = desk()
    ticket, other = filed(at), elsewhere(at)
    who, is_inside = posted(role, state, at.project, other.project, at.director), state == "inside"
    client = signed_in(who)
    seen = {"inside": [at.project], "outside": [other.project]}.get(state, [])
    assert list(projects_seen_by(who, now())) == seen
    mine = {"inside": {ticket.pk}, "outside": {other.ticket.pk}}
    known = mine.get(state, set()) if role == Role.LEADER else set()
    assert set(tickets_for(who).values_list("pk", flat=True)) == known
    assert set(Reader(who).tickets.values_list("pk", flat=True)) == known
    suggested = {
        name: json.loads(client.get(f"/admin/register/{name}/suggest/?q=示例").content)["found"]
        for name in ("project", "enterprise")
    }
    assert suggested["project"] == [f"{each.code} {each.name}" for each in seen]
    assert len(suggested["enterprise"]) == len(seen)
    beside = f"/admin/register/enterprise/suggest/?beside={at.project.code}"
    found = json.loads(client.get(beside).content)["found"]
    assert [each for each in found if at.enterprise.name in each] == (
        [f"{at.enterprise.uscc} {at.enterprise.name}"] if is_inside else []
    )
    form = client.get(f"/admin/progress/dailyreport/add/?project={at.project.pk}")
    may_name = is_inside and role == Role.DISTRICT_REPORTER
    assert (at.project.name in form.content.decode()) == may_name
    answer = client.get(
        "/admin/autocomplete/?app_label=groups&model_name=responsibility&field_name=project&term="
    )
    assert at.project.name not in answer.content.decode() or is_inside


@pytest.mark.parametrize("state", STATES)
def test_a_reporter_reports_within_his_district_alone(state: str) -> None:
    at = desk()
    other = elsewhere(at)
    who = posted(Role.DISTRICT_REPORTER, state, at.project, other.project, at.director)
    day, before = timezone.localdate(now()), DailyReport.objects.count()
    typed = {"project": at.project.code, "day": day.isoformat(), "resumed": "on"}
    page = signed_in(who).post("/admin/progress/dailyreport/add/", typed)
    if state == "inside":
        assert page.status_code == 302
        row = DailyReport.objects.get(project=at.project, day=day)
        assert (row.officer, row.resumed) == (who, True)
        return
    assert page.status_code == 200
    with pytest.raises(Missing):
        report(project=at.project, day=day, resumed=True, by=who)
    assert DailyReport.objects.count() == before


def test_a_leader_changes_nothing() -> None:
    """He reads the ticket with its personal data masked, opens no file, and exports nothing."""
    walk = Walk()
    who = walk.officers["e"]
    assert allowed_verbs(walk.ticket, who) == []
    assert list(attachments_of(walk.ticket, who)) == []
    page = walk.client(who).get(f"/admin/tickets/ticket/{walk.ticket.pk}/change/").content.decode()
    assert walk.ticket.number in page
    said = ["王五", "13700137000", "张三", "13800138000", f"/do/{Verb.ACCEPT}/", "a.txt"]
    assert [each for each in said if each in page] == []
    queue = walk.client(who).get("/admin/tickets/ticket/?status=").content.decode()
    assert (walk.ticket.number in queue, "exportjob/ask" in queue) == (True, False)
    with pytest.raises(NotAllowed):
        request_export(queue=parse_queue({}, who), by=who)
    before = list(DailyReport.objects.order_by("pk").values())
    with pytest.raises(NotAllowed):
        report(project=walk.at.project, day=timezone.localdate(now()), resumed=True, by=who)
    assert list(DailyReport.objects.order_by("pk").values()) == before


def test_whoever_has_no_post_is_told_who_gives_it() -> None:
    for role in (Role.LEADER, Role.DISTRICT_REPORTER):
        page = signed_in(officer(role)).get("/admin/").content.decode()
        assert 'id="no-post"' in page
        assert "The duty desk or the director" in page


def test_roles_that_are_not_limited_see_all() -> None:
    at = desk()
    elsewhere(at)
    for who in (at.liaison, at.other_liaison, at.lead, at.director, at.duty_desk, at.auditor):
        assert projects_seen_by(who, now()).count() == 2, who.role


def test_other_projects_of_an_enterprise_are_not_on_its_page() -> None:
    at = desk()
    other = elsewhere(at)
    add_participant(
        project=other.project, enterprise=at.enterprise, role="contractor",
        start=date(2020, 1, 1), by=at.director,
    )  # fmt: skip
    assert ProjectParticipant.objects.filter(enterprise=at.enterprise).count() == 2
    for role in (Role.LEADER, Role.DISTRICT_REPORTER):
        client = signed_in(posted(role, "inside", at.project, other.project, at.director))
        for address in (f"{at.enterprise.pk}/change/", ""):
            page = client.get(f"/admin/register/enterprise/{address}").content.decode()
            assert (at.enterprise.name in page, other.project.name in page) == (True, False)


def test_the_first_page_asks_no_more_for_more_projects() -> None:
    at = desk()
    asked = []
    for number in (1, 12):
        leader = officer(Role.LEADER)
        sites = [project(by=at.director) for _ in range(number)]
        give_responsibility(officer=leader, projects=sites, by=at.director)
        client = signed_in(leader)
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/admin/").content.decode()
        assert [each for each in sites if each.name not in page] == []
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_no_link_of_a_field_leads_to_a_page_that_is_shut() -> None:
    """The district and the batch of a project are linked for those who may open them."""
    at = desk()
    address = f"/admin/register/project/{at.project.pk}/change/"
    links = [
        f'href="/admin/register/{model}/{pk}/change/"'
        for model, pk in (("district", at.project.district_id), ("batch", at.project.batch_id))
    ]
    leader = posted(Role.LEADER, "inside", at.project, at.project, at.director)
    for who, linked in ((at.liaison, True), (leader, False)):
        page = signed_in(who).get(address).content.decode()
        assert [each in page for each in links] == [linked, linked]
        assert str(at.project.district) in page
