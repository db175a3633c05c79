"""The settings, all of them from the environment.

A value that cannot be right is refused here, by the name of its variable, before anything starts.
"""

import logging
import os
from datetime import time, timedelta
from pathlib import Path
from typing import Any, NoReturn

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvError, validate

from config import embedded, fonts, outbound, sign_in
from config.api import REST_FRAMEWORK, SPECTACULAR_SETTINGS
from config.logs import logging_at
from config.theme import JOINED, STATICFILES_FINDERS, UNFOLD

__all__ = ["JOINED", "REST_FRAMEWORK", "SPECTACULAR_SETTINGS", "STATICFILES_FINDERS", "UNFOLD"]
BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()


def refuse(name: str, why: str) -> NoReturn:
    """Raise ImproperlyConfigured; the message begins with the variable's name."""
    raise ImproperlyConfigured(f"{name}: {why}")


class Reader:
    """Reads one variable; an invalid value is refused with the variable's name."""

    def __getattr__(self, kind: str) -> Any:
        def read(name: str, *args: Any, **options: Any) -> Any:
            try:
                return getattr(env, kind)(name, *args, **options)
            except (EnvError, ValueError) as error:
                refuse(name, str(error))

        return read


read = Reader()

# The kind of deployment. Production refuses settings that are meant for trials.

DEPLOYMENT = read.str(
    "DEPLOYMENT",
    "production" if os.environ.get("DATABASE_URL") else "demo",
    validate=validate.OneOf(["production", "demo", "test"]),
)
PRODUCTION = DEPLOYMENT == "production"
DEBUG = read.bool("DEBUG", False)
DEMO_CLOCK = read.bool("DEMO_CLOCK", not PRODUCTION)  # the demo's loader may set the clock
DEMONSTRATION = read.bool("DEMONSTRATION", DEPLOYMENT == "demo")  # its clock runs in March 2020

if DEMONSTRATION and DEPLOYMENT != "demo":
    refuse("DEMONSTRATION", "must be off in production and in tests, whose clock is the machine's")
if PRODUCTION and DEBUG:
    refuse("DEBUG", "must be off in production")
if PRODUCTION and DEMO_CLOCK:
    refuse("DEMO_CLOCK", "must be off in production, where the record's clock is never set")
if read.bool("CELERY_TASK_ALWAYS_EAGER", False):
    refuse("CELERY_TASK_ALWAYS_EAGER", "tasks run in a worker here, never inside a request")

# PostgreSQL and Redis: external or embedded

_REMEDY = "postgres://user:password@host:5432/name"


def _embedded_choice() -> embedded.Chosen:
    try:
        return embedded.recall(embedded.default_home())
    except embedded.Unusable as error:
        raise ImproperlyConfigured(str(error)) from error


def _address(name: str, own: str) -> str:
    """The variable's value; required in production, otherwise the embedded server's by default."""
    given = read.str(name, "")
    if not given and PRODUCTION:
        refuse(name, "is missing, and production needs a real server")
    return given or str(getattr(_embedded_choice(), own))


def _database(name: str, url: str) -> dict[str, Any]:
    """One connection's settings; only PostgreSQL, whose constraints are part of the design."""
    if not url.startswith(("postgres://", "postgresql://")):
        refuse(name, f"must be PostgreSQL ({_REMEDY}); SQLite and others cannot hold the rules")
    try:
        parsed: dict[str, Any] = {**dj_database_url.parse(url)}
    except ValueError as error:
        refuse(name, f"cannot be read as {_REMEDY}: {error}")
    if not parsed.get("NAME") or not parsed.get("USER"):
        refuse(name, f"names no database or no user: {_REMEDY}")
    parsed["CONN_HEALTH_CHECKS"] = True
    parsed["OPTIONS"] = {**parsed.get("OPTIONS", {}), "connect_timeout": 5}
    return parsed


def _set_options(database: dict[str, Any], **parameters: str | int) -> None:
    """Add server settings to every connection."""
    asked = " ".join(f"-c {name}={value}" for name, value in parameters.items())
    given = database["OPTIONS"].get("options", "")
    database["OPTIONS"]["options"] = f"{given} {asked}".strip()


def _databases() -> dict[str, dict[str, Any]]:
    """The application's role as "default"; the migrating role as "owner", if it is known."""
    default = _database("DATABASE_URL", _address("DATABASE_URL", "app_url"))
    if read.bool("DATABASE_POOL", False):  # set by wsgi.py: only its threads share connections
        default["OPTIONS"]["pool"] = {
            "min_size": 1, "max_size": WEB_THREADS + 1,
            # Long enough for the end of a database restart, short enough to answer 503 in time.
            "timeout": 3, "reconnect_timeout": 5,
        }  # fmt: skip
        # PostgreSQL ends hanging transactions, which would block other writers and bulletins.
        _set_options(default, idle_in_transaction_session_timeout=20_000, statement_timeout=20_000)
    else:
        default["CONN_MAX_AGE"] = 60
        _set_options(default, idle_in_transaction_session_timeout=60_000)
    own = "" if os.environ.get("DATABASE_URL") else _embedded_choice().owner_url
    owner_url = read.str("DATABASE_OWNER_URL", "") or own
    if not owner_url:
        return {"default": default}
    owner = _database("DATABASE_OWNER_URL", owner_url)
    if owner["USER"] == default["USER"]:
        refuse("DATABASE_OWNER_URL", "must name another role than DATABASE_URL, its tables' owner")
    if owner["NAME"] != default["NAME"]:
        refuse("DATABASE_OWNER_URL", "must name the same database as DATABASE_URL")
    owner["TEST"] = {"MIRROR": "default"}  # one database, two roles
    return {"default": default, "owner": owner}


