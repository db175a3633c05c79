"""A real browser, where there is one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    # One process draws all pages, of one site as they are: else each page begins one of its own.
    "--renderer-process-limit=1", "--disable-site-isolation-trials",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 40_000  # milliseconds: a busy machine is slow, and what never comes is told anyway
HOW_TO_GET_IT = "install Chromium (Debian: apt-get install chromium fonts-noto-cjk) or set CHROMIUM"


def find_chromium() -> str | None:
    """The browser's path: CHROMIUM, or the first of its usual names."""
    given = os.environ.get("CHROMIUM")
    if given:
        return shutil.which(given)
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """The browser, for as long as the block runs.

    Playwright's own loop runs in this thread, and Django would refuse its ORM beside a loop: the
    tests are not asynchronous, so it is told not to for as long.
    """
    with sync_playwright() as driver:
        before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        expect.set_options(timeout=PATIENCE)
        browser = driver.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
            if before is None:
                del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def page_of(context: BrowserContext) -> Iterator[Page]:
    """A page of its own in a window that stays open, as in a browser that knows nobody.

    A window of its own would cost as much as two pages. What the tests leave in it is taken away:
    cookies, storage, further tabs; only the style sheets and scripts stay in its cache.
    """
    first = context.pages[0]
    page = context.new_page()
    try:
        yield page
    finally:
        for each in context.pages:
            if each is not first:
                each.close()
        context.set_offline(False)
        context.set_storage_state({"cookies": [], "origins": []})
