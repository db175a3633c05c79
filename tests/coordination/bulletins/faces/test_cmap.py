"""A font's characters, compared with what fontTools reads."""

from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

from coordination.bulletins.faces.cmap import characters_of

INSTALLED = (pylopdf_fonts_zh_cn.serif_path(), pylopdf_fonts_zh_cn.sans_path())
SCATTERED = [0x20, 0x41, 0x42, 0x43, 0x4E00, 0x4E02, 0x4E03, 0x701D, 0x33A1]


def small_font(characters: list[int], *, only: int | None = None) -> Any:
    """A font whose glyphs are in no order; ``only`` is the one format of its tables."""
    builder = FontBuilder(unitsPerEm=1000, isTTF=True)
    glyphs = [".notdef", *(f"g{place}" for place in range(len(characters)))]
    builder.setupGlyphOrder(glyphs)
    shuffled = [*glyphs[2::2], *glyphs[1::2]]
    builder.setupCharacterMap(dict(zip(characters, shuffled, strict=True)))
    builder.setupGlyf(dict.fromkeys(glyphs, TTGlyphPen(None).glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (500, 0)))
    builder.setupHorizontalHeader()
    builder.setupNameTable({"familyName": "Small", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    tables = builder.font["cmap"].tables
    builder.font["cmap"].tables = [each for each in tables if only in {None, each.format}]
    return builder.font


@pytest.mark.parametrize("path", INSTALLED, ids=lambda path: path.stem)
def test_an_installed_font(path: Path) -> None:
    with TTFont(path, lazy=True) as font:
        assert characters_of(path) == set(font.getBestCmap())
    assert {ord(character) for character in "瀍㎡−—"} <= characters_of(path)


@pytest.mark.parametrize("form", [4, 12, None])
def test_each_format(form: int | None, tmp_path: Path) -> None:
    characters = [*SCATTERED, 0x2000B] if form != 4 else SCATTERED
    path = tmp_path / "a.ttf"
    small_font(characters, only=form).save(path)
    assert characters_of(path) == set(characters)


def test_a_font_in_a_collection(tmp_path: Path) -> None:
    collection = TTCollection()
    collection.fonts = [small_font([0x41]), small_font([0x42, 0x4E00])]
    collection.save(tmp_path / "a.ttc")
    assert characters_of(tmp_path / "a.ttc", 0) == {0x41}
    assert characters_of(tmp_path / "a.ttc", 1) == {0x42, 0x4E00}


def test_a_format_that_says_no_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.ttf"
    small_font([0x41], only=0).save(path)
    assert characters_of(path) == set()


def test_a_file_that_ends_too_early_says_no_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.ttf"
    small_font(SCATTERED, only=12).save(path)
    whole = path.read_bytes()
    at = whole.index(b"cmap")
    start = int.from_bytes(whole[at + 8 : at + 12])
    for length in (13, 40, start + 6, start + 40):
        path.write_bytes(whole[:length])
        assert characters_of(path) <= set(SCATTERED)
