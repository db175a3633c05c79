"""What is looked at quickly is what the framework's own fields make of it, word for word."""

import gc
import weakref
from typing import Any

import pytest
from django.core.validators import MinLengthValidator, RegexValidator
from hypothesis import example, given
from hypothesis import strategies as st
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.fields import SkipField, empty

from coordination.intake.api_serializers import FILINGS
from coordination.tickets.urgency import Urgency
from projects.access.quick import ASK, looks_at
from projects.access.shape import read_body
from tests.coordination.intake.scene import MADE, filing


class OfContext:
    requires_context = True

    def __call__(self, value: Any, field: Any) -> None:
        if value == field.field_name:
            raise ValidationError("its own name")


class Upper(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).upper()


class Odd(serializers.Serializer[Any]):
    plain = serializers.CharField()
    short = serializers.CharField(max_length=3, min_length=2)
    blank = serializers.CharField(allow_blank=True, required=False)
    kept = serializers.CharField(trim_whitespace=False, max_length=3)
    null = serializers.CharField(allow_null=True, required=False)
    usual = serializers.CharField(default="usual")
    digits = serializers.CharField(validators=[RegexValidator(r"^\d+$")])
    no_digits = serializers.CharField(validators=[RegexValidator(r"\d", inverse_match=True)])
    long = serializers.CharField(validators=[MinLengthValidator(3)])
    called = serializers.CharField(validators=[OfContext()])
    upper = Upper()
    fixed = serializers.CharField(read_only=True, default="fixed")
    choice = serializers.ChoiceField(choices=["a", "b", ""])
    few = serializers.ChoiceField(choices=[("a", "A")], allow_blank=True, required=False)
    numbers = serializers.ChoiceField(choices=[1, 2])
    urgency = serializers.ChoiceField(choices=Urgency.choices, allow_null=True)
    several = serializers.MultipleChoiceField(choices=["a"])
    day = serializers.DateField()
    day_as_written = serializers.DateField(input_formats=["%d.%m.%Y"])


VALUES: list[Any] = [
    empty, None, "", " ", "\t", "\u3000", "\xa0", " a ", "a", "ab", "abc", "abcd", " abc ", "a\nb",
    "a\x00", "\ud800", "\u200b", "𠮷", "1", "12", "１", 1, 1.5, True, False, [], {}, ["a"],
    "called", "normal", Urgency.NORMAL, "2020-03-09", "e\u0301",
    "20200309", "2020-W11-1", "2020-3-9", "2020-02-30", "2020-03-09T08:00", " 2020-03-09",
]  # fmt: skip


def asked(field: Any, value: Any) -> Any:
    """What the field says of it: a value, or what is wrong."""
    try:
        return field.run_validation(value)
    except SkipField:
        return empty
    except ValidationError as error:
        return error.get_full_details()


@pytest.mark.parametrize("name", list(Odd().fields))
def test_a_field_would_say_the_same(name: str) -> None:
    field = Odd().fields[name]
    look = looks_at(field)
    for value in VALUES:
        found = look(value)
        if found is not ASK:
            said = asked(field, value)
            assert (type(found), found) == (type(said), said), (name, value)


@given(st.text(max_size=5))
@example("\x85a")
def test_any_text_at_all(text: str) -> None:
    for name, field in Odd().fields.items():
        found = looks_at(field)(text)
        assert found is ASK or found == asked(field, text), (name, text)


def test_what_is_plain_is_not_asked() -> None:
    fields = Odd().fields
    assert str(looks_at(fields["day"])("2020-03-09")) == "2020-03-09"
    plain = {"plain": "a", "short": "ab", "kept": " a ", "digits": "12", "choice": "a", "null": "a"}
    assert {name: looks_at(fields[name])(value) for name, value in plain.items()} == plain
    assert [looks_at(fields[each])("a") for each in ("called", "upper", "fixed", "several")] == [
        ASK
    ] * 4


def test_a_serializer_that_was_read_by_is_let_go() -> None:
    """Most are made for one request."""
    used = Odd()
    read_body(used, {"plain": "a"})
    seen = weakref.ref(used)
    del used
    gc.collect()
    assert seen() is None


@pytest.mark.parametrize("kind", list(MADE))
def test_a_filing_is_read_as_the_framework_reads_it(kind: str) -> None:
    sent = filing(kind)
    framework = FILINGS[kind](data=sent)
    assert framework.is_valid(), framework.errors
    values, errors = read_body(FILINGS[kind](), sent)
    assert errors == []
    assert values == {**framework.validated_data, "lines": [dict(each) for each in values["lines"]]}
    assert values["lines"] == [dict(each) for each in framework.validated_data["lines"]]
