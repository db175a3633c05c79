"""The year's first batch in the demonstration: 515 projects. Uses no database."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from coordination.demo.amounts import investments, seeded

BATCH: Final = "2020年第一批省市重点项目"
LIST_TOTAL, LIST_ANNUAL = Decimal(4851), Decimal(1572)
PRIOR_COUNT, PRIOR_TOTAL, PRIOR_ANNUAL = 455, Decimal(4273), Decimal(1370)
COUNT: Final = 515
CUT_OFF_DAY: Final = date(2020, 3, 9)
FIRST_DAY: Final = date(2020, 2, 10)
OPENS_ON: Final = date(2020, 3, 10)  # at 09:00 the demonstration's clock starts
LAST_DAY: Final = date(2020, 3, 27)  # the last day for which the data set has events

# (level, planned to resume by the cut-off, of which resumed); the provincial counts are examples.
DUE: Final = (("provincial", 100, 97), ("municipal", 231, 216))
# The same for those planned for later; the rest of the batch is in preparation.
LATER: Final = (("provincial", 24), ("municipal", 120))
SILENT_ON_CUT_OFF_DAY: Final = 4  # of those not resumed, in the bulletin 未报

SECTORS: Final = ("industry", "infrastructure", "urban", "innovation", "ecology", "livelihood")
# The share of each district, in percent; an example.
WEIGHTS: Final = {
    "410302": 4, "410303": 6, "410304": 4, "410305": 10, "410306": 4, "410311": 14, "410322": 6,
    "410323": 6, "410324": 4, "410325": 4, "410326": 4, "410327": 7, "410328": 4, "410329": 7,
    "410381": 7, "LY-GX": 5, "LY-YB": 4,
}  # fmt: skip


@dataclass(frozen=True)
class Named:
    """A project that the city named: only its name is real, the rest is an example."""

    name: str
    level: str
    phase: str
    sector: str
    district: str
    resumed_on: date


def _feb(day: int) -> date:
    return date(2020, 2, day)


NAMED: Final = (
    Named("轨道交通1号线", "provincial", "continuing", "infrastructure", "410305", _feb(17)),
    Named("轨道交通2号线", "provincial", "continuing", "infrastructure", "410311", _feb(18)),
    Named("格力电器智能制造基地", "provincial", "continuing", "industry", "LY-GX", _feb(20)),
    Named("洛阳华晟物流园", "municipal", "continuing", "infrastructure", "410311", _feb(24)),
    Named("中德产业园", "provincial", "continuing", "industry", "LY-YB", _feb(25)),
    Named(
        "玻璃厂路高架改造提升工程", "municipal", "continuing", "urban", "410303", _feb(21)
    ),
    Named("中国移动洛阳中部云谷", "provincial", "new_start", "innovation", "410311", _feb(23)),
    Named("忠旺铝业", "provincial", "continuing", "industry", "LY-YB", _feb(12)),
)  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """One project of the batch, and the day on which its reports say that it resumed."""

    code: str
    name: str
    level: str
    phase: str
    sector: str
    district: str
    total: Decimal
    annual: Decimal
    planned_resumption: date | None
    resumed_on: date | None
    is_example: bool

    @property
    def is_due(self) -> bool:
        """Whether it was planned to resume or start by the cut-off."""
        return self.planned_resumption is not None and self.planned_resumption <= CUT_OFF_DAY


@dataclass(frozen=True)
class _Fate:
    level: str
    phase: str
    planned: date | None
    resumed_on: date | None = None


def _resumption_days(count: int, name: str) -> list[date]:
    """From 10 February to the cut-off, more from week to week; the last one on the cut-off day."""
    random = seeded(name)
    span = (CUT_OFF_DAY - FIRST_DAY).days
    offsets = [int(span * random.random() ** 0.6) for _ in range(count - 1)]
    return [FIRST_DAY + timedelta(days=each) for each in sorted(offsets)] + [CUT_OFF_DAY]


def _due() -> list[_Fate]:
    """Those planned by the cut-off, without the named ones."""
    fates = []
    for level, planned, resumed in DUE:
        named = sum(each.level == level for each in NAMED)
        days = _resumption_days(resumed - named, level)
        for index in range(planned - named):
            day = days[index] if index < len(days) else None
            wanted = day or CUT_OFF_DAY - timedelta(days=index % 5)
            phase = ("new_start", "continuing", "continuing", "new_start", "completing")[index % 5]
            fates.append(_Fate(level, phase, wanted, day))
    return fates


def _later() -> list[_Fate]:
    """Those planned for after the cut-off, and those in preparation."""
    begun = CUT_OFF_DAY + timedelta(days=1)
    fates = [
        _Fate(level, "new_start", begun + timedelta(days=index * 250 // count))
        for level, count in LATER
        for index in range(count)
    ]
    in_preparation = COUNT - sum(planned for _, planned, _ in DUE) - len(fates)
    return fates + [_Fate("municipal", "preliminary", None)] * in_preparation


def _districts(count: int) -> list[str]:
    """A district for each example, mixed so that every district has all kinds of projects."""
    codes = [code for code, weight in WEIGHTS.items() for _ in range(weight)]
    random = seeded("districts")
    mixed: list[str] = []
    while len(mixed) < count:
        mixed += random.sample(codes, len(codes))
    return mixed[:count]


def batch(names: dict[str, str]) -> list[Planned]:
    """All 515, the named ones first; ``names`` are those of the districts by code."""
    amounts = investments(LIST_TOTAL, LIST_ANNUAL, count=COUNT, name="list")
    largest = sorted(amounts, reverse=True)[: len(NAMED)]  # metro lines are the largest
    amounts = [*largest, *(each for each in amounts if each not in largest)]
    fates = [*_due(), *_later()]
    planned = [
        Planned(
            f"LY2020-{number:03d}", each.name, each.level, each.phase, each.sector, each.district,
            *amounts[number - 1], each.resumed_on, each.resumed_on, False,
        )
        for number, each in enumerate(NAMED, start=1)
    ]  # fmt: skip
    for number, (fate, code) in enumerate(
        zip(fates, _districts(len(fates)), strict=True), start=len(NAMED) + 1
    ):
        planned.append(
            Planned(
                f"LY2020-{number:03d}", f"{names[code]}示例项目{number:03d}",
                fate.level, fate.phase, SECTORS[number % len(SECTORS)], code,
                *amounts[number - 1], fate.planned, fate.resumed_on, True,
            )
        )  # fmt: skip
    return planned


def prior_filings() -> list[dict[str, object]]:
    """What was filed by the same date of 2019: 455 examples that add up to what was published."""
    amounts = investments(PRIOR_TOTAL, PRIOR_ANNUAL, count=PRIOR_COUNT, name="prior")
    return [
        {
            "year": 2019,
            "name": f"2019年示例申报项目{number:03d}",
            "total_investment": total,
            "annual_investment": annual,
        }
        for number, (total, annual) in enumerate(amounts, start=1)
    ]
