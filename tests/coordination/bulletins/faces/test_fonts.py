"""Which fonts are chosen, and which characters these lack."""

import shutil
from dataclasses import replace
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pytest_django import Settings

from coordination.bulletins.faces.fonts import LACKING, chosen, missing_characters
from coordination.bulletins.faces.pdf import pdf_of
from coordination.bulletins.paper import Paragraph, Section
from tests.coordination.bulletins.faces import sample
from tests.coordination.bulletins.faces.reading import text_of


def named(path: Path, family: str, text: str) -> None:
    """The installed font under another name, with the characters of the text alone."""
    with TTFont(pylopdf_fonts_zh_cn.sans_path()) as font:
        for record in font["name"].names:
            if record.nameID in {1, 4, 6, 16}:
                record.string = family
        options = Options(name_IDs=["*"], layout_features=[])
        subsetter = Subsetter(options)
        subsetter.populate(text=text)
        subsetter.subset(font)
        font.save(path)


def test_nothing_is_missing_in_the_issue() -> None:
    assert missing_characters(sample.chinese_paper()) == []
    assert missing_characters(sample.english_paper()) == []


def test_rare_characters_of_the_city_are_printed() -> None:
    text = text_of(pdf_of(sample.chinese_paper()))
    assert text.count("瀍河回族区") == 3  # in words, in the table and at its bar
    assert text.count("厂区12000㎡") == 1
    assert text.count("管网38㎞") == 1


def test_missing_characters_are_named_with_their_place() -> None:
    base = sample.chinese_paper()
    odd = sample.sheet(
        "名单",
        ("名",),
        [sample.column("a", "数")],
        [sample.row(("丁😀",), (1,)), sample.row(("😀",), (2,))],
    )
    paper = replace(
        base,
        sections=(
            Section(
                "s",
                "情况",
                (Paragraph("s.1", "甲\ue000乙", "小标题"), Paragraph("s.2", "甲\ue000")),
            ),
        ),
        appendices=(odd,),
    )
    assert missing_characters(paper) == [
        ("\ue000", "小标题"), ("\ue000", "情况"), ("😀", "名单"),
    ]  # fmt: skip
    text = text_of(pdf_of(paper))
    assert text.count(f"甲{LACKING}乙") == 1
    assert text.count(f"丁{LACKING}1") == 1


def test_signs_that_are_never_printed_are_not_missing() -> None:
    paper = replace(sample.chinese_paper(), opening="a\x00\u200b\u202e\n\t\u3000 b")
    assert missing_characters(paper) == []


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.BULLETIN_FONTS = str(tmp_path)
    return tmp_path


def test_an_operators_fonts_come_first(folder: Path) -> None:
    said = "".join(text for _place, text in sample.chinese_paper().texts())
    named(folder / "a.otf", "FangSong_GB2312", said.replace("瀍", ""))
    named(folder / "b.otf", "FZXiaoBiaoSong-B05S", "每周通报")
    named(folder / "c.otf", "Comic", "每周通报😀")
    families = chosen().families
    body = [each for each in families["body"] if isinstance(each, str)]
    title = [each for each in families["title"] if isinstance(each, str)]
    assert body == ["FangSong_GB2312", "Noto Serif SC", "FZXiaoBiaoSong-B05S", "Noto Sans SC"]
    assert title[0] == "FZXiaoBiaoSong-B05S"
    assert missing_characters(sample.chinese_paper()) == []
    made = pdf_of(sample.chinese_paper())
    assert b"FangSong_GB2312" in made
    assert text_of(made).count("瀍河回族区") == 3


def test_a_file_that_is_no_font_changes_nothing(folder: Path) -> None:
    before = pdf_of(sample.chinese_paper())
    (folder / "readme.otf").write_text("no font")
    shutil.copy(__file__, folder / "also.ttf")
    assert pdf_of(sample.chinese_paper()) == before
