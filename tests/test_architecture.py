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


def against_the_order(module: str) -> Iterator[str]:
    """Imports of the same room that the order of its layers forbids."""
    own = kind_of(module)
    for other in imports_of(BY_MODULE[module]) & BY_MODULE.keys():
        kind = kind_of(other)
        if other == module or room_of(other) != room_of(module) or kind == "paper":
            continue
        another_edge = layer_of(own) == 4 == layer_of(kind) and kind != own != DECLARATION
        if layer_of(kind) > layer_of(own) or another_edge:
            yield f"{module} ({own}) knows {other} ({kind})"


def test_inside_a_room_knowledge_points_one_way() -> None:
    """models ← queries ← verbs ← edges, and no edge knows another."""
    assert [each for module in ROOM_MODULES for each in against_the_order(module)] == []


def test_only_edges_know_how_they_are_reached() -> None:
    libraries = tuple(f"{each}." for each in EDGE_LIBRARIES)
    assert [
        f"{module} knows {library}"
        for module in ROOM_MODULES
        if layer_of(kind_of(module)) != 4 and room_of(module) not in EDGE_ROOMS
        for library in imports_of(BY_MODULE[module])
        if f"{library}.".startswith(libraries)
    ] == []


def late_imports(path: Path) -> Iterator[tuple[int, str]]:
    for function in ast.walk(tree_of(path)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    yield node.lineno, node.names[0].name
                elif isinstance(node, ast.ImportFrom):
                    yield node.lineno, node.module or "."


def test_imports_stand_at_the_top() -> None:
    assert [
        f"{name_of(path)}:{line} imports {module} inside a function"
        for path in everything()
        for line, module in late_imports(path)
        if (name_of(path), module.split(".")[0]) not in LATE_IMPORTS
    ] == []


def test_a_file_has_a_subject_and_an_end() -> None:
    assert [name_of(path) for path in everything() if path.name in VAGUE] == []
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in everything()}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


# Who may ask the machine for the time, and why; everyone else asks projects.record.clock.
CLOCKS = {"projects/record/clock.py": "it is the clock"}
_ASKING = {"timezone.now", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
_DAYS = {"date", "day", "weekday"}
_RUN_IN_UTC = {"now", "clock.now", "machine_now", "timezone.now"}
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


def test_one_clock_says_what_time_it_is() -> None:
    asking = {name_of(path): list(asks_the_machine(path)) for path in sources("config", *APPS)}
    assert {name: lines for name, lines in asking.items() if lines and name not in CLOCKS} == {}


def days_elsewhere(path: Path) -> Iterator[int]:
    """Lines that take the day of a moment that runs in UTC, where it may still be yesterday."""
    for node in ast.walk(tree_of(path)):
        asked = node.value if isinstance(node, ast.Attribute) and node.attr in _DAYS else None
        if isinstance(asked, ast.Call) and ast.unparse(asked.func) in _RUN_IN_UTC:
            yield asked.lineno


def test_a_day_is_shanghais() -> None:
    found = {name_of(path): list(days_elsewhere(path)) for path in everything()}
    assert {name: lines for name, lines in found.items() if lines} == {}


# A statement that may ask the database for the time, and why.
SQL_CLOCKS = {
    "projects/record/clock.py": "what hosts record goes by the one clock that they share",
    "projects/record/revisions.py": "a trigger has no other clock for a change past the verbs",
    "projects/record/models.py": "a trigger keeps acts for half a year, whatever it is told",
}
_SQL_CLOCK = re.compile(
    r"\b(now\(\)|(clock|transaction|statement)_timestamp|current_(date|time|timestamp)\b)", re.I
)


def asks_the_database(path: Path) -> bool:
    strings = [
        node.value
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    said = [each for each in strings if re.search(r"\b(SELECT|UPDATE|INSERT|WHERE)\b", each)]
    return any(_SQL_CLOCK.search(each) for each in said)


def test_no_statement_asks_the_database_for_the_time() -> None:
    asking = {name_of(path) for path in sources("config", *APPS) if asks_the_database(path)}
    assert asking == SQL_CLOCKS.keys()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_function_is_long() -> None:
    long = {
        f"{name_of(path)}:{name}": lines
        for path in everything()
        for name, lines in functions(path)
        if lines > 60
    }
    assert long == {}


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
