"""An officer's session in a browser, where signing in is not the subject."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from coordination.staff.models import Officer


def signed_in(page: Page, who: Officer) -> None:
    """Give the page's browser a session of the officer's; the page stays as it is.

    The form, and the page that follows it, would else be loaded before every test's own.
    """
    client = Client()
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "domain": "localhost", "path": "/"}]
    )
