"""What the documents name is there: files, folders and modules of this project."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
TOPS = ("config", "projects", "coordination", "tests", "docs", "locale", ".ci")
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")], key=str)
_QUOTED = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(rf"({'|'.join(map(re.escape, TOPS))})(/[\w.*-]+)+/?")
_DOTTED = re.compile(r"(config|projects|coordination|tests)(\.\w+)+")
_LINK = re.compile(r"\]\(([^)#\s:]+)(#[^)\s]*)?\)")


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def is_there(name: str) -> bool:
    """A file or folder; ``*`` stands for any part of a name."""
    return any(PROJECT.glob(name.rstrip("/")))


def is_named(dotted: str) -> bool:
    """A module or package, or a name that stands in one."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        base = PROJECT.joinpath(*parts[:length])
        for found in (base.with_suffix(".py"), base / "__init__.py"):
            if found.is_file():
                rest = parts[length : length + 1]
                return not rest or re.search(rf"\b{rest[0]}\b", found.read_text()) is not None
    return False


def missing(text: str) -> Iterator[str]:
    """What is quoted as a path or a module and is not there."""
    for quoted in _QUOTED.findall(text):
        for word in quoted.split():
            path, _colons, _test = word.rstrip(",;:").partition("::")
            is_path, is_dotted = _PATH.fullmatch(path), _DOTTED.fullmatch(path)
            if (is_path and not is_there(path)) or (is_dotted and not is_named(path)):
                yield path


_NAME_IN_FILE = re.compile(r"`([\w.]+)`(?: in | \()`([\w/]+\.py)`")


def misplaced(text: str) -> Iterator[str]:
    """`name` in `file.py` where the file, given by its whole path, does not have the name."""
    for name, path in _NAME_IN_FILE.findall(text):
        found = PROJECT / path
        words = found.read_text() if found.is_file() else ""
        if path.partition("/")[0] in TOPS and not all(
            re.search(rf"\b{each}\b", words) for each in name.split(".")
        ):
            yield f"{name} in {path}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_what_a_document_names_is_there(document: Path) -> None:
    text = document.read_text()
    assert list(missing(text)) == []
    assert list(misplaced(text)) == []
    links = [link for link, _anchor in _LINK.findall(text)]
    assert [each for each in links if not (document.parent / each).exists()] == []


def test_what_is_not_there_is_found() -> None:
    text = "`projects/nowhere/a.py` `config/celery.py` `config.celery.nothing` `config.celery.app`"
    assert list(missing(text)) == ["projects/nowhere/a.py", "config.celery.nothing"]
    text = "`app` in `config/celery.py`, `app.nobody` in `config/celery.py` (`a` in `b.py`)"
    assert list(misplaced(text)) == ["app.nobody in config/celery.py"]
