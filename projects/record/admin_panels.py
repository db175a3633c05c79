"""Pages about a thing, put together from the panels that rooms add."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin

from projects.house.rooms import panels_of


class ShowsPanels(ModelAdmin):  # type: ignore[misc]  # the theme has no types
    """An admin whose page of a row shows the rooms' panels before and below its fields."""

    change_form_before_template = "record/head_panels.html"
    change_form_after_template = "record/panels.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the row with its panels, each of which may have nothing for this reader."""
        row = self.get_object(request, object_id)
        page = f"{self.opts.app_label}.{self.opts.model_name}"
        found = [
            (panel, panel.context(row, request.user))
            for panel in (panels_of(page) if row is not None else ())
        ]
        named = [
            (panel.place, {"name": panel.name, "template": panel.template, "context": context})
            for panel, context in found
            if context is not None
        ]
        heads = [each for place, each in named if place == "head"]
        panels = [each for place, each in named if place != "head"]
        shown: HttpResponse = super().change_view(
            request,
            object_id,
            form_url,
            {**(extra_context or {}), "panels": panels, "heads": heads},
        )
        return shown
