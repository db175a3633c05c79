"""Elements of SVG and HTML from a form and values, each escaped, and numbers with one decimal."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def drawn(form: str, *values: Any) -> SafeString:
    """The form with its values, as ``format_html`` makes it."""
    return format_html(form, *map(_short, values))


def drawn_each(form: str, rows: Iterable[Sequence[Any]]) -> SafeString:
    """The same for each row of values, one after another."""
    return format_html_join("", form, (tuple(map(_short, row)) for row in rows))


def _short(value: Any) -> Any:
    return round(value, 1) if isinstance(value, float) else value
