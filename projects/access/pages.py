"""Lists by cursor: the same cost on any page, no COUNT, nothing skipped or shown twice."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from projects.record.refusals import FieldError, Invalid


class NewestFirst(CursorPagination):
    """By id, the newest first; ``limit`` up to 200."""

    ordering: Any = "-id"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    model: type[Model]

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """One page. Raises Invalid where the cursor is none of ours."""
        self.model = queryset.model
        return super().paginate_queryset(queryset, request, view)

    def get_page_size(self, request: Request) -> int | None:
        """How many to a page. Raises Invalid where it is no number from 1 on."""
        asked = request.query_params.get("limit")
        if asked is not None and not (asked.isascii() and asked.isdigit() and int(asked[:9])):
            message = _("Enter a whole number from 1 to 200.")
            raise Invalid([FieldError(("limit",), message, "range")])
        return super().get_page_size(request)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Where the page begins: a place by the field that the list is ordered by."""
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
        """As OpenAPI 3.1 says it: the framework's own would have no last page."""
        page = super().get_paginated_response_schema(schema)
        for name in ("next", "previous"):
            page["properties"][name] = {"type": ["string", "null"], "format": "uri"}
        return page

    def _ordered_by(self) -> Any:
        first = self.ordering if isinstance(self.ordering, str) else self.ordering[0]
        return self.model._meta.get_field(first.lstrip("-"))  # noqa: SLF001 - Django's own way
