"""Where the admin finds the pages of each room."""

from coordination.bulletins import admin as bulletins
from coordination.desk import admin as desk
from coordination.tickets import admin as tickets

__all__ = ["bulletins", "desk", "tickets"]
