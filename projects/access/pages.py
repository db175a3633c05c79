"""Cursor pagination: the same cost on any page, no COUNT, nothing skipped or shown twice.

A cursor is the whole key of a row, not an offset among rows of one time: those filed together have
the same, and an offset would skip one for each that changed between two pages. It names its list
and order, so that it is refused by any other.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_filters import MultipleChoiceFilter
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from projects.record.refusals import FieldError, Invalid

ORDERING: Final = "ordering"
_BEYOND: Final = {True: "<", False: ">"}  # backwards or not, in a cursor
_SEND_IT: Final = "send it as `cursor`, with the other parameters as before."
_LIST_DIGITS: Final = 8  # of the hash that names the list in a cursor


def _filters_of(view: Any) -> Mapping[str, Any]:
    found: Any = getattr(view, "filterset_class", None)
    return found.base_filters if found else {}


class NewestFirst(CursorPagination):
    """Pages by id, the newest first; ``limit`` up to 200.

    A list with other orders names them in ``orders``, each served by an index; the first is the
    default.
    """

    ordering: Any = "-id"
    orders: ClassVar[dict[str, tuple[str, ...]]] = {}
    orders_described = ""
    page_size = 50
    page_size_query_param = "limit"
    max_page_size: int = 200

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return one page. Raises Invalid for an unknown order or a malformed cursor."""
        self.page_size = self.get_page_size(request) or self.page_size
        self.ordering = self.get_ordering(request, queryset, view)
        self.fields = [queryset.model._meta.get_field(name.lstrip("-")) for name in self.ordering]
        self._list = self._named(queryset)
        cursor = self.decode_cursor(request)
        is_back = cursor is not None and cursor.reverse
        ascending = self.ordering[0].startswith("-") == is_back
        begin = None if cursor is None else cursor.position
        if begin is not None:
            queryset = queryset.filter(self._beyond(str(begin), ascending=ascending))
        order = [field.name if ascending else f"-{field.name}" for field in self.fields]
        found = list(queryset.order_by(*order)[: self.page_size + 1])
        self.rows = found[: self.page_size]
        has_more = len(found) > self.page_size
        if is_back:
            self.rows.reverse()
        before, after = (has_more, begin is not None) if is_back else (begin is not None, has_more)
        self.has_previous, self.has_next = before, after
        return self.rows

    def _beyond(self, position: str, *, ascending: bool) -> Q:
        """The rows after this one; of its first field all, so that an index finds them."""
        values = self._values_of(position)
        names = [field.name for field in self.fields]
        compare = "gt" if ascending else "lt"
        beyond = Q()
        for place, name in enumerate(names):
            same = dict(zip(names[:place], values, strict=False))
            beyond |= Q(**same, **{f"{name}__{compare}": values[place]})
        return Q(**{f"{names[0]}__{compare}e": values[0]}) & beyond

    def _values_of(self, position: str) -> list[Any]:
        """The values of a row's key. Raises ValidationError, ValueError, OverflowError."""
        parts = position.split()
        values = [field.to_python(each) for field, each in zip(self.fields, parts, strict=True)]
        # PostgreSQL does not read all offsets that Python does.
        return [each.astimezone(UTC) if isinstance(each, datetime) else each for each in values]

    def _position_of(self, row: Any) -> str:
        values = [getattr(row, field.attname) for field in self.fields]
        return " ".join(
            each.isoformat() if isinstance(each, date) else str(each) for each in values
        )

    def get_next_link(self) -> str | None:
        """The cursor of the next page; None on the last."""
        return self._cursor(self.rows[-1:], reverse=False) if self.has_next else None

    def get_previous_link(self) -> str | None:
        """The cursor of the previous page; None on the first."""
        return self._cursor(self.rows[:1], reverse=True) if self.has_previous else None

    def _cursor(self, edge: list[Any], *, reverse: bool) -> str:
        """From the row at the page's edge; beyond an empty page is the list's begin or end.

        Of letters, digits, - and _ alone, so that it can be put into an address as it is.
        """
        position = self._position_of(edge[0]) if edge else ""
        written = f"{self._list}{_BEYOND[reverse]}{position}".encode()
        return urlsafe_b64encode(written).decode().rstrip("=")

    def _named(self, queryset: Any) -> str:
        """The name of the list and its order in a cursor."""
        name = " ".join((queryset.model._meta.label, *self.ordering))
        return hashlib.sha256(name.encode()).hexdigest()[:_LIST_DIGITS]

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        """The fields of the requested order."""
        if not self.orders:
            return super().get_ordering(request, queryset, view)
        asked = request.query_params.get(ORDERING) or self.usual_order(request)
        if asked not in self.orders:
            raise Invalid([FieldError((ORDERING,), _("This list has no such order."), "choice")])
        return self.orders[asked]

    def usual_order(self, request: Request) -> str:  # noqa: ARG002 - for those that look at it
        """The default order."""
        return next(iter(self.orders))

    def get_page_size(self, request: Request) -> int | None:
        """The page size. Raises Invalid unless it is a number from 1 to 200."""
        asked = request.query_params.get("limit")
        if asked is not None and not (
            asked.isascii() and asked.isdigit() and 0 < int(asked[:9]) <= self.max_page_size
        ):
            message = _("Enter a whole number from 1 to 200.")
            raise Invalid([FieldError(("limit",), message, "range")])
        return super().get_page_size(request)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The row after which the page begins. Raises Invalid if it is no cursor of this list."""
        given = request.query_params.get(self.cursor_query_param)
        if not given:
            return None
        try:
            padded = given + "=" * (-len(given) % 4)
            text = urlsafe_b64decode(padded.encode("ascii")).decode("ascii")
            reverse = {mark: name for name, mark in _BEYOND.items()}[text[_LIST_DIGITS]]
            position = text[_LIST_DIGITS + 1 :] or None
            if position is not None:
                self._values_of(position)
            is_of_this = text.startswith(self._list)
        except (ValidationError, ValueError, LookupError, OverflowError):
            is_of_this = False
        if not is_of_this:
            raise Invalid(
                [FieldError(("cursor",), _("This is not a cursor of this list."), "cursor")]
            )
        return Cursor(offset=0, reverse=reverse, position=position)  # type: ignore[arg-type]  # stubs want a number

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A page: its rows, and the cursors of the pages beside it."""
        page = super().get_paginated_response_schema(schema)
        cursor = {"type": ["string", "null"]}
        page["properties"] = {
            "next": {**cursor, "description": f"The next page: {_SEND_IT} Null on the last."},
            "previous": {**cursor, "description": f"The one before: {_SEND_IT} Null on the first."},
            "results": {**page["properties"]["results"], "description": "The rows of the page."},
        }
        return page

    def get_schema_operation_parameters(
        self,
        view: Any,  # noqa: ARG002 - the framework names it
    ) -> list[dict[str, Any]]:
        """Cursor, limit with its bounds, and the available orders."""
        limit = {"type": "integer", "minimum": 1, "maximum": self.max_page_size}
        described: list[tuple[str, dict[str, Any], str]] = [
            ("cursor", {"type": "string"}, "Of the `next` or `previous` of an answer."),
            ("limit", {**limit, "default": self.page_size}, "How many to a page."),
        ]
        if self.orders:
            enum = {"type": "string", "enum": list(self.orders)}
            described.append((ORDERING, enum, self.orders_described))
        return [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": says}
            for name, schema, says in described
        ]

    def parameters(self, view: Any) -> set[str]:
        """The parameters of a list of this view."""
        own = {"cursor", "limit", *([ORDERING] if self.orders else [])}
        return own | set(_filters_of(view))

    def repeatable(self, view: Any) -> set[str]:
        """Those of them that may be given more than once."""
        filters = _filters_of(view).items()
        return {name for name, each in filters if isinstance(each, MultipleChoiceFilter)}
