"""A desk on 9 March 2020, and plans and months as the verbs set them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from projects.investment.month_end import revise_month_end
from projects.investment.plan import PlanSet, set_plan
from projects.record.clock import clock_at
from projects.register.models import Project
from tests.factories.coordination import Desk, desk

NOW: Final = datetime(2020, 3, 9, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def at() -> Iterator[Desk]:
    """A desk that is a month old, on 9 March 2020."""
    with clock_at(NOW - timedelta(days=30)):
        made = desk()
    with clock_at(NOW):
        yield made


def amounts(*given: str | None) -> dict[int, Decimal | None]:
    return {number: None if each is None else Decimal(each) for number, each in enumerate(given, 1)}


def planned(
    site: Project, at: Desk, *quarters: str | None, months: tuple[str | None, ...] = (), **more: Any
) -> PlanSet:
    """By the director, of 2020, in 亿元."""
    given: dict[str, Any] = {"year": 2020, "by": at.director} | more
    return set_plan(project=site, quarters=amounts(*quarters), months=amounts(*months), **given)


def month(site: Project, at: Desk, number: int, amount: str, **more: Any) -> Any:
    """A month of 2020 in 万元, by the director."""
    given: dict[str, Any] = {"year": 2020, "by": at.director} | more
    return revise_month_end(project=site, month=number, amount=Decimal(amount), **given)
