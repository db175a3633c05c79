"""Lists by cursor: the same cost on any page, no COUNT, nothing skipped or shown twice."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """By id, the newest first; ``limit`` up to 200."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
