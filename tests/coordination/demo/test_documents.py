"""What the documentation says about the flow is what the table says."""

from coordination.tickets.flow import FLOW
from coordination.tickets.management.commands.draw_flow import PAGE
from projects.flow.diagram import mermaid, placed_in


def test_the_drawn_flow_is_the_table() -> None:
    """After a change of FLOW: manage.py draw_flow."""
    page = PAGE.read_text()
    assert placed_in(page, "a ticket", FLOW) == page
    assert all(f"| `{verb}` |" in page for verb in FLOW)


def test_every_state_is_drawn() -> None:
    drawing = mermaid(FLOW)
    assert "[*] --> submitted: submit" in drawing
    assert "resolved --> closed: confirm, write_off, countersign" in drawing
    assert "closed --> [*]" in drawing
