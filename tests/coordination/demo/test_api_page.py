"""docs/api.md from top to bottom, as it stands, on a living demonstration."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from config.embedded import PROJECT, recall
from coordination.demo.keys import keep_token, read_token
from coordination.demo.schedule import OPENING
from coordination.tickets.lines.settle import fulfil
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handle import accept, resolve
from projects.record.demo_clock import open_clock
from tests.bed.servers import HOME
from tests.bed.web import web_server
from tests.coordination.demo.luoyang import luoyang

BLOCKS = re.compile(r"^```(sh|python)\n(.+?)^```$", re.MULTILINE | re.DOTALL)
EXPECTED = re.compile(r"^curl -si .*# (\d{3}) ", re.MULTILINE)
ANSWERED = re.compile(r"HTTP/1\.1 (\d{3}) ")
INSTALL = "pip install openapi-python-client\n"  # the tests have it already


@pytest.fixture
def environment(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A web server of a demonstration that has just opened; what its visitor has set."""
    chosen = recall(Path(os.environ[HOME]))
    with luoyang() as database:
        settings.DEMONSTRATION = True
        open_clock(OPENING)
        keep_token(tmp_path)
        with web_server(
            tmp_path / "web.log",
            DEPLOYMENT="demo",
            DATABASE_URL=chosen.database_url("zhitongche_app", chosen.app_password, database),
            DATABASE_OWNER_URL=chosen.database_url(
                "zhitongche_owner", chosen.owner_password, database
            ),
        ) as address:
            tools = Path(sys.executable).parent
            yield {
                "PATH": f"{tools}:/usr/local/bin:/usr/bin:/bin", "TOKEN": read_token(tmp_path),
                "API": f"{address}/api/v1", "LC_ALL": "C.UTF-8", "HOME": str(tmp_path),
            }  # fmt: skip
        settings.DEMONSTRATION = False


class Shell:
    """One visitor's shell: what a block sets, the next one has."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._environment, self._folder, self._before = environment, folder, ""

    def run(self, block: str) -> str:
        saved = self._folder / "set"
        done = subprocess.run(
            ["bash", "-euc", f"{self._before}\n{block}\n(declare -px; declare -pf) > {saved}"],
            env=self._environment, cwd=self._folder, capture_output=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
        self._before = saved.read_text()
        return done.stdout.decode()


def settle(number: str) -> None:
    """What the liaison does in the admin."""
    ticket = Ticket.objects.get(number=number)
    by = ticket.handler
    assert by is not None
    accept(ticket=ticket, by=by)
    fulfil(ticket=ticket, line=1, quantity=Decimal(1), by=by)
    resolve(ticket=ticket, result="已放行", by=by)


@pytest.mark.timeout(300)  # a data set is loaded
def test_every_line_is_answered_as_it_says(environment: dict[str, str], tmp_path: Path) -> None:
    text = (PROJECT / "docs/api.md").read_text(encoding="utf-8")
    assert text.count("\n```") == 2 * len(BLOCKS.findall(text))
    shell, number, ran = Shell(environment, tmp_path), "", 0
    for language, block in BLOCKS.findall(text):
        if language == "python":
            (tmp_path / "follow.py").write_text(block, encoding="utf-8")
            followed = shell.run("python follow.py").split()
            assert (followed[0], followed[-1]) == ("submitted", "comment")
            continue
        if "# 412 " in block:
            settle(number)
        said = shell.run(block.replace(INSTALL, ""))
        expected = EXPECTED.findall(block)
        assert ANSWERED.findall(said) == expected, said
        ran += len(expected)
        number = Ticket.objects.latest("pk").number
    assert ran == len(EXPECTED.findall(text)) == text.count("\ncurl -si")
