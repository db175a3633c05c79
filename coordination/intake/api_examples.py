"""Examples of filings and lines for the API's document, one of each kind."""

from typing import Any, Final

from coordination.tickets.kinds.base import Kind
from coordination.tickets.kinds.registry import KINDS
from projects.access.document import example


def _filing(kind: Kind[Any]) -> Any:
    value = {
        "kind": kind.name,
        "project": "LY2020-001",
        "title": kind.example.title,
        "urgency": "urgent",
        "contact": {"name": "王师傅", "mobile": "13800138000"},
        "lines": [dict(kind.example.line)],
    }
    return example(kind.example.title, value)


FILING_EXAMPLES: Final = [_filing(kind) for kind in KINDS.values()]
LINES_EXAMPLES: Final = [
    example(kind.example.title, {"lines": [dict(kind.example.line)]}) for kind in KINDS.values()
]
