"""What the document shows of a filing: one example of each kind, which the kind itself gives."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

from coordination.tickets.kinds.base import Kind
from coordination.tickets.kinds.registry import KINDS


def _filing(kind: Kind[Any]) -> OpenApiExample:
    value = {
        "kind": kind.name,
        "project": "LY2020-001",
        "title": kind.example.title,
        "urgency": "urgent",
        "contact": {"name": "王师傅", "mobile": "13800138000"},
        "lines": [dict(kind.example.line)],
    }
    return OpenApiExample(kind.example.title, value=value, request_only=True)


FILING_EXAMPLES: Final = [_filing(kind) for kind in KINDS.values()]
