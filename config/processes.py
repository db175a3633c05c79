"""Supervised child processes: restarted when they exit, and killed with the supervisor.

The kernel itself sends each child a signal when its parent dies (PR_SET_PDEATHSIG), so not even a
``kill -9`` of the supervisor leaves a process behind. PostgreSQL's backends also watch their own
parents.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded import PROJECT, Account

PR_SET_PDEATHSIG = 1
LONGEST_PAUSE = 30.0  # seconds between two starts of a process that keeps exiting
STEADY_AFTER = 60.0  # after running so many seconds, the restart delay begins anew


def die_with_parent(number: int = signal.SIGKILL, *, parent: int | None = None) -> None:
    """Ask the kernel to send us ``number`` when our parent dies; exit if it is dead already.

    Only Linux can do this; elsewhere a hard kill of the supervisor leaves its children.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number))
    if parent is not None and os.getppid() != parent:
        os._exit(1)


@dataclass(frozen=True)
class Spec:
    """How to run and stop a process, and the signal that it gets when the supervisor dies."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    stop_with: int = signal.SIGTERM
    orphaned_with: int = signal.SIGKILL
    patience: float = 25.0
    log: Path | None = None
    stdin: str = ""
    hold: int | None = None  # the descriptor of the home's lock, which the child keeps open


def spawn(spec: Spec) -> subprocess.Popen[bytes]:
    """Start a process in its own session, so that Ctrl-C reaches only us."""
    parent, account = os.getpid(), spec.account
    output = spec.log.open("ab") if spec.log else None
    try:
        process = subprocess.Popen(
            list(spec.command),
            cwd="/" if account else PROJECT,
            env={**os.environ, **spec.environment},
            stdin=subprocess.PIPE if spec.stdin else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            pass_fds=() if spec.hold is None else (spec.hold,),
            # runs after the change of user, which would reset it
            preexec_fn=lambda: die_with_parent(spec.orphaned_with, parent=parent),  # noqa: PLW1509 - it makes system calls only
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    finally:
        if output:
            output.close()
    if process.stdin:
        with process.stdin:
            process.stdin.write(spec.stdin.encode())
    return process


def stop(process: subprocess.Popen[bytes], spec: Spec) -> None:
    """Ask it to stop, and kill it after its timeout."""
    if process.poll() is not None:
        return
    process.send_signal(spec.stop_with)
    try:
        process.wait(spec.patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Child:
    """One supervised process: restarted when it exits, with an increasing delay."""

    def __init__(self, spec: Spec, say: Callable[[str], None]) -> None:
        self.spec = spec
        self.say = say
        self.failures = 0
        self.started = 0.0
        self.next_start = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it now."""
        self.process = spawn(self.spec)
        self.started = time.monotonic()

    def tend(self) -> None:
        """Restart it if it exited and the delay is over."""
        if self.process is None:
            if time.monotonic() >= self.next_start:
                self.start()
        elif self.process.poll() is not None:
            self._mourn(self.process.returncode)

    def _mourn(self, code: int) -> None:
        now = time.monotonic()
        if now - self.started > STEADY_AFTER:
            self.failures = 0
        pause = min(LONGEST_PAUSE, 0.5 * 2**self.failures)
        self.failures += 1
        self.next_start = now + pause
        self.process = None
        self.say(f"{self.spec.name} ended ({code}); starting it again in {pause:g} s")

    def stop(self) -> None:
        """Stop it, and wait until it has exited."""
        if self.process is not None:
            stop(self.process, self.spec)
            self.process = None
