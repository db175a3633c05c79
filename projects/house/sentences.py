"""Sentences of a bulletin, with figures filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


class _ByPath(dict[str, Any]):
    """Figures that are also found by a path such as ``provincial.rate``."""

    def __missing__(self, path: str) -> Any:
        if "." not in path:
            raise KeyError(path)
        found: Any = self
        for key in path.split("."):
            found = found[key]
        return found


@dataclass(frozen=True)
class Sentence:
    """A sentence with the figures of a table's total row, or else its first, as ``%(name)s``.

    A name with a dot leads into an object. Where the figure ``needs`` is null or the number 0, the
    sentence is ``otherwise``.
    """

    text: str | Promise
    needs: str = ""
    otherwise: str | Promise = ""

    def say(self, figures: Mapping[str, Any]) -> str:
        """The sentence with the figures filled in."""
        found = _ByPath(figures)
        if self.needs and found[self.needs] in (None, 0):
            return str(self.otherwise) % found
        return str(self.text) % found
