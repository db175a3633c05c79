"""Every variable that is read is in docs/settings.md and reaches the containers; no other is."""

import re
from typing import Any, Final

import yaml

from config.embedded import PROJECT

# How the sources name a variable that they read.
_READ: Final = re.compile(
    r'(?:\bread\.\w+|\b_parsed|\b_address|\b_database|os\.environ\.get)\(\s*"([A-Z][A-Z_]+)"'
)
_ROW: Final = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
# Not an operator's to set in a container, and why.
_LEFT_OUT: Final = {
    "DEBUG": "production refuses it",
    "DEMO_CLOCK": "production refuses it",
    "DEMONSTRATION": "production refuses it",
    "CELERY_TASK_ALWAYS_EAGER": "refused everywhere",
    "DATABASE_POOL": "each process sets its own",
    "DATA_DIR": "the image has it",
    "BEAT_SCHEDULE": "in the image's directory of data",
    "STOP_WITH_PARENT": "make's own",
}


def variables() -> set[str]:
    sources = [*(PROJECT / "config").glob("*.py"), PROJECT / "manage.py"]
    return {name for path in sources for name in _READ.findall(path.read_text())}


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
    return loaded


def typed_by_the_operator() -> set[str]:
    """What docker-compose.yml takes from .env."""
    text = (PROJECT / "docker-compose.yml").read_text()
    return set(re.findall(r"\$\{([A-Z_]+)", text))


def test_both_tables_name_each_variable_once_and_no_other() -> None:
    chinese, english = (PROJECT / "docs" / "settings.md").read_text().split("## English")
    wanted = sorted(variables() | typed_by_the_operator())
    assert sorted(_ROW.findall(chinese)) == wanted
    assert _ROW.findall(english) == _ROW.findall(chinese)


def test_the_containers_are_given_each_variable() -> None:
    services = compose()["services"]
    given = set(services["migrate"]["environment"])
    assert given | _LEFT_OUT.keys() == variables()
    assert not given & _LEFT_OUT.keys()
    assert set(services["web"]["environment"]) == given - {"DATABASE_OWNER_URL"}


def test_the_variables_are_found() -> None:
    assert variables() >= {
        "DATABASE_URL", "SECRET_KEY", "EMAIL_URL", "COACH_CAP_UNTIL", "WEB_WORKERS", "LOG_LEVEL",
        "NEW_ENERGY_LETTERS", "STOP_WITH_PARENT", "HOST",
    }  # fmt: skip
