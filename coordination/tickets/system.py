"""The desk's own clockwork, as an actor: what falls due is done by nobody."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class System:
    """There is one; its events say that nobody did them."""


SYSTEM: Final = System()
