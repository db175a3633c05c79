"""Cursor pagination: the same cost on any page, no COUNT, nothing skipped or shown twice."""

from collections.abc import Iterable
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from projects.access.problems import Problem
from projects.record.refusals import FieldError, Invalid

ORDERING: Final = "ordering"
FORMAT: Final = "format"  # the framework's own


def refuse_unknown(request: Request, known: Iterable[str]) -> None:
    """Raise Problem (400) naming every unknown parameter, so that none is silently ignored."""
    unknown = sorted(set(request.query_params) - {*known, FORMAT})
    if unknown:
        message = _("There is no such parameter.")
        errors = [FieldError((each,), message, "unknown") for each in unknown]
        raise Problem("unknown-parameter", errors=errors)


class NewestFirst(CursorPagination):
    """Pages by id, the newest first; ``limit`` up to 200.

    A list with other orders names them in ``orders``, each served by an index; the first is the
    default. Parameters that are no filter of the view are refused.
    """

    ordering: Any = "-id"
    orders: ClassVar[dict[str, tuple[str, ...]]] = {}
    orders_described = ""
    page_size = 50
    page_size_query_param = "limit"
    max_page_size: int = 200
    model: type[Model]

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return one page.

        Raises Problem (400) for an unknown parameter or order, Invalid for a malformed cursor.
        """
        refuse_unknown(request, self._parameters(view))
        self.model = queryset.model
        return super().paginate_queryset(queryset, request, view)

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        """The fields of the requested order."""
        if not self.orders:
            return super().get_ordering(request, queryset, view)
        asked = request.query_params.get(ORDERING) or self.usual_order(request)
        if asked not in self.orders:
            message = _("This list has no such order.")
            raise Problem("unknown-parameter", errors=[FieldError((ORDERING,), message, "unknown")])
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
        """The position at which the page begins: a value of the field that orders the list."""
        try:
            cursor = super().decode_cursor(request)
            if cursor is not None and cursor.position is not None:
                self._ordered_by().to_python(cursor.position)
        except (NotFound, ValidationError) as error:
            raise Invalid(
                [FieldError(("cursor",), _("This is not a cursor of this list."), "cursor")]
            ) from error
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema in OpenAPI 3.1; the framework's would not allow null on the last page."""
        page = super().get_paginated_response_schema(schema)
        for name in ("next", "previous"):
            page["properties"][name] = {"type": ["string", "null"], "format": "uri"}
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

    def _parameters(self, view: Any) -> set[str]:
        own = {"cursor", "limit", *([ORDERING] if self.orders else [])}
        filters = getattr(view, "filterset_class", None)
        return own | set(filters.base_filters if filters else ())

    def _ordered_by(self) -> Any:
        first = self.ordering if isinstance(self.ordering, str) else self.ordering[0]
        return self.model._meta.get_field(first.lstrip("-"))
