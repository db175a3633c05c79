"""What the documentation says about the flow is what the table says."""

from coordination.tickets.flow import FLOW
from projects.flow.diagram import mermaid, placed_in
from projects.flow.management.commands.draw_flow import PAGE
from projects.house.rooms import flows


def test_the_drawn_flow_is_the_table() -> None:
    """After a change of FLOW: manage.py draw_flow."""
    page = PAGE.read_text()
    assert set(flows()) == {"a ticket", "an issue"}
    for name, flow in flows().items():
        assert placed_in(page, name, flow) == page
        assert all(f"| `{verb}` |" in page for verb in flow)


def test_every_state_is_drawn() -> None:
    drawing = mermaid(FLOW)
    assert "[*] --> submitted: submit" in drawing
    assert "resolved --> closed: confirm, write_off, countersign" in drawing
    assert "closed --> [*]" in drawing
