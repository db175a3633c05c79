"""Imports the workbench's pages, so that the admin finds them."""

from coordination.workbench import admin_clocks, admin_ticket
from coordination.workbench.board import admin_display
from coordination.workbench.departures import admin as departures
from coordination.workbench.desk import admin as desk
from coordination.workbench.export import admin as export
from coordination.workbench.handovers import admin_assignments
from coordination.workbench.ticket import admin_phrases

__all__ = [
    "admin_assignments", "admin_clocks", "admin_display", "admin_phrases", "admin_ticket",
    "departures", "desk", "export",
]  # fmt: skip
