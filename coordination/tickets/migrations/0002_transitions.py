"""The steps of a ticket's flow that the database allows."""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# verb -> (from, to)
STEPS = {
    "submit": (("", "submitted"),),
    "accept": (("submitted", "in_progress"),),
    "fulfil": (("in_progress", "in_progress"),),
    "refuse": (("in_progress", "in_progress"),),
    "reconsider": (("in_progress", "in_progress"),),
    "add_lines": (("in_progress", "in_progress"), ("need_info", "need_info"), ("submitted", "submitted"),),
    "resolve": (("in_progress", "resolved"),),
    "ask": (("in_progress", "need_info"), ("submitted", "need_info"),),
    "supplement": (("in_progress", "in_progress"), ("need_info", "in_progress"), ("need_info", "submitted"), ("submitted", "submitted"),),
    "confirm": (("resolved", "closed"),),
    "write_off": (("resolved", "closed"),),
    "sign_off": (("resolved", "resolved"),),
    "countersign": (("resolved", "closed"),),
    "redo": (("resolved", "in_progress"),),
    "reopen": (("closed", "in_progress"), ("declined", "in_progress"),),
    "pass_on": (("in_progress", "submitted"), ("submitted", "submitted"),),
    "decline": (("need_info", "declined"), ("submitted", "declined"),),
    "withdraw": (("in_progress", "withdrawn"), ("need_info", "withdrawn"), ("submitted", "withdrawn"),),
    "duplicate": (("in_progress", "declined"), ("need_info", "declined"), ("submitted", "declined"),),
    "lose_original": (("declined", "declined"),),
    "revive": (("declined", "submitted"),),
    "link": (("closed", "closed"), ("declined", "declined"), ("in_progress", "in_progress"), ("need_info", "need_info"), ("resolved", "resolved"), ("submitted", "submitted"), ("withdrawn", "withdrawn"),),
    "unlink": (("closed", "closed"), ("declined", "declined"), ("in_progress", "in_progress"), ("need_info", "need_info"), ("resolved", "resolved"), ("submitted", "submitted"), ("withdrawn", "withdrawn"),),
    "lapse": (("need_info", "in_progress"), ("need_info", "submitted"),),
    "reckon_again": (("closed", "closed"), ("declined", "declined"), ("in_progress", "in_progress"), ("need_info", "need_info"), ("resolved", "resolved"), ("submitted", "submitted"), ("withdrawn", "withdrawn"),),
    "regrade": (("in_progress", "in_progress"), ("need_info", "need_info"), ("submitted", "submitted"),),
    "extend": (("in_progress", "in_progress"),),
    "grant": (("in_progress", "in_progress"), ("need_info", "need_info"), ("submitted", "submitted"),),
    "deny": (("in_progress", "in_progress"), ("need_info", "need_info"), ("submitted", "submitted"),),
    "comment": (("closed", "closed"), ("declined", "declined"), ("in_progress", "in_progress"), ("need_info", "need_info"), ("resolved", "resolved"), ("submitted", "submitted"), ("withdrawn", "withdrawn"),),
    "attach": (("in_progress", "in_progress"), ("need_info", "need_info"), ("resolved", "resolved"), ("submitted", "submitted"),),
    "detach": (("closed", "closed"), ("declined", "declined"), ("in_progress", "in_progress"), ("need_info", "need_info"), ("resolved", "resolved"), ("submitted", "submitted"), ("withdrawn", "withdrawn"),),
    "hand_over": (("in_progress", "in_progress"), ("need_info", "need_info"), ("resolved", "resolved"), ("submitted", "submitted"),),
    "assist": (("in_progress", "in_progress"), ("need_info", "need_info"), ("resolved", "resolved"), ("submitted", "submitted"),),
    "release": (("in_progress", "in_progress"), ("need_info", "need_info"), ("resolved", "resolved"), ("submitted", "submitted"),),
    "urge": (("in_progress", "in_progress"), ("submitted", "submitted"),),
    "supervise": (("in_progress", "in_progress"), ("need_info", "need_info"), ("submitted", "submitted"),),
}


def enter(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Allow each step."""
    model = apps.get_model("flow", "Transition")
    model.objects.using(schema_editor.connection.alias).bulk_create(
        model(flow="ticket", verb=verb, source=source, target=target)
        for verb, steps in STEPS.items()
        for source, target in steps
    )


def remove(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Allow them no more."""
    rows = apps.get_model("flow", "Transition").objects.using(schema_editor.connection.alias)
    rows.filter(flow="ticket", verb__in=STEPS).delete()


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tickets", "0001_initial"), ("flow", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(enter, remove)]
