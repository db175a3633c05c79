"""A real web server on this test process's database: what was committed, it serves."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.commands import SERVICES
from config.embedded import PROJECT, free_port
from config.processes import Spec, spawn, stop
from tests.bed.stack import python, wait_for


@contextmanager
def web_server(log: Path, **environment: str) -> Iterator[str]:
    """Its address, for as long as the block runs."""
    port = free_port()
    given = {"PYTHONPATH": str(PROJECT), "HOST": "127.0.0.1", "PORT": str(port), **environment}
    spec = Spec("web", python(SERVICES["web"]), log=log, environment=given)
    process = spawn(spec)
    try:
        wait_for(lambda: _answers(port), seconds=120)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process, spec)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
