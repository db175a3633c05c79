"""Who may know whom inside a room, and how large anything may grow.

Who may know whom between rooms is in pyproject.toml (import-linter); this is the rest of it.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

PROJECT = Path(__file__).resolve().parent.parent
APPS = ("projects", "coordination")
EDGES = {"api", "admin", "tasks", "commands", "management", "public", "urls", "room"}
# What a room says of itself names its own edges.
DECLARATION = "room"
EDGE_LIBRARIES = ("rest_framework", "drf_spectacular", "celery", "django.contrib.admin", "unfold")
# The API's common ground: what every room's api.py leans on, so it may know the framework.
EDGE_ROOMS = {("projects", "access"), ("projects", "house")}
VAGUE = {"utils.py", "services.py", "helpers.py", "common.py", "misc.py"}

# Imports inside functions: each slow library, with its reason.
LATE_IMPORTS = {
    ("manage.py", "django"): "a machine without Django gets one clear line",
}


def sources(*roots: str) -> list[Path]:
    """Our own Python files, without what Django writes."""
    return [
        path
        for root in roots
        for path in sorted((PROJECT / root).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def everything() -> list[Path]:
    return [PROJECT / "manage.py", *sources("config", *APPS, "tests")]


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=name_of(path))


def module_of(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


@cache
def imports_of(path: Path) -> frozenset[str]:
    """Every module that a file names in an import, at any depth."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


BY_MODULE = {".".join(module_of(path)): path for path in sources(*APPS)}


@cache
def knows_models(module: str) -> bool:
    """Whether a module reaches a table: what does not is a rule on paper, open to everyone."""
    return _reaches_models(module, frozenset())


def _reaches_models(module: str, seen: frozenset[str]) -> bool:
    if module in seen:
        return False
    if "models" in module.split("."):
        return True
    inner = imports_of(BY_MODULE[module]) & BY_MODULE.keys()
    return any(_reaches_models(each, seen | {module}) for each in inner if each != module)


# Modules that only read, named for their subject where a room's queries are more than one.
READERS = frozenset({"queries", "standing"})


def kind_of(module: str) -> str:
    """models, queries, paper, verb, or which edge: by the file, or the folder it is in."""
    for part in reversed(module.split(".")[2:]):
        first = part.split("_")[0]
        if first in READERS:
            return "queries"
        if first in EDGES or first == "models":
            return first
    return "verb" if knows_models(module) else "paper"


def layer_of(kind: str) -> int:
    return {"paper": 0, "models": 1, "queries": 2, "verb": 3}.get(kind, 4)


def room_of(module: str) -> tuple[str, ...]:
    return tuple(module.split(".")[:2])


ROOM_MODULES = sorted(module for module in BY_MODULE if module.count(".") >= 2)


@pytest.mark.parametrize("module", ROOM_MODULES)
def test_inside_a_room_knowledge_points_one_way(module: str) -> None:
    """models ← queries ← verbs ← edges, and no edge knows another."""
    own = kind_of(module)
    for other in imports_of(BY_MODULE[module]) & BY_MODULE.keys():
        kind = kind_of(other)
        if other == module or room_of(other) != room_of(module) or kind == "paper":
            continue
        assert layer_of(kind) <= layer_of(own), f"{module} ({own}) knows {other} ({kind})"
        if own != DECLARATION:
            assert layer_of(own) < 4 or layer_of(kind) < 4 or kind == own, f"{module} knows {other}"


@pytest.mark.parametrize("module", ROOM_MODULES)
def test_only_edges_know_how_they_are_reached(module: str) -> None:
    if layer_of(kind_of(module)) == 4 or room_of(module) in EDGE_ROOMS:
        return
    for library in imports_of(BY_MODULE[module]):
        assert not (f"{library}.").startswith(tuple(f"{each}." for each in EDGE_LIBRARIES)), (
            f"{module} knows {library}"
        )


def late_imports(path: Path) -> Iterator[tuple[int, str]]:
    for function in ast.walk(tree_of(path)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    yield node.lineno, node.names[0].name
                elif isinstance(node, ast.ImportFrom):
                    yield node.lineno, node.module or "."


@pytest.mark.parametrize("path", everything(), ids=name_of)
def test_imports_stand_at_the_top(path: Path) -> None:
    for line, module in late_imports(path):
        known = (name_of(path), module.split(".")[0]) in LATE_IMPORTS
        assert known, f"{name_of(path)}:{line} imports {module} inside a function"


@pytest.mark.parametrize("path", everything(), ids=name_of)
def test_a_file_has_a_subject_and_an_end(path: Path) -> None:
    assert path.name not in VAGUE
    assert len(path.read_text().splitlines()) <= 400


# Who may ask the machine for the time, and why; everyone else asks projects.record.clock.
CLOCKS = {"projects/record/clock.py": "it is the clock"}
_ASKING = {"timezone.now", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
_ASKING_IF_EMPTY = {"timezone.localdate", "timezone.localtime"}  # of now, unless a moment is given


def asks_the_machine(path: Path) -> Iterator[int]:
    """Lines that ask Django or Python what time it is."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.timezone":
            yield node.lineno  # by its module alone, so that it is seen
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in _ASKING:
            yield node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in _ASKING_IF_EMPTY:
            yield from () if node.args else (node.lineno,)


@pytest.mark.parametrize("path", sources("config", *APPS), ids=name_of)
def test_one_clock_says_what_time_it_is(path: Path) -> None:
    lines = list(asks_the_machine(path))
    assert lines == [] or name_of(path) in CLOCKS, f"{name_of(path)}:{lines} asks the machine"


# A statement that may ask the database for the time, and why.
SQL_CLOCKS = {
    "projects/record/revisions.py": "a trigger has no other clock for a change past the verbs"
}
_SQL_CLOCK = re.compile(
    r"\b(now\(\)|(clock|transaction|statement)_timestamp|current_(date|time|timestamp)\b)", re.I
)


@pytest.mark.parametrize("path", sources("config", *APPS), ids=name_of)
def test_no_statement_asks_the_database_for_the_time(path: Path) -> None:
    strings = [
        node.value
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    said = [each for each in strings if re.search(r"\b(SELECT|UPDATE|INSERT|WHERE)\b", each)]
    found = [each for each in said if _SQL_CLOCK.search(each)]
    assert bool(found) == (name_of(path) in SQL_CLOCKS)


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", everything(), ids=name_of)
def test_no_function_is_long(path: Path) -> None:
    assert {name: lines for name, lines in functions(path) if lines > 60} == {}


def test_no_room_is_above_a_quarter_of_the_source() -> None:
    lines: Counter[tuple[str, ...]] = Counter()
    for path in sources(*APPS):
        lines[room_of(".".join(module_of(path)))] += len(path.read_text().splitlines())
    total = lines.total()
    assert {room: count for room, count in lines.items() if count > total / 4} == {}


def test_most_functions_are_small() -> None:
    lengths = [lines for path in sources("config", *APPS) for _, lines in functions(path)]
    assert median(lengths) <= 10


def test_the_order_of_layers_is_total() -> None:
    order = [layer_of(kind) for kind in ("paper", "models", "queries", "verb", "api")]
    assert all(lower < higher for lower, higher in pairwise(order))
