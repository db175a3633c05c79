"""Each page of the staff's: Chinese to the last word, fit for every reader (axe-core) in light and
in dark, fit for a phone's width, and as its security policy allows.
"""

import re
from collections.abc import Iterator
from itertools import batched
from pprint import pformat
from typing import Any, Final
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from coordination.bulletins.models import Brief, Issue
from coordination.bulletins.week import running_week
from coordination.groups.models import Assignment, ServiceGroup
from coordination.staff.models import Officer, SecondFactor
from coordination.staff.second_factor import key_of
from coordination.tickets.flow import Verb
from coordination.tickets.models import Term, Ticket
from coordination.tickets.verbs.registry import perform
from projects.access.models import ApiKey
from projects.record.clock import now
from projects.register.models import District, Enterprise, Project
from tests.bed.signing_in import signed_in
from tests.browser.test_queue_to_write_off import picture
from tests.coordination.tickets.attachments.corpus import pdf, sent
from tests.factories.bulletins import brief_in_test, draft_in_test
from tests.factories.coordination import Desk, desk, filed, project

# What is written in Latin letters by those who write Chinese: units, keys, names of standards.
LATIN: Final = frozenset({
    "API", "CSV", "Ctrl", "Enter", "Esc", "Excel", "PDF", "Word", "ERP", "IP", "TOTP", "xls",
    "xlsx", "SHA-",
})  # fmt: skip
_TABS: Final = 4
_SCREEN: Final[Any] = {"width": 1440, "height": 900}
_PHONE: Final[Any] = {"width": 390, "height": 844}
# Without loading the style sheets once more, which only rules for audio and for experiments read.
_LOOK: Final = """window.found = axe.run({resultTypes: ["violations"], preload: false})
  .then((found) => found.violations)"""
# In dark the same elements have other colours, and nothing else is different.
_LOOK_IN_DARK: Final = """window.found = axe.run(
  {runOnly: ["color-contrast"], resultTypes: ["violations"], preload: false})
  .then((found) => found.violations)"""
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’-]+")
# Everything that a reader sees or hears; an icon's name is drawn as a picture.
_SAID: Final = """() => {
  const icons = document.createElement('style');
  icons.textContent = '.material-symbols-outlined { display: none !important }';
  document.head.append(icons);
  const said = [document.title, document.body.innerText];
  for (const each of document.querySelectorAll('[title], [aria-label], [placeholder], [alt]'))
    if (each.checkVisibility())
      said.push(each.title, each.ariaLabel, each.placeholder, each.alt);
  for (const each of document.querySelectorAll('option')) said.push(each.text);
  icons.remove();
  return said.filter(Boolean);
}"""


@pytest.fixture
def at(transactional_db: None) -> Desk:
    return chinese_desk()


def chinese_desk() -> Desk:
    """A desk whose officers have Chinese names."""
    made = desk()
    for number, officer in enumerate(Officer.objects.order_by("pk"), start=1):
        officer.name = f"示例人员{number}"
        officer.save()
    return made


def of_project(at: Desk) -> Iterator[tuple[str, str]]:
    """The pages of the register about one project, and about all."""
    yield "duplicates", reverse("admin:register_project_duplicates")
    yield "carry-over", f"{reverse('admin:register_project_carry_over')}?year=2020"
    yield "number-changes", reverse("admin:register_project_changes")
    yield "project-timeline", reverse("admin:projects_timeline", args=[at.project.pk])
    yield "merge", reverse("admin:register_project_merge", args=[at.project.pk])


