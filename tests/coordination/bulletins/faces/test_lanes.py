"""Where the words of a heading are broken that does not fit in its column."""

import pytest

from coordination.bulletins.faces.lanes import pieces_of


@pytest.mark.parametrize(
    ("heading", "room", "pieces"),
    [
        ("计划（个）", 6, ["计划（个）"]),
        ("计划（个）", 4, ["计划", "（个）"]),
        ("− 办结销号（起）", 5, ["−", "办结销号", "（起）"]),
        ("年度计划完成投资（亿元）", 4.5, ["年度计划完成", "投资（亿元）"]),
        ("（个）", 2, ["（个", "）"]),
        ("累计提交", 3, ["累计", "提交"]),
    ],
)
def test_before_its_unit_or_in_half(heading: str, room: float, pieces: list[str]) -> None:
    assert pieces_of(heading, room) == pieces
