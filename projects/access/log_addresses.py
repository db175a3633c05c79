"""Keeps the secret of a link out of the log: whoever reads a link's address may use it."""

import logging
import re
from typing import Any, Final

# 256 random bits in base64, as every link with a secret has them (43 characters).
_TOKEN: Final = re.compile(r"(?<=/)[A-Za-z0-9_-]{43}(?=/|$)")
_HIDDEN: Final = "***"


class WithoutTokens(logging.Filter):
    """Hides tokens in the addresses of requests, which Django logs with each error's answer."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True: no line is left out."""
        if isinstance(record.args, tuple):
            record.args = tuple(map(_without, record.args))
        return True


def _without(said: Any) -> Any:
    return _TOKEN.sub(_HIDDEN, said) if isinstance(said, str) else said
