"""The test bed: real servers, real roles, real processes. See tests/bed for the parts.

Fixtures for everyone: ``superuser_cursor``, ``owner_cursor``, ``second_connection``,
``live_stack``, ``page``; and ``tests.bed.races.race`` for two connections at one instant.
"""

import os
from collections.abc import Generator, Iterator
from typing import Any

import django.conf
import pytest

from tests.bed import network, servers

if django.conf.settings.configured:
    raise pytest.UsageError("unset DJANGO_SETTINGS_MODULE: the tests choose their own settings")
HOME = servers.prepare_environment()  # before anything reads the settings

import psycopg
from django.conf import settings
from django.core.cache import cache
from django.test.testcases import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from config.embedded import recall
from tests.bed import database
from tests.bed.browser import HOW_TO_GET_IT, PATIENCE, find_chromium, launched, page_of
from tests.bed.stack import LiveStack, Worker

hypothesis_settings.register_profile(
    "bed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("bed")
# Static files are looked for when asked for; each test client would otherwise read all of them.
settings.WHITENOISE_AUTOREFRESH = True
settings.PASSWORD_HASHERS = ["tests.bed.passwords.OneRound"]
network.keep_at_home()
# Begun first: one of these at the end would keep one process at work and the others waiting.
LONGEST = ("tests/faults/", "tests/fuzz/", "tests/config/test_stack.py", "tests/benchmarks/")


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers, once for all the processes of this run."""
    config.addinivalue_line("markers", "browser: clicks through the pages in a real Chromium")
    if not servers.is_first_process():
        return
    bed = servers.Bed(HOME)
    config.add_cleanup(bed.stop)  # whatever happens
    if os.environ.get("REQUIRE_BROWSER") and not find_chromium():
        raise pytest.UsageError(f"the browser's tests would be left out: {HOW_TO_GET_IT}")
    if not config.option.collectonly:
        bed.start()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let each worker choose its own database before it reads the settings, as we did."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest; leave the browser's tests out where there is none.

    The summary says so in one line.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    if find_chromium():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=f"no browser: {HOW_TO_GET_IT}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once that the browser's tests were left out, and how to have them."""
    left_out = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if "no browser: " in str(report.longrepr)
    ]
    if left_out:
        terminalreporter.write_line(f"{len(left_out)} browser tests left out: {HOW_TO_GET_IT}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> None:
    """This process's own database, cloned from one that was migrated once."""
    with django_db_blocker.unblock():
        database.clone_template(HOME, settings.DATABASES["default"]["NAME"])


@pytest.fixture(scope="session")
def superuser_connection(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """Who may do anything: for what an operator, or an intruder, could do to the database."""
    name = settings.DATABASES["default"]["NAME"]
    with database.superuser(recall(HOME), name) as connection:
        yield connection


@pytest.fixture
def superuser_cursor(
    transactional_db: None, superuser_connection: psycopg.Connection[Any]
) -> Iterator[psycopg.Cursor[Any]]:
    """Statements as the superuser, each committed at once."""
    with superuser_connection.cursor() as cursor:
        yield cursor


def _own_connection(alias: str) -> psycopg.Connection[Any]:
    own = settings.DATABASES[alias]
    return psycopg.connect(
        host=own["HOST"], port=own["PORT"], dbname=own["NAME"], user=own["USER"],
        password=own["PASSWORD"], autocommit=True, options="-c lock_timeout=15s",
    )  # fmt: skip


@pytest.fixture
def owner_cursor(transactional_db: None) -> Iterator[psycopg.Cursor[Any]]:
    """Statements as the role that owns the tables, each committed at once."""
    with _own_connection("owner") as connection, connection.cursor() as cursor:
        yield cursor


@pytest.fixture
def second_connection(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """Another connection of the application's role, beside Django's."""
    with _own_connection("default") as connection:
        connection.autocommit = False
        yield connection
        connection.rollback()


@pytest.fixture(scope="session", autouse=True)
def _reset_without_truncate() -> Iterator[None]:
    """After a transactional test, go back to what the migrations wrote.

    Django would TRUNCATE as the application's role, which may not, tables that reject it.
    """
    kept: list[psycopg.Connection[Any]] = []  # one for all: opening one takes as long as a reset

    def teardown(_case: TransactionTestCase) -> None:
        if not kept:
            kept.append(database.superuser(recall(HOME), settings.DATABASES["default"]["NAME"]))
        database.reset(kept[0])

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
    yield
    patch.undo()
    for connection in kept:
        connection.close()


@pytest.fixture(autouse=True)
def _empty_cache() -> Generator[None]:
    """No test sees what another has put into Valkey's cache."""
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _usual_language() -> Generator[None]:
    """No test speaks the language that the last request of another has left active."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def celery_worker_process(django_db_setup: None) -> Iterator[Worker]:
    """One real worker for all the tests of this process that need one."""
    worker = Worker(HOME / f"worker-{servers.worker_number()}.log")
    yield worker
    worker.stop()


@pytest.fixture
def live_stack(live_server: Any, celery_worker_process: Worker) -> LiveStack:
    """A web server that answers, and a worker that consumes, on committed data."""
    return LiveStack(live_server.url, celery_worker_process.process, celery_worker_process.log)


@pytest.fixture(scope="session")
def _browser() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def _window(_browser: Any, live_server: Any) -> Iterator[Any]:
    context = _browser.new_context(base_url=live_server.url, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    context.new_page()
    yield context
    context.close()


@pytest.fixture
def page(_window: Any, live_server: Any) -> Iterator[Any]:
    """A fresh page of a browser that prefers Chinese, on the live server."""
    with page_of(_window) as page:
        yield page
