"""Where the admin finds the pages of each room."""

from projects.access import admin as access
from projects.progress import admin as progress
from projects.register import admin as register

__all__ = ["access", "progress", "register"]
