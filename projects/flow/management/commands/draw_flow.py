"""Put the flows' diagrams, drawn from their tables, into the documentation."""

from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand

from projects.flow.diagram import placed_in
from projects.house.rooms import flows

PAGE: Final = Path(__file__).resolve().parents[4] / "docs" / "architecture.md"


class Command(BaseCommand):
    """`manage.py draw_flow`."""

    help = "Write the diagram of each flow into docs/architecture.md."
    requires_system_checks = []  # only the tables are asked

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Replace what stands between the marks of each."""
        page = PAGE.read_text()
        for name, flow in flows().items():
            page = placed_in(page, name, flow)
        PAGE.write_text(page)
