"""Which numbers an editor may write."""

import pytest

from coordination.bulletins.numbers import foreign_numbers, unknown_numbers

DRAFT = "上期结存9起，本周新提交27起，期末结存1,025起，复工率94.6%。"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("本周新提交27起，目前结存1025起。", []),
        ("复工率达到94.6%。", []),
        ("结存２７起", []),
        ("本周新提交28起。", ["28"]),
        ("期末结存1,025起，此前27起。", ["27"]),
        ("结存27万起", ["27万"]),
        ("结存二十七起，占百分之九十", ["二十七", "百分之九十"]),
        ("由第一组一对一服务，各方面都已落实", []),
    ],
)
def test_a_paragraph_has_the_numbers_of_its_draft(text: str, found: list[str]) -> None:
    assert foreign_numbers(text, DRAFT) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3月15日17时前由第2组办结，第7期通报。", []),
        ("2020年3月底前完成；2020-03-16 09:30开会。", []),
        ("（1）落实责任；\n2. 按时报送。", []),
        ("对18个项目逐一会商。", []),
        ("Settled by March 15, 2020.", []),
        ("仍有（88）个项目未复工", ["88"]),
        ("第500个项目", ["500"]),
        ("共需999分", ["999"]),
        ("涉及88号", ["88"]),
        ("May 12 projects", ["12"]),
        ("1,234组", ["1234"]),
        ("98765年", ["98765"]),
        ("三百三十一个项目", ["三百三十一"]),
    ],
)
def test_a_written_chapter_has_figures_of_the_issue_dates_and_ordinals(
    text: str, found: list[str]
) -> None:
    assert unknown_numbers(text, {"18", "27"}) == found
