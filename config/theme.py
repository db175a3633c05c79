"""The look of the staff's pages: settings of django-unfold."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

_OFFICIAL_BLUE = {
    "50": "#f0f5fb", "100": "#dde9f6", "200": "#bcd3ed", "300": "#8fb4de", "400": "#6d9bd1",
    "500": "#3a6fb3", "600": "#1f5498", "700": "#19457d", "800": "#163a68", "900": "#142f54",
    "950": "#0d1f39",
}  # fmt: skip
UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Coordination Express"),
    "SITE_HEADER": _("Coordination Express"),
    "SHOW_HISTORY": False,  # the timeline is the history
    "SHOW_LANGUAGES": True,
    "COLORS": {"primary": _OFFICIAL_BLUE},
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml",
         "href": lambda _request: static("house/favicon.svg")}
    ],
    "STYLES": [lambda _request: static("workbench/desk.css")],
    "SCRIPTS": [
        lambda _request: static("house/cards.js"), lambda _request: static("staff/typed.js"),
    ],
    "DASHBOARD_CALLBACK": "coordination.workbench.desk.admin.desk",
    "SIDEBAR": {"navigation": "projects.house.menu.navigation"},
    "LOGIN": {"form": "coordination.staff.admin_forms.SignInForm"},
    "ACCOUNT": {
        "navigation": [
            {"title": _("Change the password"), "link": reverse_lazy("admin:password_change")},
            {"title": _("Second factor"), "link": reverse_lazy("second_factor")},
        ]
    },
}  # fmt: skip
