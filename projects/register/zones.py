"""Functional zones, such as 高新区: people give them as places, but GB/T 2260 has none of them."""

import re
from typing import Final

# How the names of zones end. Districts that are called so, such as 浦东新区, are in the list of
# GB/T 2260 and are looked for there first.
_ENDINGS: Final = re.compile(
    r".*(?:高新|经开|开发|示范|试验|实验|保税|自贸|集聚|港|园|工业|管理|风景|度假)区|.+新[区城]|.*管委会"
)
_CITY: Final = re.compile(r"(?:河南省?)?(?:洛阳市?)?")
# The zones of the city, which are districts of projects (0002_districts.py), with the codes of the
# counties in which they lie. 伊滨区 was made of parts of three; 偃师 was 410381 until 2021.
_OF_THE_CITY: Final = (
    (re.compile(r"高新(?:技术)?(?:产业)?(?:开发)?区|国家高新.*区"), ("410305",)),
    (
        re.compile(r"伊滨(?:新)?区|伊滨经开区|经开区|经济技术开发区"),
        ("410311", "410329", "410381", "410307"),
    ),
)
_STATISTICAL: Final = re.compile(r"\d{4}7[1-9]")  # of zones, in the statistics' own codes
_STATISTICAL_OF_THE_CITY: Final = {"410371": ("410305",)}


def counties_of_zone(name: str, code: str) -> tuple[str, ...] | None:
    """The codes of the counties in which a zone lies; none of another city's.

    By its folded name, or by its code in statistics. None where it is no zone.
    """
    own = _CITY.sub("", name, count=1)
    for pattern, counties in _OF_THE_CITY:
        if pattern.fullmatch(own):
            return counties
    if _STATISTICAL.fullmatch(code):
        return _STATISTICAL_OF_THE_CITY.get(code, ())
    return () if _ENDINGS.fullmatch(name) else None
