"""Rates and money are rounded once, half up: 6.25 % is said as 6.3, 0.005 as 0.01."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import SHANGHAI, week_to
from coordination.tickets.board_counts import Punctual, rate_of
from projects.house.amounts import money, ranks, rate
from projects.progress.report import report
from projects.record.clock import clock_at
from tests.factories.coordination import officer, project

CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (1, 400, "0.3"),  # 0.25
        (1, 2000, "0.1"),  # 0.05
        (1, 16, "6.3"),  # 6.25
        (49, 400, "12.3"),  # 12.25
        (179, 800, "22.4"),  # 22.375
        (3, 400, "0.8"),  # 0.75, the same by either rule
        (313, 331, "94.6"),  # 94.56…
        (312, 331, "94.3"),  # 94.25…, above the half
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1999, 2000, "100.0"),  # 99.95
        (1, 2001, "0.0"),  # 0.04998
        (0, 5, "0.0"),
        (5, 5, "100.0"),
        (5, 4, "125.0"),
        (0, 0, None),
        (3, 0, None),
    ],
)
def test_a_rate_is_rounded_half_up(part: int, whole: int, said: str | None) -> None:
    assert rate(part, whole) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0.005", "0.01"),
        ("0.0049", "0.00"),
        ("0.015", "0.02"),
        ("0.125", "0.13"),
        ("2.6750", "2.68"),
        ("-0.125", "-0.13"),  # what fell is rounded as what rose
        ("-0.1249", "-0.12"),
        ("2026.0000", "2026.00"),
        ("0", "0.00"),
    ],
)
def test_money_is_rounded_half_up(amount: str, said: str) -> None:
    assert money(Decimal(amount)) == said


def test_equal_rates_share_their_rank_and_an_undefined_one_has_none() -> None:
    assert ranks(["50.0", None, "100.0", "9.5", "50.0"]) == [2, None, 1, 4, 2]
    assert ranks([None]) == [None]
    assert ranks([]) == []


@pytest.mark.django_db
def test_a_bulletin_says_them_so() -> None:
    """One project of sixteen is 6.25 %, and the investments add up to halves of a hundredth."""
    with clock_at(CUT_OFF - timedelta(days=2)):
        sites = [
            project(
                planned_resumption=CUT_OFF.date(), level="provincial" if n < 8 else "municipal",
                total_investment=Decimal("1.0050") if n == 0 else Decimal(1),
                annual_investment=Decimal("0.0250") if n == 0 else Decimal(0),
            )
            for n in range(16)
        ]  # fmt: skip
        report(project=sites[0], day=date(2020, 3, 7), resumed=True, by=officer())
    blocks = count_blocks(week_to(CUT_OFF))
    resumption, register = blocks["resumption"]["figures"], blocks["register"]["figures"]
    assert (resumption["planned"], resumption["resumed"], resumption["rate"]) == (16, 1, "6.3")
    assert resumption["provincial"] == {
        "planned": 8, "resumed": 1, "waiting": 7, "rate": "12.5",
    }  # fmt: skip
    assert [row["rate"] for row in resumption["by_district"] if row["planned"]] == ["6.3"]
    assert (register["total_investment"], register["annual_investment"]) == ("16.01", "0.03")


def test_the_board_says_them_so() -> None:
    assert rate_of([Punctual(1, 1, 1, 10), Punctual(1, 2, 0, 6)]) == (1, 16, "6.3")
