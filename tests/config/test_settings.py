"""Bad settings are refused by the name of the variable, in one line, before anything starts."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from celery.schedules import crontab

from config.celery import app
from config.embedded import PROJECT, find_home
from tests.config.forks import run_code

SHANGHAI = ZoneInfo("Asia/Shanghai")
PRODUCTION = {
    "DEPLOYMENT": "production",
    "DATABASE_URL": "postgres://app:app@127.0.0.1:1/desk",
    "DATABASE_OWNER_URL": "postgres://owner:owner@127.0.0.1:1/desk",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "k3y-of-a-test/" * 5,
    "ALLOWED_HOSTS": "desk.example.cn",
}
OURS = {
    *PRODUCTION, "DEBUG", "DEMO_CLOCK", "DEMONSTRATION", "CELERY_TASK_ALWAYS_EAGER",
    "DATABASE_POOL", "HTTPS",
    "DJANGO_ALLOW_ASYNC_UNSAFE",  # of a browser test that went before
}  # fmt: skip


def read_settings(environment: dict[str, str], expression: str = "1") -> tuple[int, str, str]:
    """Read the settings in a process of their own; its status, output and errors."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    code = (
        "import sys, manage; manage.check_settings();"
        f"from django.conf import settings; print({expression})"
    )
    return run_code(code, {**inherited, **environment})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///desk.sqlite3"),
        ("DATABASE_URL", "mysql://app:app@127.0.0.1/desk"),
        ("DATABASE_URL", "postgres://127.0.0.1/"),
        ("DATABASE_URL", "postgres://app:app@127.0.0.1:port/desk"),
        ("DATABASE_OWNER_URL", "postgres://app:app@127.0.0.1:1/desk"),
        ("DATABASE_OWNER_URL", "postgres://owner:owner@127.0.0.1:1/elsewhere"),
        ("REDIS_URL", ""),
        ("REDIS_URL", "valkey://127.0.0.1:1/0"),
        ("REDIS_URL", "locmem://"),
        ("CELERY_TASK_ALWAYS_EAGER", "true"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("DEBUG", "true"),
        ("DEBUG", "perhaps"),
        ("DEMO_CLOCK", "true"),
        ("DEMONSTRATION", "true"),
        ("WEBHOOK_NETWORKS", "127.0.0.1/32"),
        ("WEBHOOK_NETWORKS", "nonsense"),
        ("DEPLOYMENT", "staging"),
        ("WEB_THREADS", "many"),
        ("WEB_THREADS", "0"),
        ("WEB_WORKERS", "many"),
        ("WEB_WORKERS", "0"),
        ("LOG_LEVEL", "loud"),
        ("COACH_CAP_UNTIL", "soon"),
        ("BULLETIN_FONTS", "/no/such/folder"),
        ("EMAIL_LARGEST_MB", "0"),
        ("EMAIL_LARGEST_MB", "51"),
        ("OWN_MAIL_DOMAINS", "office@city.example.cn"),
        ("NEW_ENERGY_LETTERS", "dz"),
        ("HSTS", "everywhere"),
        ("PROXY_COUNT", "-1"),
        ("PROXY_COUNT", "true"),
        ("SIGN_IN_FAILURES", "0"),
        ("SIGN_IN_FAILURES", "11"),
        ("SIGN_IN_LOCK_MINUTES", "0"),
        ("SIGN_INS_PER_ADDRESS", "-1"),
        ("PASSWORD_DAYS", "-1"),
        ("SECOND_FACTOR", "off"),
        ("SESSION_IDLE_MINUTES", "31"),
        ("ACTS_KEPT_DAYS", "179"),
    ],
)
def test_a_bad_value_is_refused_by_name(name: str, value: str) -> None:
    code, _, said = read_settings({**PRODUCTION, name: value})
    assert code == 2
    assert f"{name}: " in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("deployment", ["production", "test"])
def test_only_a_demonstration_has_a_clock_of_its_own(deployment: str) -> None:
    unsaid = {**PRODUCTION, "DEPLOYMENT": deployment}
    assert read_settings(unsaid, "settings.DEMONSTRATION")[:2] == (0, "False")
    code, _, said = read_settings({**unsaid, "DEMONSTRATION": "true"})
    assert code == 2
    assert "DEMONSTRATION: " in said
    demo = {**PRODUCTION, "DEPLOYMENT": "demo"}
    assert read_settings(demo, "settings.DEMONSTRATION")[:2] == (0, "True")


