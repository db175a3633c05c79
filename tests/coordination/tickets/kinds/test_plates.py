"""Number plates, by the tables of docs/spellings.md."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from coordination.tickets.kinds.plates import (
    FORMS,
    PlateForm,
    normalise_plate,
    plate_has_form,
    validate_plate,
)
from coordination.tickets.numbers import normalise_number
from tests.projects.record.spelling_tables import REFUSED, of_type, rows_of


@pytest.mark.parametrize(("typed", "stored"), of_type("plate"))
def test_plates(typed: str, stored: str) -> None:
    found = normalise_plate(typed)
    assert plate_has_form(found) == (stored != REFUSED)
    if stored != REFUSED:
        assert found == normalise_plate(stored) == stored


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.example)
def test_each_form_has_its_example(form: PlateForm) -> None:
    own = [
        each for each in FORMS if re.fullmatch(each.pattern.replace("{new}", "DF"), form.example)
    ]
    assert own == [form]
    assert plate_has_form(normalise_plate(f"{form.example[:2]}·{form.example[2:]}"))


@pytest.mark.parametrize(("typed", "forms"), [
    ("豫C123", "普通 豫C12345、小型新能源 豫CD12345、大型新能源 豫C12345F"),
    ("C12345", "普通 豫C12345、小型新能源 豫CD12345、大型新能源 豫C12345F"),
    ("豫C12挂", "挂车 豫C1234挂"), ("豫C12警", "警用 豫C1234警"), ("WJ12", "武警 WJ豫1234X"),
    ("1使", "使馆 224578使"), ("", "普通 豫C12345、小型新能源 豫CD12345、大型新能源 豫C12345F"),
])  # fmt: skip
def test_the_refusal_names_the_forms_that_may_be_meant(typed: str, forms: str) -> None:
    with translation.override("zh-hans"):
        with pytest.raises(ValidationError) as refused:
            validate_plate(typed)
        assert refused.value.messages == [f"车牌号格式不正确，应如：{forms}。"]


def test_the_document_lists_every_form() -> None:
    listed = []
    for form in FORMS:
        with translation.override("zh-hans"):
            chinese = str(form.name)
        with translation.override("en"):
            listed.append((f"{chinese} {form.name}", form.example))
    assert rows_of("Number plates") == listed


@pytest.mark.parametrize(
    "plate",
    [
        "粤A1234港",
        "粤Z12345港",
        "豫C12345应急",
        "WJ1234",
        "CX1234",
        "DA12345",
        "豫C123挂",
        "12345使",
    ],
)
def test_what_only_resembles_one(plate: str) -> None:
    assert not plate_has_form(plate)


@pytest.mark.parametrize(("typed", "stored"), of_type("number"))
def test_numbers_of_tickets(typed: str, stored: str) -> None:
    assert normalise_number(typed) == normalise_number(stored) == stored