def _redis() -> str:
    url = _address("REDIS_URL", "redis_url")
    if not url.startswith(("redis://", "rediss://")):
        refuse("REDIS_URL", "must begin with redis:// or rediss:// (Valkey too)")
    return url


WEB_THREADS = read.int("WEB_THREADS", 4, validate=validate.Range(1, 64))
read.int("WEB_WORKERS", 2, validate=validate.Range(1, 64))  # web.py reads it
# Callers that wait for new events of the feed, per process: each occupies a thread.
WAITING_CALLERS = max(1, WEB_THREADS // 2)
DATABASES = _databases()
REDIS_URL = _redis()

# Redis may be slow or unavailable: cache calls give up after a third of a second.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL, "KEY_PREFIX": "zhitongche",
        "OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 0.3},
    }
}  # fmt: skip
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # officers stay signed in without Redis

# Host names, TLS and proxies

_SHORTEST_KEY = 50


def _secret_key() -> str:
    given = read.str("SECRET_KEY", "")
    if PRODUCTION and len(given) < _SHORTEST_KEY:
        refuse("SECRET_KEY", f"needs {_SHORTEST_KEY} random characters or more in production")
    return str(given or _embedded_choice().secret_key)


def _hosts() -> list[str]:
    """The allowed host names; production must list them, local names are the default elsewhere."""
    hosts = list(read.list("ALLOWED_HOSTS", []))
    if PRODUCTION and (not hosts or "*" in hosts):
        refuse("ALLOWED_HOSTS", "must list the names under which production is reached")
    return hosts or ["localhost", "127.0.0.1", "[::1]", "testserver"]


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = _hosts()
CSRF_TRUSTED_ORIGINS = read.list("CSRF_TRUSTED_ORIGINS", [])
HTTPS = read.bool("HTTPS", PRODUCTION)  # off only if TLS is enforced elsewhere
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Other people's subdomains, and the browsers' own list, only if the operator asks for it.
_HSTS = read.str("HSTS", "host", validate=validate.OneOf(["host", "subdomains", "preload"]))
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and _HSTS != "host"
SECURE_HSTS_PRELOAD = HTTPS and _HSTS == "preload"
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # which ask for both
# Reverse proxies before us, each of which writes X-Forwarded-For and X-Forwarded-Proto itself.
PROXY_COUNT = read.int("PROXY_COUNT", 0, validate=validate.Range(0, 5))
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_HANDLERS = ["projects.files.uploads.ReadableNames"]


def _public_url() -> str:
    """The address of the desk for staff, as far as it can be derived."""
    if PRODUCTION:
        return f"http{'s' if HTTPS else ''}://{ALLOWED_HOSTS[0].lstrip('.')}"
    return f"http://{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"


def _parsed(name: str, meaning: Any, kind: Any, default: Any) -> Any:
    """Parse a variable; an invalid value is refused with the variable's name."""
    try:
        return meaning(kind(name, default) or default)
    except ValueError as error:
        refuse(name, str(error))


SECRET_KEY_FALLBACKS = read.list("SECRET_KEY_FALLBACKS", [])  # keys used before the present one

# Apps, middleware and templates