def addresses(at: Desk) -> Iterator[tuple[str, str]]:
    """The name of each page's picture, and its address."""
    ticket, waiting = filed(at), filed(at, "material_supply")
    perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    perform(Verb.COMMENT, ticket=ticket, by=at.lead, text="请抓紧办理", internal=True)
    paper = sent("卡口现场.PDF", pdf())
    perform(Verb.ATTACH, ticket=ticket, by=at.director, file=paper)
    project()
    assert waiting.pk
    yield "desk", reverse("admin:index")
    yield "board", reverse("board")
    yield "board-of-a-group", f"{reverse('board')}?group={at.group.code}"
    yield "resumption", reverse("resumption")
    yield "headcounts", f"{reverse('resumption')}?state=stated"
    yield "classes", reverse("admin:register_district_classes")
    yield "queue", f"{reverse('admin:tickets_ticket_changelist')}?status="
    yield "queue-empty", f"{reverse('admin:tickets_ticket_changelist')}?status=closed"
    yield "queue-search", f"{reverse('admin:tickets_ticket_changelist')}?q=不存在"
    yield "ticket", reverse("admin:tickets_ticket_change", args=[ticket.pk])
    yield "file", f"{reverse('admin:tickets_ticket_add')}?kind=vehicle_pass"
    for model in filter(admin.site.is_registered, apps.get_models()):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if model is not Ticket:
            yield model.__name__, reverse(f"{name}_changelist")
            yield f"{model.__name__}-add", reverse(f"{name}_add")
    yield "project-page", reverse("admin:register_project_change", args=[at.project.pk])
    yield from of_project(at)
    yield "enterprise-page", reverse("admin:register_enterprise_change", args=[at.enterprise.pk])
    yield "first-steps", reverse("first_steps")
    yield "enrol", reverse("enrol_officers")
    yield "calendar-notice", reverse("admin:calendar_notice")
    yield "history", reverse("admin:register_project_history", args=[at.project.pk])
    held = Assignment.objects.get(project=at.project)
    yield "assignment-page", reverse("admin:groups_assignment_change", args=[held.pk])
    yield "hand-over-many", f"{reverse('admin:workbench_hand_over_many')}?pick={held.pk}"
    term = Term.objects.get(stage="handle", kind="", urgency="normal")
    yield "term-page", reverse("admin:tickets_term_change", args=[term.pk])
    month = f"{reverse('admin:working_calendar')}?month="
    yield "working-calendar", f"{month}2026-10"
    yield "clicked-days", f"{month}2099-10&marks=20991001r.20991003w&look=1"
    yield "unserved", reverse("admin:workbench_unserved")
    yield "answered", reverse("admin:workbench_answered")
    yield "running-week", reverse("admin:bulletin_preview")
    issue = draft_in_test(running_week(now()).start)
    brief = brief_in_test(running_week(now()).start.date())
    yield "brief-page", reverse("admin:bulletins_brief_change", args=[brief.pk])
    yield "issue-page", reverse("admin:bulletins_issue_change", args=[issue.pk])
    yield "issue-extra", reverse("admin:issue_extra")
    yield "issue-words", reverse("admin:issue_words", args=[issue.pk, "zh-hans"])
    yield "issue-send-back", reverse("admin:issue_verb", args=[issue.pk, "send_back"])
    yield "password", reverse("admin:password_change")
    yield "second-factor", reverse("second_factor")


def own_words() -> set[str]:
    """Codes and login names, which are data; and what is typed on the server."""
    rows: set[str] = set(Officer.objects.values_list("username", flat=True))
    rows |= set(Project.objects.values_list("code", flat=True))
    rows |= set(Enterprise.objects.values_list("uscc", flat=True))
    rows |= {*ApiKey.objects.values_list("key_id", flat=True), "test"}
    rows |= {"manage.py", "first_administrator", "--role"}
    rows |= set(District.objects.values_list("code", flat=True))
    rows |= set(ServiceGroup.objects.values_list("code", flat=True))
    rows |= set(map(key_of, SecondFactor.objects.all()))
    for issue in Issue.objects.select_related("bulletin"):
        check, day = issue.bulletin.hash, timezone.localdate(issue.bulletin.cut_off)
        rows |= {check[:8], check[8:16], urljoin(settings.PUBLIC_URL, f"/api/v1/bulletins/{day}/")}
    for brief in Brief.objects.all():
        rows |= {brief.hash[:8], brief.hash[8:16]}
    return rows


