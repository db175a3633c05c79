"""Looked at quickly, a row is found right where its model finds it right, and wrong where wrong."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from coordination.tickets.filing.drafts import _NOT_FILED
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from coordination.tickets.urgency import Urgency
from projects.record.cleaning import clean_fields
from projects.record.rows import made
from tests.factories.coordination import LINES

ODD: list[Any] = [
    "", " ", None, True, False, 0, 1, -1, 10**12, 1.5, Decimal("1.000"), Decimal("NaN"), "豫C12345",
    "a" * 12, "a" * 41, "a" * 61, "a" * 2001, "13800138000", "13800138000\n", "1380013800０",
    "410305", "41030", "normal", "urgent", Urgency.NORMAL, "B", "\x00", "\ud800", [], {},
    date(2020, 3, 9), datetime(2020, 3, 9, tzinfo=UTC), datetime(2020, 3, 9), "2020-03-09",  # noqa: DTZ001 - one of the odd
]  # fmt: skip


def judged(row: Any, clean: Any) -> tuple[Any, dict[str, Any]]:
    """What is said of it, and what it holds afterwards."""
    try:
        clean(row)
    except ValidationError as error:
        said: Any = {name: [(each.code, each.messages) for each in found]
                     for name, found in error.error_dict.items()}  # fmt: skip
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the same
        said = type(error)
    else:
        said = None
    return said, {name: row.__dict__[name] for name in sorted(row.__dict__) if name != "_state"}


@pytest.mark.filterwarnings("ignore:.* received a naive datetime")
@pytest.mark.parametrize("name", list(LINES))
@given(data=st.data())
def test_a_line_is_judged_as_by_its_model(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    right = {each: value for each, value in LINES[name]().items() if each in kind.fields}
    values = {**right, data.draw(st.sampled_from(kind.fields)): data.draw(st.sampled_from(ODD))}
    skipped = kind._not_filed
    quick = judged(made(kind.model, **values), lambda row: clean_fields(row, exclude=skipped))
    slow = judged(kind.model(**values), lambda row: row.clean_fields(exclude=skipped))
    assert repr(quick) == repr(slow), values  # NaN is not equal to itself


@given(
    name=st.sampled_from(["urgency", "title", "detail", "contact_name", "contact_mobile"]),
    value=st.sampled_from(ODD) | st.text(max_size=70),
)
def test_so_is_a_ticket(name: str, value: Any) -> None:
    right = {
        "urgency": "normal",
        "title": "一",
        "contact_name": "王",
        "contact_mobile": "13800138000",
    }
    values = {**right, name: value}
    quick = judged(made(Ticket, **values), lambda row: clean_fields(row, exclude=_NOT_FILED))
    slow = judged(Ticket(**values), lambda row: row.clean_fields(exclude=_NOT_FILED))
    assert repr(quick) == repr(slow), values


def test_all_fields_of_a_row_are_looked_at() -> None:
    """With nothing left out, what is missing is said of each."""
    quick = judged(made(Ticket), clean_fields)
    assert repr(quick) == repr(judged(Ticket(), lambda row: row.clean_fields()))
    assert {"project", "enterprise", "title", "contact_name"} <= quick[0].keys()