def test_beat_asks_often_in_a_demonstration() -> None:
    """Its days are not the machine's: what is due there is due at any minute here."""
    ready = '__import__("django").setup(), __import__("config.celery").celery.app.finalize()'
    timetable = '__import__("config.celery").celery.app.conf.beat_schedule'
    every = f'({ready}, sorted({{each["schedule"] for each in {timetable}.values()}}))[-1]'
    named = f'({ready}, "demonstration" in {timetable}, "exports" in {timetable})[-2:]'
    demo = {**PRODUCTION, "DEPLOYMENT": "demo"}
    assert read_settings(demo, every)[:2] == (0, "[2.0, 5.0, 30.0, 60.0]")
    assert read_settings(PRODUCTION, named)[:2] == (0, "(False, True)")


def test_production_needs_its_database_by_name() -> None:
    without = {**PRODUCTION, "DATABASE_URL": ""}
    code, _, said = read_settings(without)
    assert code == 2
    assert "DATABASE_URL: is missing" in said


def test_production_starts_without_the_owners_address() -> None:
    without = {**PRODUCTION, "DATABASE_OWNER_URL": ""}
    code, databases, said = read_settings(without, "sorted(settings.DATABASES)")
    assert (code, databases, said) == (0, "['default']", "")


def test_a_given_database_means_production_unless_told_otherwise() -> None:
    unsaid = {**PRODUCTION}
    del unsaid["DEPLOYMENT"]
    expression = "settings.PRODUCTION, settings.DEMO_CLOCK, settings.SESSION_COOKIE_SECURE"
    assert read_settings(unsaid, expression)[:2] == (0, "True False True")


def test_only_web_processes_pool_connections() -> None:
    expression = "'pool' in settings.DATABASES['default']['OPTIONS']"
    assert read_settings(PRODUCTION, expression)[1] == "False"
    assert read_settings({**PRODUCTION, "DATABASE_POOL": "true"}, expression)[1] == "True"


def test_an_embedded_key_is_chosen_once(tmp_path: Path) -> None:
    own = {"DATA_DIR": str(tmp_path / "data")}
    first = read_settings(own, "settings.SECRET_KEY")
    second = read_settings(own, "settings.SECRET_KEY")
    shutil.rmtree(find_home(tmp_path / "data"))
    assert first[0] == 0
    assert len(first[1]) > 50
    assert second == first


def test_production_passes_the_deployment_checks() -> None:
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={**inherited, **PRODUCTION}, cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "due"),
    [
        ("weekly-bulletin", datetime(2020, 3, 9, 17, 30, tzinfo=SHANGHAI)),
        ("forget-old-acts", datetime(2020, 3, 9, 2, 40, tzinfo=SHANGHAI)),
    ],
)
def test_beat_says_utc_and_means_shanghai(name: str, due: datetime) -> None:
    assert str(app.conf.timezone) == "UTC"
    before = datetime(2020, 3, 8, 16, 0, tzinfo=UTC)  # midnight in Shanghai, before that Monday
    app.finalize()
    schedule = app.conf.beat_schedule[name]["schedule"]
    again = crontab(schedule._orig_minute, schedule._orig_hour, schedule._orig_day_of_week,
                    nowfun=lambda: before, app=app)  # fmt: skip
    assert before + again.remaining_estimate(before) == due


HSTS = [  # HTTPS, what is asked for, and whether subdomains and the preload list are taken in
    ("true", "host", "True False False"),
    ("true", "subdomains", "True True False"),
    ("true", "preload", "True True True"),
    ("false", "preload", "False False False"),
]


@pytest.mark.parametrize("given", HSTS)
def test_other_peoples_subdomains_are_left_alone_unless_asked_for(
    given: tuple[str, str, str],
) -> None:
    https, scope, expected = given
    wanted = (
        "bool(settings.SECURE_HSTS_SECONDS), settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, "
        "settings.SECURE_HSTS_PRELOAD"
    )
    found = read_settings({**PRODUCTION, "HTTPS": https, "HSTS": scope}, wanted)
    assert found[:2] == (0, expected)


@pytest.mark.parametrize("count", ["0", "1", "2"])
def test_a_proxys_word_is_taken_only_behind_one(count: str) -> None:
    wanted = "getattr(settings, 'SECURE_PROXY_SSL_HEADER', None) is not None"
    found = read_settings({**PRODUCTION, "PROXY_COUNT": count}, wanted)
    assert found[:2] == (0, str(count != "0"))
