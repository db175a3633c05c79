"""The subset of icons holds every icon that a page names."""

import re
from pathlib import Path
from typing import Final

import unfold

PROJECT: Final = Path(__file__).resolve().parents[3]
LIST: Final = PROJECT / "projects/house/static/house/fonts/icons.txt"
_DRAWN: Final = re.compile(r"material-symbols-outlined[^>]*>([^<>]*)<")
_TAGS: Final = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")
_NAMED: Final = re.compile(r"""\bicon["']?\s*[:=]\s*["']([a-z_]+)["']""")


def named() -> dict[str, str]:
    """Each icon's name, and a file that has it."""
    found: dict[str, str] = {}
    ours = [each for room in ("coordination", "projects") for each in (PROJECT / room).rglob("*")]
    theme = Path(unfold.__path__[0]) / "templates"
    instead = {"/".join(each.parts[-3:]) for each in ours}  # of the theme's own
    shown = [each for each in theme.rglob("*") if "/".join(each.parts[-3:]) not in instead]
    for path in (each for each in [*ours, *shown] if each.suffix in {".html", ".py"}):
        text = path.read_text()
        names = _NAMED.findall(text)
        if path.suffix == ".html":
            for drawn in _DRAWN.findall(text):
                names += re.findall(r"[a-z_]{3,}", _TAGS.sub(" ", drawn))
        found |= dict.fromkeys(names, str(path))
    return found


def test_each_icon_that_a_page_names_is_in_the_list() -> None:
    has = set(LIST.read_text().split())
    assert len(has) == len(LIST.read_text().split()), "a name twice"
    asked = named()
    assert {"dark_mode", "notifications", "search"} <= set(asked)
    assert {name: asked[name] for name in set(asked) - has} == {}
