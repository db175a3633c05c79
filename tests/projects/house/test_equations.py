"""What must hold between figures: read from text, by signs, through objects and lists."""

from decimal import Decimal

import pytest

from projects.house.equations import Equation

FIGURES = {
    "asked": "10.50", "met": 8, "lost": "-0.5", "none": None,
    "prior": {"asked": 4, "none": None}, "missing": None,
    "each": [{"met": 3}, {"met": 5}, {"met": None}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("asked = met", "10.50", "8"),
        ("asked - met - lost = prior.asked", "3.00", "4"),
        ("- met + asked = asked - met", "2.50", "2.50"),
        ("met = each.met", "8", "8"),
        ("asked=met+prior.asked", "10.50", "12"),
    ],
)
def test_both_sides_are_summed(text: str, left: str, right: str) -> None:
    assert Equation(text).values(FIGURES) == (Decimal(left), Decimal(right))


@pytest.mark.parametrize(
    "text", ["asked = none", "none = asked", "asked = prior.none", "asked = missing.asked"]
)
def test_what_is_undefined_states_nothing(text: str) -> None:
    assert Equation(text).values(FIGURES) is None


def test_a_name_that_is_not_there_is_a_mistake_of_the_declaration() -> None:
    with pytest.raises(KeyError):
        Equation("asked = mte").values(FIGURES)


def test_the_signs_for_the_headings() -> None:
    equation = Equation("before + filed - ended = after - lost")
    names = ["before", "filed", "ended", "after", "lost", "other"]
    assert equation.names == names[:-1]
    assert [equation.sign_of(name) for name in names] == ["", "+", "−", "=", "−", ""]
