"""The keys of the paragraphs that no block declares."""

from typing import Final

OPENING: Final = "opening"
TITLE: Final = "title"
