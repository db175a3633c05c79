"""A client that a public generator makes from the document: files, follows, confirms, unedited."""

import importlib
import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import Client

from config.embedded import PROJECT
from coordination.tickets.lines.settle import fulfil
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handle import accept, resolve
from tests.coordination.intake.scene import filing
from tests.factories.coordination import desk

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "generated_client"


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The package, made in a directory of its own; gives its modules by their names."""
    document = tmp_path / "openapi.json"
    document.write_bytes(Client().get("/api/schema/?format=json").content)
    tools = Path(sys.executable).parent
    made = subprocess.run(
        [tools / "openapi-python-client", "generate", "--path", document, "--meta", "none",
         "--output-path", tmp_path / NAME, "--fail-on-warning"],
        env={"PATH": f"{tools}:/usr/bin:/bin"}, cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (made.returncode, made.stderr) == (0, ""), made.stdout + made.stderr
    monkeypatch.syspath_prepend(str(tmp_path))

    def module(name: str) -> ModuleType:
        return importlib.import_module(f"{NAME}.{name}")

    yield module
    for name in [each for each in sys.modules if each.split(".")[0] == NAME]:
        del sys.modules[name]


def test_its_names_do_not_depend_on_who_fetches_the_document() -> None:
    english, chinese = (
        Client(headers={"Accept-Language": language}).get("/api/schema/?format=json").content
        for language in ("en", "zh-hans")
    )
    assert english == chinese


def test_it_files_follows_and_confirms(client: Any, live_server: Any) -> None:
    text = (PROJECT / "docs/api.md").read_text(encoding="utf-8")
    shown = re.findall(r"^from desk(\S*) import (.+)$", text, re.MULTILINE)
    assert len(shown) == 3
    for module, names in shown:  # as the documentation shows it
        for name in names.split(", "):
            package = importlib.import_module(f"{NAME}{module}")
            if not hasattr(package, name):
                importlib.import_module(f"{NAME}{module}.{name}")
    at = desk()
    models, tickets = client("models"), "api.tickets"
    caller = client("client").AuthenticatedClient(
        base_url=live_server.url, token=at.token, headers={"Accept-Language": "en"}
    )
    body = models.VehiclePassFilingRequest.from_dict(filing(project=at.project.code))
    filed = client(f"{tickets}.file_ticket").sync_detailed(
        client=caller, body=body, idempotency_key="k-1"
    )
    assert (filed.status_code, type(filed.parsed).__name__) == (201, "VehiclePassTicket")
    number = filed.parsed.number

    ticket = Ticket.objects.get(number=number)
    accept(ticket=ticket, by=at.liaison)
    fulfil(ticket=ticket, line=1, quantity=Decimal(1), by=at.liaison)
    resolve(ticket=ticket, result="已放行", by=at.liaison)

    followed = client("api.events.follow_events").sync(client=caller)
    said = [str(each.verb) for each in followed.results]
    assert said == ["submit", "accept", "fulfil", "resolve"]
    read = client(f"{tickets}.read_ticket").sync_detailed(number, client=caller)
    may = [str(each.verb) for each in read.parsed.allowed_actions]
    assert may == ["confirm", "redo", "comment", "attach"]
    assert [each.quantity for each in read.parsed.lines[0].deliveries] == ["1.000"]

    wrong = client(f"{tickets}.confirm_ticket").sync(
        number, client=caller, body=models.ConfirmRequest(satisfaction=6), idempotency_key="k-2",
        if_match=read.headers["ETag"],
    )  # fmt: skip
    assert [each.pointer for each in wrong.errors] == ["/satisfaction"]
    done = client(f"{tickets}.confirm_ticket").sync(
        number, client=caller, body=models.ConfirmRequest(satisfaction=5), idempotency_key="k-3",
        if_match=read.headers["ETag"],
    )  # fmt: skip
    assert (str(done.status), done.satisfaction) == ("closed", 5)

    reported = client("api.projects.report_day").sync(
        at.project.code, client=caller, idempotency_key="k-4",
        body=models.ReportRequest.from_dict({"day": "2020-03-09", "resumed": True}),
    )  # fmt: skip
    assert (reported.revision, reported.workers_on_site) == (1, None)
    listed = client(f"{tickets}.list_tickets").sync(client=caller, limit=10)
    assert [json.loads(json.dumps(each.to_dict()))["number"] for each in listed.results] == [number]
