"""Every format with its renderer."""

from collections.abc import Callable, Mapping
from typing import Final

from coordination.bulletins.faces.page import page_of
from coordination.bulletins.models import Format
from coordination.bulletins.paper import Paper

RENDERERS: Final[Mapping[str, Callable[[Paper], bytes]]] = {Format.PAGE: page_of}


def missing_characters(_paper: Paper) -> list[tuple[str, str]]:
    """Characters that no font has, each with the place where it stands."""
    return []
