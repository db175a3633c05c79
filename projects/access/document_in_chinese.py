"""The descriptions of the OpenAPI document in Chinese, for people; its names and shapes stay."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).with_name("descriptions_zh.json")
_SAID: Final = {"description", "summary"}
_CHOICES: Final = re.compile(r"\s*^\* `", re.MULTILINE)  # what the framework adds of choices


@cache
def chinese() -> dict[str, str]:
    """The Chinese of each description."""
    found: dict[str, str] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def own_words(description: str) -> str:
    """A description without the choices that the framework lists after it."""
    choices = _CHOICES.search(description)
    return (description[: choices.start()] if choices else description).strip()


def in_chinese(part: Any) -> Any:
    """The part of the document, its descriptions in Chinese where there is one."""
    if isinstance(part, list):
        return [in_chinese(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        name: _said(each) if name in _SAID and isinstance(each, str) else in_chinese(each)
        for name, each in part.items()
    }


def _said(description: str) -> str:
    own = own_words(description)
    return description.replace(own, chinese().get(own, own), 1) if own else description
