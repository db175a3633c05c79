"""The permissions of each role, as Django permissions; each room lists its own in ``room.py``.

What an officer may do to *one* ticket also depends on his capacities on it (``tickets/standing``);
permissions only control the access to pages and to the verbs of the register.
"""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from coordination.staff.models import Officer
from projects.house.rooms import permissions_of


class RoleBackend(ModelBackend):
    """Django's password check, with permissions by the officer's role."""

    def get_user_permissions(
        self, user_obj: Officer | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        """The role's permissions; none unless the user is an active officer."""
        if not isinstance(user_obj, Officer) or not user_obj.is_active or obj is not None:
            return set()
        return set(permissions_of(user_obj.role))

    def get_group_permissions(
        self,
        user_obj: Officer | AnonymousUser,  # noqa: ARG002 - Django names them
        obj: Model | None = None,  # noqa: ARG002 - as above
    ) -> set[str]:
        """None: power comes from the role alone, and no request reads Django's groups."""
        return set()

    def has_module_perms(self, user_obj: Officer | AnonymousUser, app_label: str) -> bool:
        """Whether the officer has any permission in this app."""
        return any(name.startswith(f"{app_label}.") for name in self.get_all_permissions(user_obj))
