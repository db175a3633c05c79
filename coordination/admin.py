"""Where the admin finds the pages of each room."""

from coordination.bulletins import admin as bulletins
from coordination.delivery import admin as delivery
from coordination.delivery.webhooks import admin as webhooks
from coordination.desk import admin as desk
from coordination.groups import admin as groups
from coordination.tickets import admin as tickets
from coordination.tickets import admin_assignments as assignments
from coordination.tickets import admin_project
from coordination.tickets.clocks import admin as clocks
from coordination.tickets.export import admin as export
from projects.register.admin import ProjectAdmin

__all__ = [
    "assignments", "bulletins", "clocks", "delivery", "desk", "export", "groups", "tickets",
    "webhooks",
]  # fmt: skip

ProjectAdmin.panels.append(admin_project.PANEL)
