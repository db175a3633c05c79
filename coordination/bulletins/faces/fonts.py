"""The fonts of the PDF: those in the operator's folder first, then the ones that are installed.

The system's own fonts are never used, so that every machine sets the same page.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn
from django.conf import settings
from typst import Fonts

from coordination.bulletins.faces.cmap import characters_of
from coordination.bulletins.faces.wording import printable
from coordination.bulletins.paper import Paper

# What an operator's font is used for, by how its name begins, without spaces and signs.
_ROLES: Final = {
    "title": ("方正小标宋", "fzxiaobiaosong", "小标宋"),
    "body": ("仿宋", "fangsong", "方正仿宋", "fzfangsong", "stfangsong", "fandolfang"),
    "kai": ("楷体", "kaiti", "方正楷体", "fzkai", "stkaiti", "fandolkai", "lxgwwenkai"),
    "hei": ("黑体", "simhei", "方正黑体", "fzhei", "stheiti", "fandolhei"),
    "latin": ("timesnewroman", "tinos", "liberationserif", "nimbusroman"),
}
_SERIF: Final = "Noto Serif SC"
_SANS: Final = "Noto Sans SC"
_LATIN: Final = "Libertinus Serif"  # comes with Typst
_SIGNS: Final = re.compile(r"[\s_-]+")
LACKING: Final = "〓"  # stands for a character that no font has


@dataclass(frozen=True)
class Chosen:
    """Fonts that were found, the families of each role in their order, and what these can print."""

    fonts: Fonts
    families: Mapping[str, list[Any]]
    characters: frozenset[int]
    is_own: Mapping[str, bool]  # of each role, whether it has a face of its own

    def lacks(self, text: str) -> list[str]:
        """The characters that none of the fonts has, each once."""
        return [each for each in dict.fromkeys(text) if not self._has(each)]

    def _has(self, character: str) -> bool:
        return ord(character) in self.characters or character.isspace()

    def replaced(self, text: str) -> str:
        """The printable text, with a sign for each character that none of the fonts has."""
        text = printable(text)
        for lacking in self.lacks(text):
            text = text.replace(lacking, LACKING)
        return text


def chosen() -> Chosen:
    """The fonts as the settings name them; a font added later is found after a restart."""
    return _chosen(str(settings.BULLETIN_FONTS or ""))


@lru_cache(maxsize=2)
def _chosen(folder: str) -> Chosen:
    installed = pylopdf_fonts_zh_cn.serif_path().parent
    fonts = Fonts(include_system_fonts=False, font_paths=[*filter(None, [folder]), str(installed)])
    found = {role: _families(fonts, names) for role, names in _ROLES.items()}
    theirs = [family for families in found.values() for family in families]
    latin = found.pop("latin") or [_LATIN]
    # Digits of 仿宋 and 楷体 look odd, so those come from a Latin serif; Noto's own look right.
    narrow = [{"name": name, "covers": "latin-in-cjk"} for name in latin] if theirs else []
    families: dict[str, list[Any]] = {
        role: _once([*(narrow if role != "hei" else []), *found[role], own, *theirs, _SERIF, _SANS])
        for role, own in (("title", _SERIF), ("body", _SERIF), ("kai", _SERIF), ("hei", _SANS))
    }
    families["bold"] = _once([*narrow, *families["body"]])
    families["latin"] = _once([*latin, *found["body"], _SERIF, *theirs, _SANS])
    return Chosen(
        fonts, families, _characters(fonts, {*theirs, _SERIF, _SANS}),
        {**{role: bool(each) for role, each in found.items()}, "latin": bool(narrow)},
    )  # fmt: skip


def _families(fonts: Fonts, names: Iterable[str]) -> list[str]:
    """The families whose names begin like one of these, in the order of these."""
    known = {_SIGNS.sub("", family).casefold(): family for family in fonts.families()}
    return _once(known[each] for name in names for each in sorted(known) if each.startswith(name))


def _once[T](items: Iterable[T]) -> list[T]:
    kept: list[T] = []
    for item in items:
        if item not in kept:
            kept.append(item)
    return kept


def _characters(fonts: Fonts, families: set[str]) -> frozenset[int]:
    """Every character that one of the families has, as the files of the fonts say."""
    found: set[int] = set()
    for info in fonts.fonts():
        if info.family in families and info.path:
            found |= characters_of(Path(info.path), info.index)
    return frozenset(found)


def missing_characters(paper: Paper) -> list[tuple[str, str]]:
    """Each character that the PDF's fonts lack with the place where it stands, each place once."""
    fonts = chosen()
    return _once(
        (character, place)
        for place, text in paper.texts()
        for character in fonts.lacks(printable(text))
    )
