"""The tables of the toy, as a room's migrations would make them."""

from typing import Any

import psycopg

from tests.bed import tables
from tests.projects.flow.toy.models import MODELS
from tests.projects.flow.toy.verbs import FLOW


def create_tables(owner: psycopg.Cursor[Any]) -> None:
    """Make the tables, their triggers, and the rows of the flow's transitions."""
    tables.create_tables(owner, MODELS)
    owner.executemany(
        "INSERT INTO flow_transition (flow, verb, source, target) VALUES ('case', %s, %s, %s)",
        list(FLOW.transitions()),
    )


def drop_tables(owner: psycopg.Cursor[Any]) -> None:
    """Take the tables away; the test bed puts the transitions back as they were."""
    tables.drop_tables(owner, MODELS)
