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
# What every page of the staff's needs, and what a ticket's and the framework's forms need besides,
# each as one file. Of the theme's scripts: Alpine after its plugins, and before them the theme's
# own, whose names its attributes use. Its charts, sorting and htmx are on no page of ours.
JOINED: dict[str, tuple[str, ...]] = {
    "house/staff.css": ("unfold/css/styles.css", "house/fonts.css", "workbench/desk.css"),
    "house/staff.js": (
        "unfold/js/app.js",
        "unfold/js/alpine/alpine.anchor.js",
        "unfold/js/alpine/alpine.persist.js",
        "unfold/js/alpine/alpine.focus.js",
        "unfold/js/alpine/alpine.resize.js",
        "unfold/js/alpine/alpine.js",
        "house/cards.js",
        "workbench/desk.js",
        "staff/typed.js",
    ),
    "workbench/ticket-page.js": (
        "workbench/rows.js",
        "workbench/ticket.js",
        "register/suggest.js",
        "workbench/phrases.js",
    ),
    "house/forms.js": (
        "admin/js/vendor/jquery/jquery.min.js",
        "admin/js/jquery.init.js",
        "admin/js/core.js",
        "admin/js/admin/RelatedObjectLookups.js",
        "admin/js/actions.js",
        "admin/js/inlines.js",
        "admin/js/calendar.js",
        "admin/js/admin/DateTimeShortcuts.js",
    ),
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "projects.house.joined.JoinedFinder",
]
UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Coordination Express"),
    "SITE_HEADER": _("Coordination Express"),
    "SITE_URL": "",  # there is no other site to return to
    "SHOW_HISTORY": False,  # the timeline is the history
    "SHOW_LANGUAGES": True,
    "COLORS": {"primary": _OFFICIAL_BLUE},
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml",
         "href": lambda _request: static("house/favicon.svg")}
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
