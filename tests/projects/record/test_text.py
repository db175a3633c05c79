"""One reading of what people type, by the tables of docs/spellings.md."""

import re
import unicodedata
from datetime import datetime

import pytest

from projects.record.days import ending, until
from projects.record.folding import fold
from projects.record.masks import (
    has_numbers,
    mask_id_number,
    mask_name,
    mask_numbers,
    mask_phone,
    without,
)
from projects.record.text import INVISIBLE, compact, is_blank, one_line, prose
from tests.projects.record.spelling_tables import REFUSED, of_type, rows_of


@pytest.mark.parametrize(("typed", "stored"), of_type("title"))
def test_one_line(typed: str, stored: str) -> None:
    assert one_line(typed) == stored
    assert one_line(stored) == stored


@pytest.mark.parametrize(("typed", "stored"), of_type("prose"))
def test_prose(typed: str, stored: str) -> None:
    assert prose(typed) == stored
    assert prose(stored) == stored


@pytest.mark.parametrize(("typed", "stored"), of_type("code"))
def test_codes(typed: str, stored: str) -> None:
    assert compact(typed) == compact(stored) == stored


def test_no_control_or_format_character_is_left() -> None:
    """But the signs of Arabic, Syriac and hieroglyphic numbers, which are seen."""
    unseen = re.compile(f"[{INVISIBLE}]")
    left = {
        chr(code) for code in range(0x110000)
        if unicodedata.category(chr(code)) in {"Cc", "Cf"} and not chr(code).isspace()
        and not unseen.match(chr(code))
    }  # fmt: skip
    assert {unicodedata.name(each).split()[0] for each in left} == {
        "ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN",
    }  # fmt: skip


@pytest.mark.parametrize(("stored", "typed"), rows_of("Search"))
def test_what_is_searched_and_what_is_stored_fold_alike(stored: str, typed: str) -> None:
    assert fold(typed) in fold(stored)


@pytest.mark.parametrize(("typed", "shown"), rows_of("Numbers of persons"))
def test_masks(typed: str, shown: str) -> None:
    assert mask_numbers(typed) == shown
    assert has_numbers(typed) == ("*" in shown)


def test_names_and_phones_are_masked_as_they_are_spelled() -> None:
    said = ["王", "张三", "Li", "0379-65233520"]
    text = "王城大道的张 三、Li与Liming，电话(0379)65233520"
    assert without(text, said) == "王城大道的张**、L**与Liming，电话(0379-****3520"
    assert mask_name("张三") == "张**"
    assert mask_id_number("410305199001010012") == "410305********0012"
    assert mask_phone("0379-65233520-8001") == "0379-****3520"
    assert mask_phone("13800138000") == "138****8000"
    assert [mask_phone("65233520"), mask_phone("12345"), mask_phone("")] == [
        "****3520",
        "****",
        "—",
    ]


@pytest.mark.parametrize(("typed", "end"), rows_of("Days"))
def test_a_day_lasts_to_its_end(typed: str, end: str) -> None:
    found = until(typed)
    assert (found is None) == (end == REFUSED)
    if found is not None:
        assert found == datetime.fromisoformat(end)
        assert (ending(typed) or found).isoformat() == "2020-03-11T00:00:00+08:00"


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u2800\u3164", "\n\t\u3000", "\ufeff\u202e"])
def test_nobody_sees_that_there_is_something(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "—", "\u200b.", "〇", " ！", "\U0001f600"])
def test_somebody_sees_it(text: str) -> None:
    assert not is_blank(text)
