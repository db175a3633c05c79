"""Answers are written down as the framework would, byte for byte."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy as _
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer

from coordination.tickets.urgency import Urgency
from projects.access.renderers import AnswerRenderer, Written, written

VALUES: list[Any] = [
    None, {}, [], "", "豫C12345", "a\u2028b\u2029c\x7f", "\\ \" / \n", 10**30, {1: "one"},
    (1, 2), Urgency.URGENT, _("Normal"), Decimal("1.50"), date(2020, 3, 9),
    datetime(2020, 3, 9, 1, 2, 3, 4, tzinfo=UTC), datetime(2020, 3, 9, tzinfo=UTC),
    timedelta(minutes=1), UUID(int=1), {"all": [True, False, None, 1.5]},
]  # fmt: skip


def both(value: Any, media_type: str | None) -> tuple[Any, Any]:
    own: Any = JSONRenderer()
    return AnswerRenderer().render(value, media_type), own.render(value, media_type)


@pytest.mark.parametrize("media_type", [None, "application/json", "application/json; indent=2"])
@pytest.mark.parametrize("value", VALUES)
def test_as_the_framework_writes_it(value: Any, media_type: str | None) -> None:
    ours, own = both(value, media_type)
    assert ours == own


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_answer_at_all(value: Any) -> None:
    ours, own = both(value, None)
    assert ours == own


def test_what_is_written_down_is_not_written_again() -> None:
    said = written({"a": 1})
    assert said == Written(b'{"a":1}')
    assert AnswerRenderer().render(said) == b'{"a":1}'
