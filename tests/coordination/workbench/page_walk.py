"""Every address outside /api/v1/, and who is let in: what test_page_matrix.py compares."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from coordination.bulletins.week import running_week
from coordination.delivery.webhooks.endpoints import looked_up, open_webhook
from coordination.escalation.letters import letter_events
from coordination.groups.posts import give_district, give_responsibility
from coordination.parties.models import Department
from coordination.referrals.flow import ReferralVerb
from coordination.referrals.models import Referral
from coordination.staff.models import Officer, Role
from coordination.tickets.attachments.attach import attach
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import VERBS, perform
from coordination.tickets.verbs.urging import supervise
from coordination.workbench.board.display_links import make_display_link
from projects.access.keys import issue_key
from projects.access.models import ApiKey, Scope
from projects.imports.models import Import
from projects.imports.vocabulary import record_heading
from projects.progress.models import Reporter
from projects.progress.report import report
from projects.progress.reporters import name_reporter
from projects.record.clock import now
from tests.factories.bulletins import brief_in_test, draft_in_test
from tests.factories.coordination import Desk, desk, filed, officer

# A letter for each caller: liaison and deputy's group, another group's liaison, and so on.
CALLERS: Final = "logdkaycser"
DESK: Final = "logdkas"  # who sees all projects, or all of a group's tickets
WIDE: Final = "logdkaser"  # all but the system's and the security administrator
_WRITING: Final = ("INSERT", "UPDATE", "DELETE")
_BEFORE_WRITING: Final = ("SAVEPOINT", "WITH", "COPY", *_WRITING)
METHODS: Final = ("GET", "POST")


_VERB: Final = "<str:name>"  # a verb of a ticket, each of which has a form
_ROOMS = re.compile(r"\(\?P<app_label>[^)]*\)")  # the admin lists all of them in one pattern


def addresses() -> Iterator[tuple[str, str]]:
    """The pattern and the name of each, as the URLconf has them."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            here = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, here)
            elif isinstance(pattern, URLPattern):
                for each in VERBS if _VERB in here else ("",):
                    here_too = _ROOMS.sub("(?P<app_label>)", here).replace(_VERB, each)
                    yield here_too, str(pattern.name or "")

    found = walk(get_resolver().url_patterns, "")
    return ((here, name) for here, name in found if not here.startswith("api/v1/"))


