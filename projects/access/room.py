"""What the house knows of access."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from projects.access import admin_panels, api, docs, keys, problem_pages, schema
from projects.access.queries_first_steps import FIRST_STEPS
from projects.house.rooms import PROJECTS, Page, Panel, Room, permissions, register

_ALL = permissions("view add change", "apikey")

__all__ = ["ROOM", "schema"]  # the schema registers the document's description of our keys

ROOM = register(
    Room(
        label="access",
        first_steps=FIRST_STEPS,
        pages=(
            Page(
                PROJECTS, 50, _("API keys"), "admin:access_apikey_changelist",
                "access.view_apikey",
            ),
        ),
        panels=(
            Panel("register.enterprise", 30, "keys", "access/keys.html", admin_panels.keys),
        ),
        permissions={
            "duty_desk": _ALL, "director": _ALL, "system_admin": _ALL,
            "auditor": permissions("view", "apikey"),
        },
        guarded=permissions("add change", "apikey"),
        acts={
            keys.ISSUED: _("Issued a key"), keys.REPLACED: _("Replaced a key"),
            keys.REVOKED: _("Revoked a key"),
        },
        api=(
            path("keys/", api.KeyList.as_view(), name="keys"),
            path("keys/<str:key_id>/", api.KeyDetail.as_view(), name="key"),
            path("keys/<str:key_id>/rotate/", api.RotateKey.as_view(), name="key-rotate"),
            path("keys/<str:key_id>/revoke/", api.RevokeKey.as_view(), name="key-revoke"),
        ),
        urls=(
            path("problems/", problem_pages.list_problems, name="problems"),
            path("problems/<slug:code>", problem_pages.show_problem, name="problem"),
            path("api/changes/", docs.Changes.as_view(), name="api-changes"),
            path("api/docs/", docs.Docs.as_view(url_name="schema"), name="docs"),
        ),
    )
)  # fmt: skip
