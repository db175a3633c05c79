"""Settings of signing in: locks, passwords, second factor, idle sessions, and its record."""

from datetime import timedelta
from typing import Any, Final

from environs import validate

PASSWORD_VALIDATORS: Final = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},  # eight
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "coordination.staff.passwords.ThreeClasses"},
    {"NAME": "coordination.staff.passwords.WithoutOwnName"},
]
MONTHS_SIX: Final = 180  # days


def read_settings(read: Any, *, production: bool) -> dict[str, Any]:
    """The settings that the environment decides. Raises ImproperlyConfigured by the name."""
    between = validate.Range
    return {
        "AXES_FAILURE_LIMIT": read.int("SIGN_IN_FAILURES", 5, validate=between(1, 10)),
        "AXES_COOLOFF_TIME": timedelta(
            minutes=read.int("SIGN_IN_LOCK_MINUTES", 15, validate=between(1, 1440))
        ),
        # Requests a minute; 0 is no limit.
        "SIGN_INS_PER_ADDRESS": read.int("SIGN_INS_PER_ADDRESS", 30, validate=between(min=0)),
        "PASSWORD_DAYS": read.int(
            "PASSWORD_DAYS", 90 if production else 0, validate=between(0, 3650)
        ),
        "SECOND_FACTOR": read.str(
            "SECOND_FACTOR", "required" if production else "offered",
            validate=validate.OneOf(["required", "offered"]),
        ),
        "SESSION_COOKIE_AGE": 60
        * read.int("SESSION_IDLE_MINUTES", 30, validate=between(1, 30)),
        "ACTS_KEPT_DAYS": read.int("ACTS_KEPT_DAYS", 365, validate=between(min=MONTHS_SIX)),
        # django-axes: an address is locked for one name; while it is, attempts prolong nothing.
        "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
        "AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT": False,
        "AXES_RESET_ON_SUCCESS": True,
        "AXES_CLIENT_IP_CALLABLE": "projects.access.addresses.locked_address",
        "AXES_LOCKOUT_CALLABLE": "coordination.staff.admin_guesses.say_locked",
        # What is typed beside a name and a password is kept out of its table too.
        "AXES_SENSITIVE_PARAMETERS": ["username", "ip_address", "old", "again", "code"],
        "AXES_ENABLE_ADMIN": False,
        "AXES_DISABLE_ACCESS_LOG": True,  # the acts are the record
        "AXES_VERBOSE": False,
    }  # fmt: skip
