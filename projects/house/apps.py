from django.apps import AppConfig
from django.contrib import admin
from django.utils.module_loading import autodiscover_modules


class HouseConfig(AppConfig):
    """Listed after all rooms, so that their models are loaded when they register."""

    name = "projects.house"

    def ready(self) -> None:
        """Import ``room.py`` of every installed app; say “—” wherever a page has nothing."""
        autodiscover_modules("room")
        admin.site.empty_value_display = "—"
