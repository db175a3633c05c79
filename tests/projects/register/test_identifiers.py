"""Codes and numbers of people and enterprises, by the tables of docs/spellings.md."""

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from projects.register.identifiers import (
    normalise_phone,
    normalise_uscc,
    uscc_checks,
    validate_mobile,
    validate_phone,
)
from tests.projects.record.spelling_tables import REFUSED, of_type


@pytest.mark.parametrize(
    ("typed", "stored", "validate"),
    [(*row, validate_phone) for row in of_type("phone")]
    + [(*row, validate_mobile) for row in of_type("mobile")],
)
def test_phones(typed: str, stored: str, validate: RegexValidator) -> None:
    found = normalise_phone(typed)
    if stored == REFUSED:
        with pytest.raises(ValidationError):
            validate(found)
        return
    validate(found)
    assert found == normalise_phone(stored) == stored


@pytest.mark.parametrize(("typed", "stored"), of_type("uscc"))
def test_codes_of_enterprises(typed: str, stored: str) -> None:
    assert normalise_uscc(typed) == normalise_uscc(stored) == stored
    assert uscc_checks(stored)
