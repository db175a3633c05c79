"""Servers that run within a ``with``, without supervision."""

import subprocess
from functools import partial

from config.processes import spawn, stop
from config.servers import Server, wait_until_ready


def _lives(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is None


class Running:
    """The servers, prepared and started; stopped at the end of the block."""

    def __init__(self, *servers: Server) -> None:
        self.servers = servers
        self.processes: list[tuple[Server, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> "Running":
        try:
            for server in self.servers:
                server.prepare()
                self.processes.append((server, spawn(server.spec())))
            for server, process in self.processes:
                wait_until_ready(server, partial(_lives, process))
                server.finish()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for server, process in reversed(self.processes):
            stop(process, server.spec())
        self.processes.clear()
