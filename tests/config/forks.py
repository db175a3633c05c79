"""Python code in forks of one process, which has loaded the libraries and read no settings.

Loading them is what takes long where the settings are read again and again.
"""

import functools
import json
import subprocess
import sys

from config.embedded import PROJECT

_SERVER = """
import json, os, sys, tempfile
import dj_database_url, django.conf, django.core.exceptions, django.templatetags.static, environs

for line in sys.stdin:
    code, environment = json.loads(line)
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as wrong:
        child = os.fork()
        if child == 0:
            os.dup2(said.fileno(), 1)
            os.dup2(wrong.fileno(), 2)
            os.environ.clear()
            os.environ.update(environment)
            exec(code)
            sys.exit()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said.seek(0)
        wrong.seek(0)
        print(json.dumps([status, said.read(), wrong.read()]), flush=True)
"""


@functools.cache
def _server() -> subprocess.Popen[str]:
    """Started once; it ends with this process, which holds the other end of its input."""
    return subprocess.Popen(
        [sys.executable, "-c", _SERVER], cwd=PROJECT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def run_code(code: str, environment: dict[str, str]) -> tuple[int, str, str]:
    """Run the code in a fork with this environment; its status, output and errors."""
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps([code, environment]) + "\n")
    server.stdin.flush()
    status, said, wrong = json.loads(server.stdout.readline())
    return status, said.strip(), wrong.strip()
