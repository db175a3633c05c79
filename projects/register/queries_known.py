"""What the register has of the rows of a sheet: read once for all of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from projects.record.folding import fold
from projects.record.reading import rows as answer
from projects.register.identifiers import normalise_national_code, validate_national_code
from projects.register.models import (
    Batch,
    District,
    ExitKind,
    Project,
    ProjectExit,
    ProjectParticipant,
)
from projects.register.places import read_place
from projects.register.queries_duplicates import SIMILAR

_ENDINGS: Final = ("回族区", "高新技术产业开发区", "区", "县", "市")
_NUMBERS: Final = "一二三四五六七八九十"
_CITY: Final = ("河南省洛阳市", "洛阳市", "洛阳")
_COUNTRY: Final = "000000"  # the area of what the country registers
_ALIKE: Final = """
    SELECT given.at, own.code, own.name
    FROM unnest(%(at)s::int[], %(names)s::text[], %(districts)s::bigint[])
        AS given (at, folded, district)
    JOIN register_project AS own ON own.district_id = given.district
        AND own.left_at IS NULL AND own.folded <> given.folded
    WHERE similarity(own.folded, given.folded) >= %(similar)s
        AND regexp_replace(own.folded, '[^0-9a-z一二三四五六七八九十]', '', 'g')
            = regexp_replace(given.folded, '[^0-9a-z一二三四五六七八九十]', '', 'g')
    ORDER BY given.at, own.code
"""


class Districts:
    """The districts of a day, by every usual spelling of their names, and by their codes."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._known = dict[str, District | None]()
        self._codes = dict[str, District]()
        self._named = defaultdict[str, list[District]](list)
        self._areas = {_COUNTRY}
        for district in District.objects.all():
            self._areas |= _areas_of(district)
            if on not in district.valid:
                continue
            self._codes[district.code] = district
            for spelling in self._spellings(district.name):
                self._named[fold(spelling)].append(district)

    @staticmethod
    def _spellings(name: str) -> set[str]:
        """``涧西区`` and ``涧西``, with and without the city."""
        short = {name.removesuffix(each) for each in _ENDINGS if name.endswith(each)}
        own = {name, *(each for each in short if len(each) > 1)}
        return own | {city + each for city in _CITY for each in own}

    def named(self, text: str) -> District | None:
        """The district that the text names.

        None where it names none, several, or one of another city.
        """
        key = fold(text)
        if key not in self._known:
            own = self.called(text)
            if own:
                self._known[key] = own[0] if len(own) == 1 else None
            else:
                self._known[key] = self._codes.get(text.upper()) or self._by_place(text)
        return self._known[key]

    def has_area(self, national_code: str) -> bool:
        """Whether the area of the code is a district of ours of any time, or what it lies in.

        The city, the province and the country register projects too.
        """
        return national_code.split("-")[1] in self._areas

    def called(self, text: str) -> list[District]:
        """The districts that are called so: the one of this whole name, else those shortened so."""
        found = self._named.get(fold(text), [])
        return [each for each in found if fold(each.name) == fold(text)] or found

    def _by_place(self, text: str) -> District | None:
        try:
            return self._codes.get(read_place(text, self._on).code)
        except ValidationError:
            return None


def _areas_of(district: District) -> set[str]:
    codes = [each for each in (district.code, district.geographic_code) if each.isdecimal()]
    return {part for each in codes for part in (each, f"{each[:4]}00", f"{each[:2]}0000")}


class Batches:
    """The batches, by what they are called in a year."""

    def __init__(self, year: int) -> None:
        self.year = year
        self._of_year, self._known = list[Batch](), dict[str, Batch]()
        for batch in Batch.objects.order_by("-year", "ordinal"):
            is_own = batch.year == year
            self._of_year += [batch] if is_own else []
            spelled = {str(batch.ordinal), *_NUMBERS[batch.ordinal - 1 : batch.ordinal]}
            for ordinal in (f"第{number}批" for number in sorted(spelled)):
                self._known.setdefault(f"{batch.year}年{ordinal}", batch)
                if is_own:
                    self._known.setdefault(ordinal, batch)
            self._known.setdefault(fold(batch.name), batch)

    def named(self, text: str) -> Batch | None:
        """The batch of that name; None where there is none."""
        return self._known.get(fold(text)) or self._known.get(fold(text).replace("度", ""))

    @property
    def only(self) -> Batch | None:
        """The year's batch, if there is one alone."""
        return self._of_year[0] if len(self._of_year) == 1 else None

    @property
    def names(self) -> str:
        """The names of the year's batches, for a message; "" if there is none."""
        return "、".join(each.name for each in self._of_year)


