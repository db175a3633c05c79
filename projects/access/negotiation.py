"""In which format an answer is given."""

from collections.abc import Iterable

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer

from projects.access.problems import Problem


class Negotiation(DefaultContentNegotiation):
    """By ``Accept`` or ``?format=``; one that there is not is 406 in either."""

    def filter_renderers(
        self,
        renderers: Iterable[BaseRenderer],
        format: str,  # noqa: A002 - the framework names it
    ) -> list[BaseRenderer]:
        """Return those of the format. Raises Problem."""
        found = [each for each in renderers if each.format == format]
        if not found:
            raise Problem("not-acceptable")
        return found
