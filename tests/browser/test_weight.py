"""How much a page of the staff's asks for in a browser that has nothing yet, as it is served.

The live server of other tests hands out static files past WhiteNoise and compression, so this one
runs the WSGI application itself.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Thread
from typing import Any, Final

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from coordination.bulletins.build import build
from coordination.bulletins.week import SHANGHAI
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from tests.bed.signing_in import signed_in
from tests.browser.test_every_page import chinese_desk, keep_violations, refused
from tests.factories.coordination import LINES, Desk, filed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REQUESTS: Final = 12
BYTES: Final = 700_000  # over the wire
PAGE: Final = 100_000  # bytes of HTML, before compression
CUT_OFF: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
ROWS: Final = 51  # more than a page of the queue
# The text in which an icon appears where its font lacks it is many times as wide.
_WORDS: Final = """() => [...document.querySelectorAll(".material-symbols-outlined")]
  .filter((each) => each.checkVisibility() && each.offsetWidth > 40)
  .map((each) => each.innerText)"""


@pytest.fixture
def served(transactional_db: None) -> Iterator[str]:
    """The address of the application with its middleware, as in a demonstration."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(get_wsgi_application())
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def asked(page: Any, address: str) -> tuple[list[str], int, int]:
    """What the page asks for, the bytes over the wire, and its HTML's bytes before compression."""
    seen: dict[str, str] = {}
    sizes: dict[str, float] = {}
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on(
        "Network.requestWillBeSent",
        lambda event: seen.update({event["requestId"]: event["request"]["url"]}),
    )
    network.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    answer = page.goto(address)
    assert answer.status == 200, address
    page.wait_for_load_state("networkidle")
    requests = {key: url for key, url in seen.items() if not url.startswith("data:")}
    assert set(requests) <= set(sizes), "unanswered"
    return list(requests.values()), int(sum(sizes.values())), len(answer.body())


def addresses() -> tuple[Desk, dict[str, str]]:
    """A desk, and the pages of the bar, each with its address."""
    with clock_at(CUT_OFF - timedelta(days=1)):
        at = chinese_desk()
        tickets = [filed(at, kind) for kind in LINES]
        tickets += [filed(at) for _each in range(ROWS - len(tickets))]
        perform(Verb.ACCEPT, ticket=tickets[0], by=at.liaison)
    bulletin = build(cut_off=CUT_OFF)
    return at, {
        "desk": reverse("admin:index"),
        "queue": f"{reverse('admin:tickets_ticket_changelist')}?status=",
        "ticket": reverse("admin:tickets_ticket_change", args=[tickets[0].pk]),
        "filing": f"{reverse('admin:tickets_ticket_add')}?kind=vehicle_pass",
        "board": reverse("board"),
        "bulletin": reverse("admin:bulletins_issue_change", args=[bulletin.issue.pk]),
        "project": reverse("admin:register_project_change", args=[at.project.pk]),
        "projects": reverse("admin:register_project_changelist"),
    }


@pytest.mark.timeout(180)
def test_each_page_is_light_in_a_cold_browser(page: Any, served: str) -> None:
    at, pages = addresses()
    browser = page.context.browser
    measured: dict[str, tuple[int, int, int]] = {}
    wrong: dict[str, Any] = {}
    for name, address in {"sign-in": reverse("admin:login"), **pages}.items():
        cold = browser.new_context(base_url=served, locale="zh-CN")
        tab = cold.new_page()
        if name in pages:
            signed_in(tab, at.director)
        errors: list[str] = []
        tab.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
        keep_violations(tab)
        requests, size, html = asked(tab, address)
        measured[name] = (len(requests), size // 1000, html // 1000)
        words = tab.evaluate(_WORDS)
        if len(requests) > REQUESTS or size > BYTES or html > PAGE or words or errors:
            wrong[name] = (measured[name], words, errors)
        assert refused(tab) == []
        cold.close()
    assert wrong == {}, measured
