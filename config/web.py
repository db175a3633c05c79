"""The web server: granian, which reads requests outside Python's threads."""

import multiprocessing
import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from config import rsgi
from config.processes import die_with_parent

if __name__ == "__main__":
    # Everything is loaded before workers are forked, so that they are replaced quickly.
    multiprocessing.set_start_method("fork")
    os.register_at_fork(after_in_child=die_with_parent)
    Granian(
        f"{rsgi.__name__}:application",
        address=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        interface=Interfaces.RSGI,
        workers=int(os.environ.get("WEB_WORKERS", "2")),
        http=HTTPModes.http1,
        websockets=False,
        backpressure=512,  # connections of one worker; many systems allow a process 1,024 files
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=65_536),
        respawn_failed_workers=True,
        workers_kill_timeout=20,
    ).serve()
