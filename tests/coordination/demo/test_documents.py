"""What the documentation says about the flow is what the table says."""

from config.embedded import PROJECT
from coordination.tickets.diagram import mermaid, placed_in
from coordination.tickets.flow import FLOW


def test_the_drawn_flow_is_the_table() -> None:
    """After a change of FLOW: manage.py draw_flow."""
    page = (PROJECT / "docs" / "architecture.md").read_text()
    assert placed_in(page) == page
    assert all(f"| `{verb}` |" in page for verb in FLOW)


def test_every_state_is_drawn() -> None:
    drawing = mermaid()
    assert "[*] --> submitted: submit" in drawing
    assert "resolved --> closed: confirm, write_off, countersign" in drawing
    assert "closed --> [*]" in drawing