def is_national(code: str) -> bool:
    """Whether it is a code of the national platform, in its written form."""
    try:
        validate_national_code(code)
    except ValidationError:
        return False
    return True


def own_code(code: str) -> str:
    """The register's code of a project known by this one: of a national one its twenty digits."""
    national = normalise_national_code(code)
    return national.replace("-", "") if is_national(national) else code


class KnownProjects:
    """The projects that rows may mean, by their codes and by their names."""

    def __init__(self, codes: Collection[str], names: Collection[str]) -> None:
        own = {own_code(each) for each in codes} | set(codes)
        national = {normalise_national_code(each) for each in codes}
        folded = {fold(each) for each in names}
        found = Project.objects.select_related("district", "batch").filter(
            Q(code__in=own) | Q(national_code__in=national - {""}) | Q(folded__in=folded - {""})
        )
        self._codes, self._national = dict[str, Project](), dict[str, Project]()
        self._names = defaultdict[str, list[Project]](list)
        for project in found:
            self._codes[project.code] = project
            if project.left_at is None:
                self._names[project.folded].append(project)
                if project.national_code:
                    self._national[project.national_code] = project
        left = [each.pk for each in found if each.left_at is not None]
        exits = ProjectExit.objects.filter(
            project__in=left, kind=ExitKind.ERROR, returned__isnull=True
        )
        self.in_error = set(exits.values_list("project_id", flat=True)) if left else set()

    def of_code(self, code: str) -> Project | None:
        """The project of that code, national or the register's own; one that left, too."""
        return (
            self._national.get(normalise_national_code(code))
            or self._codes.get(code) or self._codes.get(own_code(code))
        )  # fmt: skip

    def of_name(self, name: str, district: District | None) -> list[Project]:
        """The projects of the register of that whole name, in that district if it is given."""
        return [
            each for each in self._names.get(fold(name), ())
            if district is None or each.district_id == district.pk
        ]  # fmt: skip


def alike_to(given: Mapping[int, tuple[str, District]]) -> dict[int, list[str]]:
    """The projects whose names resemble these in their districts, as ``code name``; one query.

    Names that differ in their numbers alone are of two projects.
    """
    found = defaultdict[int, list[str]](list)
    if not given:
        return found
    parameters = {
        "at": list(given), "similar": SIMILAR,
        "names": [fold(name) for name, _district in given.values()],
        "districts": [district.pk for _name, district in given.values()],
    }  # fmt: skip
    for at, code, name in answer(_ALIKE, parameters):
        found[at].append(f"{code} {name}")
    return found


def differs(name: str, project: Project) -> bool:
    """Whether this is another name than the project's; not where only the spelling differs."""
    return bool(name) and fold(name) != project.folded


def that_of(project: Project) -> str:
    """That a row's code is that of this project, although the row names another."""
    message = _("The code is that of %(project)s.")
    return message % {"project": f"{project.code} {project.name}"}


type Part = tuple[int, int, str]  # project, enterprise, role


def ends_of(projects: Collection[int]) -> defaultdict[Part, list[date | None]]:
    """The ends of the participations in these projects; None of one that lasts."""
    found = defaultdict[Part, list[date | None]](list)
    rows = ProjectParticipant.objects.filter(project__in=projects)
    for row in rows:
        found[row.project_id, row.enterprise_id, row.role].append(row.during.upper)
    return found


def overlaps(ends: Iterable[date | None], start: date) -> bool:
    """Whether a participation that ends so is under way, or to come, on that day or later."""
    return any(end is None or end > start for end in ends)


def texts_of(values: Iterable[object]) -> set[str]:
    """The texts among them that are not empty."""
    return {each for each in values if isinstance(each, str) and each}
