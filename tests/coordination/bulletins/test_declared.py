"""What the rooms' blocks declare is whole: each figure is shown, and nothing else is said."""

import re

import pytest

from projects.house.block_registry import BLOCKS, BRIEFS
from projects.house.blocks import Block, Table

PLACE = re.compile(r"%\(([\w.]+)\)s")
TABLES = [
    (block, table)
    for registry in (BLOCKS, BRIEFS)
    for block in registry.newest()
    for table in block.tables
]


def name_of(value: object) -> str:
    return value.name if isinstance(value, Block) else str(getattr(value, "title", ""))


@pytest.mark.parametrize(("block", "table"), TABLES, ids=name_of)
def test_sentences_say_declared_figures(block: Block, table: Table) -> None:
    """All of them, where there is no grid."""
    said = {name for each in table.sentences for name in PLACE.findall(str(each.text))}
    said = {name.partition(".")[0] for name in said}
    declared = {column.name for column in table.columns} | {"provincial"}
    assert said <= declared
    assert (
        said == declared - {"provincial"}
        or not table.in_words
        or any(each.says for each in block.tables)
    )


@pytest.mark.parametrize(("block", "table"), TABLES, ids=name_of)
def test_equations_and_charts_are_of_declared_figures(block: Block, table: Table) -> None:
    declared = {column.name for column in table.columns}
    assert {name for equation in table.equations for name in equation.names} <= declared
    assert table.chart in {"", *declared}


def test_each_block_has_its_schema() -> None:
    """Coverage has its second: an assignment by which nobody can act is not service."""
    first = (
        "register", "resumption", "starts", "investment", "waiting", "workers", "trend", "year",
        "handling", "tickets", "quantities", "people_returned", "reporting", "late", "named",
        "supervised",
    )  # fmt: skip
    schemas = {block.name: block.schema for block in BLOCKS.newest()}
    assert schemas == {**dict.fromkeys(first, 1), "coverage": 2}
    briefs = {block.name: block.schema for block in BRIEFS.newest()}
    assert briefs == dict.fromkeys(("reporting", "changes", "tickets"), 1)
