"""The places of GB/T 2260 by code and by name: units of county and of city rank.

The list is python-stdnum's, with the years in which each code was in force. A place is asked for
on a day, since codes change with mergers.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import islice
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from stdnum import numdb

from projects.record.folding import fold
from projects.record.text import compact, one_line
from projects.record.text_fields import LineField, Spelled
from projects.register.zones import counties_of_zone

_UNKNOWN: Final = _(
    "There is no county or city of this code or name (GB/T 2260). Give its six-digit code or its "
    "whole name, such as 410305 or 河南省洛阳市涧西区."
)
PLACE_HELP: Final = _("Its name, or its six-digit code (GB/T 2260); a county or a city.")
_MOST_NAMED: Final = 6  # candidates in a message
_ENTRY: Final = re.compile(r"(?:\[(\d*)-(\d*)\])?(.+)")
_CODE: Final = re.compile(r"(?<!\d)\d{6}(?!\d)")
_ALL_DISTRICTS: Final = "市辖区"
_HEADING: Final = re.compile(r"(?:省|自治区)直辖县级.*|县")  # of the list; no place
_RANK: Final = re.compile(r"(?:特别行政区|自治[区州县旗]|地区|林区|新区|矿区|[省市区县旗盟])$")
_PEOPLES: Final = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|"
    "景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|塔吉克|怒|鄂温克|保安|裕固|独龙|各"
)
_OF_PEOPLES: Final = re.compile(
    rf"(.+?)(?:(?:{_PEOPLES})族|维吾尔|蒙古|哈萨克|柯尔克孜)+(自治)?(.)"
)


@dataclass(frozen=True)
class Place:
    """A unit of county or of city rank: its own name, and those of what it lies in, if any."""

    code: str
    name: str
    city: str
    province: str

    def __str__(self) -> str:
        """``河南省洛阳市涧西区``."""
        return f"{self.province}{self.city}{self.name}"

    @property
    def display_text(self) -> str:
        """The text of a form: ``410305 河南省洛阳市涧西区``."""
        return f"{self.code} {self}"

    def is_led_by(self, words: str) -> bool:
        """Whether the folded words name what it lies in: province, city, both or nothing."""
        return any(
            words == province + city
            for province in ("", *_spellings(self.province))
            for city in ("", *_spellings(self.city))
        )

    def is_begun_by(self, words: str) -> bool:
        """Whether the folded words lead to the beginning of its own name: ``洛阳涧``."""
        name = fold(self.name)
        return any(
            name.startswith(words[at:]) and self.is_led_by(words[:at])
            for at in range(1, len(words))
        )


@dataclass(frozen=True)
class _Term:
    """What a code stood for in some years; None where it did from the first, or does still."""

    name: str
    first: int | None
    last: int | None

    def covers(self, year: int) -> bool:
        return (self.first or year) <= year <= (self.last or year)


@cache
def _terms() -> Mapping[str, tuple[_Term, ...]]:
    """Every code of the list with what it stood for and when."""
    found = {}
    for _length, province, _high, _own, below in numdb.get("cn/loc").prefixes:
        for _size, rest, _to, properties, _none in below:
            entries = map(_ENTRY.fullmatch, properties["county"].split(","))
            found[province + rest] = tuple(
                _Term(each[3], int(each[1] or 0) or None, int(each[2] or 0) or None)
                for each in entries if each is not None
            )  # fmt: skip
    return found


def _name_of(code: str, year: int) -> str:
    """What the list calls the code in that year; empty where it had no such code."""
    terms = _terms().get(code, ())
    return next((term.name for term in terms if term.covers(year)), "")


class _Gazetteer:
    """The places of one year, by code and by the folded spellings of their own names."""

    def __init__(self, year: int) -> None:
        self.by_code = {place.code: place for place in self._places(year)}
        self.by_name = defaultdict[str, list[Place]](list)
        for place in self.by_code.values():
            if place.name != _ALL_DISTRICTS:
                for spelling in _spellings(place.name):
                    self.by_name[spelling].append(place)

    def _places(self, year: int) -> Iterator[Place]:
        codes = _terms()
        divided = {code[:2] for code in codes if not code.endswith("0000")}
        for code in codes:
            name = _name_of(code, year)
            province = _name_of(f"{code[:2]}0000", year)
            if not name or _HEADING.fullmatch(name):
                continue
            if code.endswith("0000"):
                if code[:2] not in divided:
                    yield Place(code, name, "", "")
            elif code.endswith("00"):
                is_municipality = name == _ALL_DISTRICTS
                yield Place(code, province if is_municipality else name, "",
                            "" if is_municipality else province)  # fmt: skip
            else:
                city = _name_of(f"{code[:4]}00", year)
                inner = city == _ALL_DISTRICTS or _HEADING.fullmatch(city)
                yield Place(code, name, "" if inner else city, province)

    def named(self, words: str) -> list[Place]:
        """The places that the words may mean; by their whole names, if any is called so."""
        key = fold(words)
        found = [
            place for at in range(len(key)) for place in self.by_name.get(key[at:], ())
            if place.is_led_by(key[:at])
        ]  # fmt: skip
        whole = [place for place in found if key.endswith(fold(place.name))]
        return sorted({*(whole or found)}, key=lambda place: place.code)


@lru_cache(maxsize=4)
def _gazetteer(year: int) -> _Gazetteer:
    return _Gazetteer(year)


@cache
def _spellings(name: str) -> frozenset[str]:
    """A name, and how people shorten it: ``瀍河回族区`` is also ``瀍河区`` and ``瀍河``."""
    if not name:
        return frozenset()
    short = {_RANK.sub("", name)}
    if people := _OF_PEOPLES.fullmatch(name):
        short |= {people[1], people[1] + people[3]}
    return frozenset(fold(each) for each in {name, *short} if len(each) > 1)


def place_of(code: str, on: date) -> Place | None:
    """The place that had this code on the day."""
    return _gazetteer(on.year).by_code.get(code)


def place_name(code: str, on: date) -> str:
    """The whole name of the place that had the code on the day; the code where none had it."""
    return str(place_of(code, on) or code)


def suggest_places(typed: str, on: date, *, most: int) -> list[str]:
    """Places whose code begins, or whose name holds what was typed, as the text of a form."""
    places, key = _gazetteer(on.year), fold(typed)
    if not key:
        return []
    zone = counties_of_zone(key, key) or ()
    meant = places.named(typed) or [places.by_code[code] for code in zone if code in places.by_code]
    others = (
        place for place in places.by_code.values() if place not in meant and (
            place.code.startswith(key) or key in fold(str(place)) or place.is_begun_by(key)
        )
    )  # fmt: skip
    return [place.display_text for place in islice((*meant, *others), most)]


def read_place(typed: str, on: date) -> Place:
    """The place that was typed by its code, its name, or both.

    Raises ValidationError where there is none on the day, where the name alone means several, or
    where it is a functional zone's.
    """
    places = _gazetteer(on.year)
    if typed in places.by_code:
        return places.by_code[typed]
    spelled = compact(typed)
    code, words = _CODE.search(spelled), _CODE.sub("", spelled)
    named = places.named(words)
    zone = None if named else counties_of_zone(fold(words), code[0] if code else "")
    if zone is not None and (code is None or code[0] not in zone):
        raise _refused_zone(typed, zone, on)
    if code is not None:
        place = places.by_code.get(code[0])
        if place is None or (fold(words) and place not in named and zone is None):
            raise ValidationError(_what_it_was(code[0], on) or _UNKNOWN, "county-code")
        return place
    if not named:
        raise ValidationError(_UNKNOWN, "county-code")
    if len(named) > 1:
        message = _("Several places are called so: %(places)s. Give the code or the whole name.")
        some = "、".join(f"{place}（{place.code}）" for place in named[:_MOST_NAMED])
        more = "……" if len(named) > _MOST_NAMED else ""
        raise ValidationError(message, "several-places", {"places": some + more})
    return named[0]


def _refused_zone(typed: str, counties: Iterable[str], on: date) -> ValidationError:
    """The error of a functional zone, with the counties in which it lies as far as is known."""
    message = _(
        "“%(zone)s” is a functional zone and has no code of its own. Enter the county or district "
        "in which it lies."
    )
    found = filter(None, (place_of(code, on) for code in counties))
    if some := "、".join(f"{place}（{place.code}）" for place in found):
        message = _(
            "“%(zone)s” is a functional zone and has no code of its own. Enter the county or "
            "district in which it lies: %(places)s."
        )
    values = {"zone": one_line(typed), "places": some}
    return ValidationError(message, "functional-zone", values)


def _what_it_was(code: str, on: date) -> str:
    """A message about a code that is no longer in force; empty where it never was."""
    past = [term for term in _terms().get(code, ()) if term.last and term.last < on.year]
    if not past or _HEADING.fullmatch(past[-1].name):
        return ""
    message = gettext("%(code)s was %(place)s until %(year)s. Give the code that is in force.")
    place = place_name(code, date(past[-1].last or on.year, 1, 1))
    return message % {"code": code, "place": place, "year": past[-1].last}


class PlaceField(Spelled, LineField):
    """The code of a place. Whoever checks the row reads it by :func:`read_place` first."""

    def read(self, text: str) -> str:
        return compact(text)