def english_on(page: Any, data: set[str]) -> set[str]:
    text = "\n".join(page.evaluate(_SAID))
    for word in sorted(data, key=len, reverse=True):
        text = text.replace(word, "")
    return set(_WORD.findall(text)) - LATIN


def begin_axe(page: Any) -> None:
    """Let axe-core look at the page, and go on meanwhile."""
    page.evaluate(f"{Axe().axe_script}; {_LOOK}; 0")


def serious_found(page: Any) -> list[str]:
    """What axe-core found that keeps somebody from using the page."""
    found = page.evaluate("window.found")
    return [
        f"{each['id']}: {node['target']} {node['html'][:200]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


def serious(page: Any) -> list[str]:
    begin_axe(page)
    return serious_found(page)


def in_scheme(page: Any, scheme: str) -> None:
    """Show the page in light or dark; the theme looks at the system's choice only as it loads.

    At once, without the transitions of colours: a browser draws a tab in the background so seldom
    that each would take a second.
    """
    page.emulate_media(color_scheme=scheme)
    page.evaluate(
        """dark => {
          const still = new CSSStyleSheet();
          still.replaceSync("*, ::before, ::after { transition: none !important }");
          document.adoptedStyleSheets = [still];
          document.documentElement.classList.toggle("dark", dark);
        }""",
        scheme == "dark",
    )


def begin_in_dark(page: Any) -> None:
    """Let axe-core, which is in the page already, look for what is hard to read in the dark."""
    in_scheme(page, "dark")
    page.evaluate(f"{_LOOK_IN_DARK}; 0")


def is_too_wide(page: Any) -> bool:
    """Whether it has to be scrolled sideways on a phone."""
    page.set_viewport_size(_PHONE)
    page.wait_for_function("width => innerWidth === width", arg=_PHONE["width"])
    found: bool = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.set_viewport_size(_SCREEN)
    return found


def keep_violations(page: Any) -> None:
    """What the browser refused to load or run goes into ``refused`` of each page from now on."""
    page.add_init_script(
        """window.refused = [];
        document.addEventListener("securitypolicyviolation", (event) =>
          window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""
    )


def refused(page: Any) -> list[str]:
    page.wait_for_load_state("networkidle")
    found: list[str] = page.evaluate("window.refused")
    return found


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(900)
def test_each_page_is_chinese_and_fit_for_every_reader(page: Any, at: Desk) -> None:
    """Several tabs at once: most of the time goes to waiting for a quiet network, and to axe."""
    keep_violations(page)
    signed_in(page, at.director)
    tabs = [page, *(page.context.new_page() for _each in range(_TABS - 1))]
    for tab in tabs:
        tab.set_viewport_size(_SCREEN)
    for tab in tabs[1:]:
        keep_violations(tab)
    wrong: dict[str, Any] = {}
    for some in batched(addresses(at), _TABS):
        answers = [
            tab.goto(address, wait_until="commit")
            for tab, (_name, address) in zip(tabs, some, strict=False)
        ]
        shown = list(zip(tabs, some, answers, strict=False))
        # The others are not for his role: entered by other means, or by nobody.
        shown = [each for each in shown if each[2].status != 403]
        looked: list[tuple[Any, str, set[str], list[str]]] = []
        for tab, (name, address), answer in shown:
            assert answer.status == 200, address
            violations = refused(tab)  # before axe-core is put into the page
            picture(tab, name)
            looked.append((tab, name, english_on(tab, own_words()), violations))
            begin_axe(tab)
        in_light = [serious_found(tab) for tab, *_rest in looked]
        for tab, *_rest in looked:
            begin_in_dark(tab)
        for (tab, name, english, violations), barriers in zip(looked, in_light, strict=True):
            barriers += [each for each in serious_found(tab) if each not in barriers]
            in_scheme(tab, "light")
            wide = is_too_wide(tab)
            if english or barriers or violations or wide:
                wrong[name] = (sorted(english), barriers, violations, wide)
    assert wrong == {}, pformat(wrong, width=200)
