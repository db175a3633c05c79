"""No list outside a room's folder names the room: only settings with a reason do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import PROJECT

# What lies below these is looked at: the house and the processes put the rooms together.
READERS = ("config", "projects/house")
_DOTTED = re.compile(r"(projects|coordination)(\.\w+)+")

# Names that stay, by the variable or key that they are the value of, and why.
REASONS = {
    "INSTALLED_APPS": "the one list of rooms",
    "AUTHENTICATION_BACKENDS": "roles are the permissions of the user model's own room",
    "MIDDLEWARE": "an order among Django's own; each takes itself out where it has nothing to do, "
    "and a room's own middleware would need a place in that order as well",
    "DASHBOARD_CALLBACK": "the theme has one first page, and it is the workbench's",
    "form": "the theme has one sign-in form, and it is the staff's",
    "NAME": "a rule for passwords of the user model's own room",
    "AXES_CLIENT_IP_CALLABLE": "the caller's address, as limits count it",
    "AXES_LOCKOUT_CALLABLE": "the sign-in page of the user model's own room",
    "navigation": "the house's own menu",
    "name": "an app's own name",
    "DEFAULT_RENDERER_CLASSES": "the API's common ground, which every room's API stands on",
    "DEFAULT_PARSER_CLASSES": "the API's common ground",
    "DEFAULT_AUTHENTICATION_CLASSES": "the API's common ground",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "the API's common ground",
    "DEFAULT_PERMISSION_CLASSES": "the API's common ground",
    "DEFAULT_THROTTLE_CLASSES": "the API's common ground",
    "DEFAULT_SCHEMA_CLASS": "the API's common ground",
    "DEFAULT_METADATA_CLASS": "the API's common ground",
    "EXCEPTION_HANDLER": "the API's common ground",
    "DEFAULT_GENERATOR_CLASS": "the API's common ground",
    "POSTPROCESSING_HOOKS": "the API's common ground",
    "()": "what gives lines of the log their request's id; logging calls its factory so",
    "WEBHOOKS": "one message for the topics of all rooms, with the feed's events in it",
    "STATICFILES_FINDERS": "Django finds static files by classes that are named so",
    "FILE_UPLOAD_HANDLERS": "every form with a file is read by the same one",
}

# A room that names another by a string would get round the import contracts.
NAMED_ELSEWHERE = {
    "coordination/demo/management/commands/demo.py": "it wakes the bulletins' task, a room below",
}


def named(tree: ast.AST, holder: str = "") -> Iterator[tuple[str, str]]:
    """Each dotted name of a room in a string, with the nearest variable or key that holds it."""
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        if _DOTTED.fullmatch(tree.value):
            yield holder, tree.value
    elif isinstance(tree, ast.Dict):
        for key, value in zip(tree.keys, tree.values, strict=True):
            inner = key.value if isinstance(key, ast.Constant) else holder
            yield from named(value, str(inner))
    else:
        if isinstance(tree, ast.Assign | ast.AnnAssign):
            target = tree.targets[0] if isinstance(tree, ast.Assign) else tree.target
            holder = ast.unparse(target)
        for child in ast.iter_child_nodes(tree):
            yield from named(child, holder)


def files() -> list[Path]:
    return [path for root in READERS for path in sorted((PROJECT / root).rglob("*.py"))]


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_room_is_named_by_itself_alone(path: Path) -> None:
    found = list(named(ast.parse(path.read_text())))
    assert [each for each in found if each[0] not in REASONS] == []


def test_a_room_names_no_other_by_a_string() -> None:
    found = {
        str(path.relative_to(PROJECT))
        for root in ("projects", "coordination")
        for path in (PROJECT / root).rglob("*.py")
        if "migrations" not in path.parts
        for _holder, name in named(ast.parse(path.read_text()))
        if tuple(name.split(".")[:2]) != path.relative_to(PROJECT).parts[:2]
    }
    assert found == set(NAMED_ELSEWHERE)


def test_every_reason_is_needed() -> None:
    holders = {holder for path in files() for holder, _name in named(ast.parse(path.read_text()))}
    assert holders == set(REASONS)


def test_a_list_of_rooms_is_found() -> None:
    source = 'PANELS = ["coordination.passes.slip.panel"]\nA = {"B": "projects.x.y", "C": "x.y"}'
    assert list(named(ast.parse(source))) == [
        ("PANELS", "coordination.passes.slip.panel"), ("B", "projects.x.y"),
    ]  # fmt: skip
