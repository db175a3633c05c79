"""The tables of the toy, as a room's migrations would make them."""

from typing import Any

import psycopg
from django.db import connection

from tests.projects.flow.toy.models import MODELS
from tests.projects.flow.toy.verbs import FLOW

_DROP = b"DROP TABLE IF EXISTS toy_casewords, toy_caseevent, toy_case, toy_person"
_GRANT = b"""
    GRANT SELECT, INSERT, UPDATE, DELETE ON toy_person, toy_case, toy_casewords TO zhitongche_app;
    GRANT SELECT, INSERT ON toy_caseevent TO zhitongche_app;
    GRANT USAGE ON SEQUENCE toy_caseevent_id_seq TO zhitongche_app;
"""


def create_tables(owner: psycopg.Cursor[Any]) -> None:
    """Make the tables, their triggers, and the rows of the flow's transitions."""
    drop_tables(owner)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        for model in MODELS:
            editor.create_model(model)
    for statement in editor.collected_sql:
        owner.execute(statement.encode())
    for model in MODELS:
        for trigger in getattr(model._meta, "triggers", ()):
            owner.execute(trigger.compile(model).install_sql.encode())
    owner.execute(_GRANT)
    owner.executemany(
        "INSERT INTO flow_transition (flow, verb, source, target) VALUES ('case', %s, %s, %s)",
        list(FLOW.transitions()),
    )


def drop_tables(owner: psycopg.Cursor[Any]) -> None:
    """Take the tables away; the test bed puts the transitions back as they were."""
    owner.execute(_DROP)
