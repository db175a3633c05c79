"""Every block of figures there is.

A rule that changes is a new line with the next schema beside the old one, which stays: a bulletin
is counted again by the schemas that it was built with.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from coordination.bulletins.figures import (
    coverage,
    people_returned,
    quantities,
    register,
    reporting,
    resumption,
    tickets,
)
from coordination.bulletins.week import Period
from projects.record.canonical import digest


@dataclass(frozen=True)
class Block:
    """One part of a bulletin, by one version of its rules."""

    name: str
    schema: int
    count: Callable[[Period], dict[str, Any]]


BLOCKS: Final = (
    Block("register", 1, register.count),
    Block("resumption", 1, resumption.count),
    Block("coverage", 1, coverage.count),
    Block("tickets", 1, tickets.count_first_three),
    Block("tickets", 2, tickets.count),
    Block("quantities", 1, quantities.count),
    Block("people_returned", 1, people_returned.count),
    Block("reporting", 1, reporting.count),
)
NEWEST: Final = {block.name: block.schema for block in BLOCKS}  # the last of a name wins


def count_blocks(period: Period, schemas: Mapping[str, int] = NEWEST) -> dict[str, Any]:
    """The figures of the period, each block with its schema and the hash of its figures."""
    counted = {}
    for block in BLOCKS:
        if schemas.get(block.name) == block.schema:
            figures = block.count(period)
            counted[block.name] = {
                "schema": block.schema,
                "figures": figures,
                "hash": digest(figures),
            }
    return counted
