"""Texts that try to be more than text, in every place of a paper that takes text."""

from dataclasses import replace
from typing import Final

from coordination.bulletins.paper import Foot, Head, Paper, Paragraph, Section
from projects.house.blocks import Format
from projects.house.sheets import Sheet
from tests.coordination.bulletins.faces import sample

TEXTS: Final = (
    "#let x = 1", '#read("/etc/passwd")', '#include "x"', "$x^2$", "*bold*", "_under_", "@ref", "]",
    "[", "= Heading", "== Two", "- item", "+ enum", "2. second", "/ term: x", "`raw`", "```raw```",
    "\\u{41}", "\\", "~", "--", "---", "...", "'q' \"q\"", "// c", "/* c */", "http://x.y/z",
    "<label>", "<script>alert(1)</script>", "{{ x }}", "{% x %}", "{x}", "_x000D_", "_x0041_",
    "&amp;", "&", "<", "]]>", "<!-- -->", "<w:p/>", "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/C'!A0",
    "'quoted", "%(name)s", "%s", "&P", "&[Page]", "瀍河回族区", "12000㎡", "−5", "“引”‘用’…—",
    "fi ffi", "a\nb", "é ß Ω ж あ", "[Red]0", "1.2.3.4", "1E5", "00123", "TRUE", "#N/A", "#REF!",
    *(f"第{number}个 #{number} $" for number in range(1, 130)),
)  # fmt: skip
# Nothing of these is printed, or only a part of it.
UNPRINTABLE: Final = (
    "\x00\x01\x0b\x1f",
    "a\x0bb",
    "\u202eabc",
    "\ufffe\uffff",
    "\u200b\u200d",
    "\t",
)
LONG: Final = ("w" * 300, "长" * 120, "9" * 80, "x-" * 60, "W" * 60 + " " + "i" * 90)


def table(*, title: str = "#T $*@ ]", texts: tuple[str, ...] = TEXTS + UNPRINTABLE + LONG) -> Sheet:
    made = sample.sheet(
        title, ("名 #h",),
        (
            sample.column("a", "$ *h*"), sample.column("b", "= _文_", Format.TEXT),
        ),
        [sample.row((text,), (place, text)) for place, text in enumerate(texts)],
        note="#note $ *n* @ ]", bars=[("#b $", "50.0"), ("*c*", None)],
    )  # fmt: skip
    return replace(made, sentences=("#sentence $ ]",))


def paper(*, texts: tuple[str, ...] = TEXTS + UNPRINTABLE + LONG) -> Paper:
    base = sample.chinese_paper()
    return replace(
        base,
        head=Head(
            "#heading $ *", "= name @", "[number] #", "*office* $", base.head.day, "#mark $ ]"
        ),
        title="#title *b* $x$ @r ]",
        addressees="#to $ ]：",
        opening="= opening #o",
        sections=(
            Section("x", "#section $ ]", tuple(
                Paragraph(f"x.{place}", text, text) for place, text in enumerate(texts)
            ), (table(texts=texts),)),
        ),
        appendices=(table(title="@A #$ ]", texts=texts),),
        foot=Foot(
            (("#r", "$names$ *n*"),), (("*e*", "#who $"),), "#printed $", "*copies*", sample.HASH,
            "https://x.y/#$*@",
        ),
    )  # fmt: skip
