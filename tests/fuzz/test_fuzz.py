"""Requests that the document allows and that it does not, on a server that really runs: S3.

`make fuzz` runs more than 20,000 cases and 1,000 sequences; here some hundred.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config.embedded import PROJECT
from projects.access.keys import issue_key
from projects.access.models import Scope
from tests.bed.web import web_server
from tests.factories.coordination import desk, filed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(7200)]
CASES = int(os.environ.get("FUZZ_CASES") or 5)  # of each operation, of each sort
SEQUENCES = int(os.environ.get("FUZZ_SEQUENCES") or 5)
SEED = os.environ.get("FUZZ_SEED") or "1"
LONG = "FUZZ_CASES" in os.environ
PROGRAM = PROJECT / ".venv" / "bin" / "schemathesis"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,response_headers_conformance"
)
# Whoever is let find its own key would lock itself out.
OWN_KEY = ("--exclude-path-regex", r"/keys/\{key_id\}/(revoke|rotate)/")


@dataclass
class Target:
    url: str
    token: str
    known: dict[str, str]  # what the addresses may name
    folder: Path


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Target]:
    """One enterprise with a ticket, and a key for everything."""
    at = desk()
    ticket = filed(at)
    _key, token = issue_key(
        enterprise=at.enterprise, name="fuzz", scopes=list(Scope), by=at.director
    )
    known = {"number": ticket.number, "code": at.project.code, "key_id": at.key.key_id}
    with web_server(tmp_path / "web.log") as url:
        yield Target(url, token, known, tmp_path)


def run(target: Target, name: str, *options: str, known: bool = False) -> dict[str, Any]:
    """One run; what it counted. Fails with what it found."""
    result, config = target.folder / f"{name}.json", target.folder / f"{name}.toml"
    given = [f'"path.{each}" = "{value}"' for each, value in target.known.items()]
    config.write_text(f"parameters = {{ {', '.join(given if known else [])} }}\n")
    command = [
        str(PROGRAM), "--config-file", str(config), "run",
        f"{target.url}/api/schema/?format=json", "--header",
        f"Authorization: Bearer {target.token}", "--checks", CHECKS, "--seed", SEED,
        "--generation-database", "none", "--continue-on-failure", "--no-color",
        "--report", "json", "--report-json-path", str(result), *options,
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, check=False,
        env={
            **os.environ, "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks", "PYTHONPATH": str(PROJECT),
            "FUZZ_URL": target.url, "FUZZ_TOKEN": target.token,
            "FUZZ_NUMBER": target.known["number"],
        },
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-12_000:]
    counted: dict[str, Any] = json.loads(result.read_text())
    log = (target.folder / "web.log").read_text()
    assert "Internal Server Error" not in log, log[-5_000:]
    return counted


def test_no_request_is_too_much(target: Target) -> None:
    phases = "examples,coverage,fuzzing" if LONG else "fuzzing"
    cases = ("--phases", phases, "--max-examples", str(CASES))
    counted = [run(target, "known", *cases, known=True)]
    if LONG:
        counted.append(run(target, "made-up", *cases, *OWN_KEY))
    sequences = ("--phases", "stateful", "--max-examples", str(SEQUENCES))
    followed = run(target, "sequences", *sequences, *OWN_KEY)
    total = sum(each["test_cases"]["generated"] for each in (*counted, followed))
    assert {each["operations"]["tested"] - each["operations"]["selected"] for each in counted} == {
        0
    }
    assert [each["failures"] for each in (*counted, followed)] == [[]] * (len(counted) + 1)
    line = f"S3: {total} cases, {SEQUENCES} sequences of them; 0 answers of 5xx"
    os.write(2, f"\n{line}\n".encode())
