"""Places by code and by name, by the table of docs/spellings.md."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from projects.register.places import place_name, read_place, suggest_places
from tests.projects.record.spelling_tables import REFUSED, rows_of

DAY = date(2020, 3, 10)


@pytest.mark.parametrize(("year", "typed", "stored", "name"), rows_of("Places"))
def test_places(year: str, typed: str, stored: str, name: str) -> None:
    day = date(int(year), 3, 10)
    if stored == REFUSED:
        with pytest.raises(ValidationError) as refused:
            read_place(typed, day)
        assert name in " ".join(refused.value.messages)
        return
    found = read_place(typed, day)
    assert (found.code, str(found)) == (stored, name)
    assert read_place(found.display_text, day) == found
    assert place_name(stored, day) == name


def test_what_was_no_place_on_the_day_is_shown_by_its_code() -> None:
    assert place_name("410307", DAY) == "410307"


def test_suggestions() -> None:
    jianxi = ["410305 河南省洛阳市涧西区"]
    for typed in ("涧西", "410305", "澗西", "洛阳涧", "河南洛阳涧西", "４１０３０５"):
        assert suggest_places(typed, DAY, most=20) == jianxi, typed
    assert suggest_places("鼓楼区", DAY, most=2) == [
        "320106 江苏省南京市鼓楼区", "320302 江苏省徐州市鼓楼区",
    ]  # fmt: skip
    assert suggest_places("洛阳高新区", DAY, most=20) == jianxi
    assert suggest_places("", DAY, most=20) == suggest_places("（", DAY, most=20) == []


@pytest.mark.parametrize(("typed", "is_zone"), [
    ("高新区", True), ("洛阳经开区", True), ("郑东新区", True), ("西咸新区管委会", True),
    ("某县产业集聚区", True), ("410371", True), ("320571", True), ("新区", False),
    ("无此区", False), ("410372 涧西区", False),
])  # fmt: skip
def test_a_zone_is_asked_for_the_county_in_which_it_lies(
    typed: str,
    is_zone: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    with pytest.raises(ValidationError) as refused:
        read_place(typed, DAY)
    assert refused.value.code == ("functional-zone" if is_zone else "county-code")
