"""What each role may do, as a table of Django's own permissions.

What somebody may do to *one* ticket also depends on where he stands to it (``tickets/standing``);
this table only opens or closes the pages and the verbs of the register.
"""

from typing import Any, Final

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from coordination.groups.models import Officer, Role


def _permissions(app: str, actions: str, *models: str) -> frozenset[str]:
    return frozenset(f"{app}.{action}_{model}" for model in models for action in actions.split())


_READING = _permissions(
    "projects", "view", "district", "batch", "enterprise", "priorfiling", "project",
    "projectparticipant", "projectrevision", "dailyreport", "reportnarrative",
) | _permissions(
    "coordination", "view", "servicegroup", "officer", "membership", "leave", "assignment",
    "ticket", "ticketevent", "fulfilment", "bulletin", "serviceperiod", "notice", "destination",
    "delivery", "attempt", "exportjob", "escalation", "department", "term", "calendaroverride",
    "calendaryear", "servicehours",
)  # fmt: skip
_SERVING = (
    _permissions("coordination", "add", "ticket")
    | _permissions("coordination", "change", "ticket")
    | _permissions("coordination", "add change", "destination")
    | _permissions("coordination", "change", "delivery")
    | _permissions("coordination", "add", "reveal")
)
_REPORTING = _permissions("projects", "add", "dailyreport")
_LEADING = _permissions("coordination", "add change", "leave", "assignment")
_CENTRE = (
    _LEADING
    | _permissions("coordination", "add change", "membership", "serviceperiod", "department")
    | _permissions(
        "coordination", "add change delete", "term", "calendaroverride", "calendaryear",
        "servicehours",
    )
    | _permissions(
        "projects", "add change", "batch", "enterprise", "project", "projectparticipant",
        "priorfiling",
    )
    | _permissions("projects", "view add change", "apikey")
    | _permissions("coordination", "view change", "webhookendpoint")
)  # fmt: skip
_DIRECTING = (
    _permissions("coordination", "add change", "servicegroup", "officer")
    | _permissions("coordination", "add view", "legalhold")
    | _permissions("coordination", "view", "reveal", "purge")
)
_AUDITING = _permissions("projects", "view", "apikey") | _permissions(
    "coordination", "view", "eventanchor", "reveal", "purge", "legalhold", "webhookendpoint"
)

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    Role.LIAISON: _READING | _SERVING | _REPORTING,
    Role.GROUP_LEAD: _READING | _SERVING | _REPORTING | _LEADING,
    Role.DUTY_DESK: _READING | _SERVING | _REPORTING | _CENTRE,
    Role.DIRECTOR: _READING | _SERVING | _REPORTING | _CENTRE | _DIRECTING,
    Role.AUDITOR: _READING | _AUDITING,
}


class RoleBackend(ModelBackend):
    """Passwords as Django checks them; permissions by the officer's role."""

    def get_user_permissions(
        self, user_obj: Officer | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        """The role's permissions; none for whoever is not an active officer."""
        if not isinstance(user_obj, Officer) or not user_obj.is_active or obj is not None:
            return set()
        return set(PERMISSIONS.get(user_obj.role, frozenset()))

    def get_all_permissions(self, user_obj: Officer | AnonymousUser, obj: Any = None) -> set[str]:
        """Django's own grants, if any, and the role's."""
        return super().get_all_permissions(user_obj, obj) | self.get_user_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: Officer | AnonymousUser, app_label: str) -> bool:
        """Whether the role opens anything in this app."""
        return any(name.startswith(f"{app_label}.") for name in self.get_all_permissions(user_obj))
