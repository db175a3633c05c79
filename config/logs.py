"""How the processes log: lines on the standard error, with the request's id, without secrets."""

from typing import Any


def logging_at(level: int | str) -> dict[str, Any]:
    """Django's ``LOGGING``, with this level for everything that has no level of its own."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"}
        },
        "filters": {
            "request_id": {"()": "projects.access.request_ids.WithRequestId"},
            "without_tokens": {"()": "projects.access.log_addresses.WithoutTokens"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler", "formatter": "line",
                "filters": ["request_id", "without_tokens"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
            "axes": {"level": "WARNING"},
        },
    }  # fmt: skip
