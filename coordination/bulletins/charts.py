"""Charts as SVG, drawn without JavaScript, so that they print the same."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_ROW: Final = 24
_LABEL: Final = 90
_BAR: Final = 360
_FULL: Final = Decimal(100)


def _width(rate: str | None) -> int:
    """The width of a bar; limited to that of 100 %."""
    return int(_BAR * min(Decimal(rate or 0), _FULL) / _FULL)


def _percent(rate: str | None) -> str:
    """The rate as text; an undefined one is “—”, not zero."""
    return "—" if rate is None else f"{rate}%"


def bars(rows: Sequence[tuple[str, str | None]]) -> SafeString:
    """One bar for each (name, rate in percent); an undefined rate has none and says "—"."""
    lines = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect x="{}" y="{}" width="{}" height="14" fill="#2563eb"/><text x="{}" y="{}">{}</text>',
        (
            (
                _LABEL, _ROW * i + 16, name, _LABEL + 8, _ROW * i + 5, _width(rate),
                _LABEL + 14 + _width(rate), _ROW * i + 16, _percent(rate),
            )
            for i, (name, rate) in enumerate(rows)
        ),
    )  # fmt: skip
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="100%" '
        'style="max-width:{}px" font-size="12" fill="currentColor">{}</svg>',
        _LABEL + _BAR + 70, _ROW * len(rows) + 6, _LABEL + _BAR + 70, lines,
    )  # fmt: skip