INSTALLED_APPS = [
    # The rooms, lower before upper; before the theme, so that our templates are found first.
    "projects.record",
    "projects.flow",
    "projects.worktime",
    "projects.files",
    "projects.imports",
    "projects.register",
    "projects.access",
    "projects.progress",
    "projects.investment",
    "coordination.staff",
    "coordination.groups",
    "coordination.delivery",
    "coordination.audit",
    "coordination.parties",
    "coordination.tickets",
    "coordination.referrals",
    "coordination.monitoring",
    "coordination.amendments",
    "coordination.escalation",
    "coordination.privacy",
    "coordination.intake",
    "coordination.workbench",
    "coordination.bulletins",
    "coordination.demo",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    # After the rooms, which it reads, and the theme; before the admin looks for pages.
    "projects.house",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "pgtrigger",
    "axes",
]
MIDDLEWARE = [
    "projects.access.request_ids.name_request",  # so that every answer has its id
    "projects.access.compression.CompressAnswers",  # after whatever changes an answer
    "config.headers.add_policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "projects.access.addresses.remember_address",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "projects.access.request_limits.refuse_large",  # before anything reads a body
    "projects.access.limits.show_quota",
    "projects.access.request_limits.refuse_nul",  # after the language is chosen, before routing
    "projects.access.addresses.KeepMethod",  # Django's CommonMiddleware
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "coordination.staff.admin_gate.gate",
    "axes.middleware.AxesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "coordination.staff.admin_typed.answer_once",
    "coordination.demo.public.add_strip",  # takes itself out where there is no demonstration
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "staff.Officer"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # refuses before a password is hashed
    "coordination.staff.roles.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = sign_in.PASSWORD_VALIDATORS
AXES_COOLOFF_TIME: timedelta
SIGN_INS_PER_ADDRESS: int
PASSWORD_DAYS: int
SECOND_FACTOR: str
ACTS_KEPT_DAYS: int
globals().update(sign_in.read_settings(read, production=PRODUCTION))
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Outgoing messages: see coordination/delivery

PUBLIC_URL = read.str("PUBLIC_URL", "") or _public_url()  # the begin of the links in messages
# Private networks to which messages may be sent, by plain HTTP too, as for a self-hosted robot.
# Other addresses that are not public are never reached.
OUTBOUND_NETWORKS = _parsed("OUTBOUND_NETWORKS", outbound.networks, read.list, [])
# The same for enterprises' webhooks: their addresses are entered by outsiders, so production allows
# none. For tests and for trials on one's own machine.
WEBHOOK_NETWORKS = _parsed("WEBHOOK_NETWORKS", outbound.networks, read.list, [])
if PRODUCTION and WEBHOOK_NETWORKS:
    refuse("WEBHOOK_NETWORKS", "must be empty in production, where webhooks go to the public alone")
# The robots' official hosts; list a self-hosted 企业微信 or 飞书 here instead.
ROBOT_HOSTS = read.list("ROBOT_HOSTS", []) or [
    "qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn", "open.larksuite.com",
]  # fmt: skip
# Production sends no mail unless a server is chosen; elsewhere it can be read in a directory.
_NO_SERVER = "none://" if PRODUCTION else f"file://{embedded.default_home() / 'mail'}"
EMAIL_OFFERED: bool
globals().update(_parsed("EMAIL_URL", outbound.mail, read.str, _NO_SERVER))
EMAIL_TIMEOUT = 10
# Of one mail with what it encloses, as it is sent: files beyond that are named by their addresses.
EMAIL_LARGEST_MB = read.int("EMAIL_LARGEST_MB", 10, validate=validate.Range(min=1, max=50))
# Domains of the centre's own addresses. Others are sent only what is for everybody.
OWN_MAIL_DOMAINS = _parsed("OWN_MAIL_DOMAINS", outbound.domains, read.list, [])
DEFAULT_FROM_EMAIL = read.str("EMAIL_FROM", "") or "zhitongche@localhost"

# Language and time

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# The daily report: when it is due, when reporters are asked for it, and when chased
REPORT_DUE = read.time("REPORT_DUE", time(17))
REPORT_ASKED = read.time("REPORT_ASKED", time(15))
REPORT_CHASED = read.time("REPORT_CHASED", time(17, 30))
REPORTERS_ASKED = read.str(
    "REPORTERS_ASKED", "daily", validate=validate.OneOf(["daily", "workdays", "never"])
)
if not time(8) <= REPORT_ASKED < REPORT_DUE <= REPORT_CHASED < time(20):  # nothing at night
    refuse("REPORT_ASKED", "must be from 08:00 and before REPORT_DUE, and REPORT_CHASED after that")

# Static files: hashed and compressed once in production, straight from the packages elsewhere

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static" if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
JOINED_ROOT = embedded.default_home() / "joined"  # where the files of JOINED are written
_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
if PRODUCTION:
    _STATIC = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC},
}

# The enterprises' API

# Requests a minute: of a key that has no limit of its own, and of an address without a key that
# opens. 0 is no limit.
RATE_PER_KEY = read.int("RATE_PER_KEY", 600, validate=validate.Range(min=0))
RATE_PER_ADDRESS = read.int("RATE_PER_ADDRESS", 120, validate=validate.Range(min=0))
# Beat's record of what it last sent: persistent, but needs no backup
BEAT_SCHEDULE = read.str("BEAT_SCHEDULE", "") or str(embedded.default_home() / "beat-schedule")

# Set by official notices: letters (ABCDEFGHJK in later years), half-empty coaches' last day

NEW_ENERGY_LETTERS = read.str("NEW_ENERGY_LETTERS", "DF", validate=validate.Regexp(r"^[A-HJK]+\Z"))
COACH_CAP_UNTIL = read.date("COACH_CAP_UNTIL") if os.environ.get("COACH_CAP_UNTIL") else None
# Plans whose months do not reach the quarter, or quarters not the year: warned of or refused.
PLAN_MISMATCH = read.str("PLAN_MISMATCH", "warn", validate=validate.OneOf(["warn", "refuse"]))
BULLETIN_FONTS = _parsed("BULLETIN_FONTS", fonts.folder, read.str, "")  # whose fonts come first

# Logging

LOGGING = logging_at(read.log_level("LOG_LEVEL", logging.INFO))