class Walk:
    """The callers, and what stands in an address in place of its parameters."""

    def __init__(self) -> None:
        self.at: Desk = desk()
        self.ticket: Ticket = filed(self.at)
        for by, internal in ((self.at.key, False), (self.at.lead, True)):
            paper = SimpleUploadedFile("a.txt", b"a")
            attach(ticket=self.ticket, file=paper, internal=internal, by=by)
        supervise(ticket=self.ticket, instruction="请抓紧", by=self.at.director)
        letter = letter_events(self.ticket).latest("seq")
        self.letter: int = letter.seq
        self.referral = self._asked()
        self.reporter = self._named()
        self.issue = draft_in_test(running_week(now()).start)
        self.brief = brief_in_test(running_week(now()).start.date())
        open_webhook(to=looked_up("https://erp.example.cn/hooks"), by=self._key())
        make_display_link(name="值班室大屏", by=self.at.director)
        record_heading(sheet="assignments", text="包保领导", by=self.at.director)
        self.sent = Import.objects.create(
            sheet="assignments", sha256="0", size=1, by=self.at.director, state="ready"
        )
        self.written: list[str] = []  # by the last who asked
        self._paths: dict[str, str] = {}
        self._before_writing: str | None = None
        self._clients: dict[str, Client] = {}
        made = officer(Role.DIRECTOR)
        made.role, made.is_superuser = "", True
        made.save()
        self.officers: dict[str, Officer] = {
            "l": self.at.liaison, "o": self.at.other_liaison, "g": self.at.lead,
            "d": self.at.director, "k": self.at.duty_desk, "a": self.at.auditor,
            "y": self.at.system_admin, "c": self.at.security_admin, "s": made,
        }  # fmt: skip
        leader, reporter = officer(Role.LEADER), officer(Role.DISTRICT_REPORTER)
        give_responsibility(officer=leader, projects=[self.at.project], by=self.at.director)
        give_district(officer=reporter, district=self.at.project.district, by=self.at.director)
        self.officers |= {"e": leader, "r": reporter}
        outsider = officer()
        outsider.is_staff = False
        outsider.save()
        dismissed = officer()
        dismissed.is_active = False
        dismissed.save()
        self.outsiders: dict[str, Client] = {
            "anonymous": Client(), "no staff": self.client(outsider),
            "key": Client(headers={"Authorization": f"Bearer {self.at.token}"}),
            "dismissed": self.client(dismissed),
        }  # fmt: skip

    def _asked(self) -> Referral:
        ticket = perform(Verb.ACCEPT, ticket=filed(self.at), by=self.at.liaison)
        department = Department.objects.order_by("pk")[0]
        perform(
            ReferralVerb.REFER,
            ticket=ticket,
            department=department,
            matter="请协调",
            by=self.at.liaison,
        )
        return Referral.objects.get(ticket=ticket)

    def _named(self) -> Reporter:
        """A reporter, whose report is doubtful."""
        row = name_reporter(project=self.at.project, name="王五", by=self.at.key)
        day = timezone.localdate(now())
        report(
            project=self.at.project, day=day, resumed=True, month_investment=Decimal(99_999),
            by=row,
        )  # fmt: skip
        return row

    def _key(self) -> ApiKey:
        return issue_key(
            enterprise=self.at.enterprise, name="a", scopes=list(Scope), by=self.at.director
        )[0]

    def client(self, who: Officer) -> Client:
        """Logged in afresh."""
        client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
        client.force_login(who, backend="coordination.staff.roles.RoleBackend")
        return client

    def ask(self, caller: str, method: str, pattern: str) -> Any:
        """What the caller is answered; what it did is undone."""
        client = self._clients.get(caller) or self.client(self.officers[caller])
        self._clients[caller] = client
        before = client.cookies.output(header="", sep=";")
        self.written.clear()
        path = self.path(pattern)
        self._before_writing = None
        with connection.execute_wrapper(self._note):
            answer = client.generic(method, path)
        if self._before_writing is not None:
            transaction.savepoint_rollback(self._before_writing)
        client.cookies.load(before)  # whoever logged out is logged in again
        return answer

    def _note(self, execute: Any, sql: str, *rest: Any) -> Any:
        """Write down what is written, after a savepoint, which most pages do without."""
        if self._before_writing is None and sql.startswith(_BEFORE_WRITING):
            self._before_writing = ""  # the savepoint's own statement passes
            self._before_writing = transaction.savepoint()
        done, context = execute(sql, *rest), rest[-1]
        writes = sql.startswith(_WRITING) and "django_session" not in sql
        if writes and context["cursor"].rowcount:
            self.written.append(sql)
        return done

    def path(self, pattern: str) -> str:
        """The address with things that are there; looked up once, since what is done is undone."""
        if pattern not in self._paths:
            self._paths[pattern] = self._path(pattern)
        return self._paths[pattern]

    def _path(self, pattern: str) -> str:
        given = {
            "<int:ticket_id>": self.ticket.pk, "<int:view_id>": 0,
            "<int:project_id>": self.at.project.pk,
            "<int:number>": 1, "<int:seq>": self.letter,
            "<str:language>.<str:kind>": "zh-hans.html", "<str:language>": "zh-hans",
            "<int:import_id>": self.sent.pk, "<slug:sheet>": "assignments", "<slug:act>": "discard",
            "<int:pk>": self.issue.pk, "<int:brief_id>": self.brief.pk, "<str:verb>": "send_back",
            "<int:referral_id>": self.referral.pk, "<int:reporter_id>": self.reporter.pk,
            "<slug:flag>": "over_plan", "<int:month>": timezone.localdate(now()).month,
            "<str:token>": "unknown", "<str:code>": self.at.project.code,
            "<str:kind>": "vehicle_pass", "<slug:column>": "filed", "<int:job>": 0,
            "<id>": self.at.liaison.pk, "<str:first>": self.at.project.pk,
            "<str:second>": self.at.project.pk,
            "<path:content_type_id>": ContentType.objects.get_for_model(Ticket).pk,
            "<slug:code>": "invalid", "^(?P<app_label>)/$": "register/",
            "(?P<url>.*)$": "nowhere/", "<path:object_id>": self._row_of(pattern),
        }  # fmt: skip
        for name, value in given.items():
            pattern = pattern.replace(name, str(value))
        return f"/{pattern}"

    def _row_of(self, pattern: str) -> int:
        _admin, app, model, *_rest = [*pattern.split("/"), "", ""]
        if (app, model) not in {(each.app_label, each.model_name) for each in _models()}:
            return self.ticket.pk
        row = apps.get_model(app, model)._default_manager.order_by("pk").first()
        return row.pk if row else 0


def _models() -> list[Any]:
    return [model._meta for model in apps.get_models()]


def is_let_in(answer: Any) -> bool:
    """Whether it is a page, or leads to one that is not the login's."""
    if answer.status_code == 302:
        return not answer["Location"].startswith("/admin/login/")
    return bool(answer.status_code < 400)
