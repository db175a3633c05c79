"""Names private to a library that our code uses: none is imported, read or overridden.

A name is private where it begins with one underscore. ``make lint`` runs this file; it prints
each use with its place, and fails where there is one. It finds three kinds: an import of a
private module or name, a private attribute of something imported from a library, and a private
member of a library's class that a class of ours overrides or uses.
"""

import ast
import importlib
import inspect
import os
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Final

OURS: Final = frozenset({"config", "projects", "coordination", "tests", "manage"})
ROOT: Final = Path(__file__).resolve().parents[2]
# Django and Python document these, though they begin with an underscore.
DOCUMENTED: Final = frozenset({
    "_meta", "_state", "_default_manager", "_base_manager", "_exit",
})  # fmt: skip


def is_private(name: str) -> bool:
    """Whether the name begins with one underscore, and is no documented one."""
    return name.startswith("_") and not name.startswith("__") and name not in DOCUMENTED


def is_ours(module: str) -> bool:
    """Whether the module is one of the project's own."""
    return module.partition(".")[0] in OURS


def uses_in(source: str) -> Iterator[str]:
    """Each private name of a library in a module's source, as ``line: what``."""
    tree = ast.parse(source)
    imported = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imports_of(node)
            imported.update(_bound_by(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            path = _dotted(node)
            if path.partition(".")[0] in imported:
                yield f"{node.lineno}: reads {path}"


def _imports_of(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    for path in _paths(node):
        if not is_ours(path) and any(map(is_private, path.split("."))):
            yield f"{node.lineno}: imports {path}"


def _paths(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [f"{node.module}.{each.name}" for each in node.names if node.level == 0]


def _bound_by(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """The names by which a library's things are known after the import."""
    for each, path in zip(node.names, _paths(node), strict=False):
        if not is_ours(path):
            yield each.asname or each.name.partition(".")[0]


def _dotted(node: ast.expr) -> str:
    """``a.b._c`` as it is written; empty where it is no plain path of names."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return ""


def overrides_in(module: ModuleType) -> Iterator[str]:
    """Each private method of a library's class that a class of this module overrides."""
    for kind in vars(module).values():
        if inspect.isclass(kind) and kind.__module__ == module.__name__:
            yield from _overrides_by(kind)


def inherited_in(module: ModuleType) -> Iterator[str]:
    """Each private member of a library's class that a class of this module uses on itself."""
    for kind in vars(module).values():
        if inspect.isclass(kind) and kind.__module__ == module.__name__:
            yield from _inherited_by(kind)


def _inherited_by(kind: type) -> Iterator[str]:
    try:
        tree = ast.parse(inspect.getsource(kind))
    except (OSError, TypeError):  # made by a call, so it has no source
        return
    for name in sorted(
        {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _is_own(node)}
    ):
        owner = next((base for base in kind.__mro__ if name in vars(base)), None)
        if owner is not None and not is_ours(owner.__module__):
            here = f"{kind.__module__}.{kind.__qualname__}"
            yield f"{here} uses {owner.__module__}.{owner.__qualname__}.{name}"


def _is_own(node: ast.Attribute) -> bool:
    """``self._name``, ``cls._name`` or ``super()._name``."""
    return is_private(node.attr) and ast.unparse(node.value) in {"self", "cls", "super()"}


def _overrides_by(kind: type) -> Iterator[str]:
    for name, value in vars(kind).items():
        if not is_private(name) or not _is_method(value, kind.__module__):
            continue
        for base in kind.__mro__[1:]:
            if name in vars(base) and not is_ours(base.__module__):
                here = f"{kind.__module__}.{kind.__qualname__}.{name}"
                yield f"{here} overrides {base.__module__}.{base.__qualname__}.{name}"
                break


def _is_method(value: object, module: str) -> bool:
    """A method or property written in this module, and not made by a metaclass elsewhere."""
    if isinstance(value, classmethod | staticmethod):
        value = value.__func__
    elif isinstance(value, property):
        value = value.fget
    elif isinstance(value, cached_property):
        value = value.func
    return isinstance(value, FunctionType) and value.__module__ == module


def _sources() -> Iterable[Path]:
    for package in ("config", "projects", "coordination", "tests"):
        yield from (each for each in sorted((ROOT / package).rglob("*.py"))
                    if "migrations" not in each.parts)  # fmt: skip
    yield ROOT / "manage.py"


def _modules() -> Iterator[ModuleType]:
    for package in ("projects", "coordination"):
        found = importlib.import_module(package)
        for each in pkgutil.walk_packages(found.__path__, f"{package}."):
            if ".migrations" not in each.name:
                yield importlib.import_module(each.name)


def all_uses() -> Iterator[str]:
    """Every private name of a library that the project uses, each with its place."""
    for path in _sources():
        for use in uses_in(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(ROOT)}:{use}"
    for module in _modules():
        yield from overrides_in(module)
        yield from inherited_in(module)


def main() -> int:
    """Print what was found; 1 where there is any."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    importlib.import_module("django").setup()
    found = list(all_uses())
    for each in found:
        print(each)  # noqa: T201 - its result
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
