"""Put the flow's diagram, drawn from the table, into the documentation."""

from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand

from coordination.tickets.flow import FLOW
from projects.flow.diagram import placed_in

PAGE: Final = Path(__file__).resolve().parents[4] / "docs" / "architecture.md"


class Command(BaseCommand):
    """`manage.py draw_flow`."""

    help = "Write the diagram of a ticket's flow into docs/architecture.md."
    requires_system_checks = []  # only the table is asked

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Replace what stands between the marks."""
        PAGE.write_text(placed_in(PAGE.read_text(), "a ticket", FLOW))
