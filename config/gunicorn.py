"""The web server's own settings; gunicorn reads the names."""

import gc
import os
import sys
from typing import Any

from config.processes import die_with_parent

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "config.worker.Worker"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
graceful_timeout = 20
keepalive = 5
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112 - a place in memory, where the system has one
control_socket_disable = True  # nobody asks it anything, and its default path is in $HOME
accesslog = None
loglevel = "info"

# Seconds that a thread may keep the interpreter while another waits for it. Python's own, ten times
# as long, is longer than PostgreSQL needs for most of its answers, which then lie there unread.
_TURN = 0.0005


def post_fork(_server: Any, _worker: Any) -> None:
    """A worker looks for its master now and then; the kernel tells it at once."""
    die_with_parent()


def post_worker_init(_worker: Any) -> None:
    """All that was loaded stays: the collector need not walk it again and again.

    Nor what one request makes: nearly all of it goes without the collector when the answer is out.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    sys.setswitchinterval(_TURN)
