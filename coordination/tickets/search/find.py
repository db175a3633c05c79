"""Finding tickets by typed words; an index answers for each word."""

import re
from functools import reduce
from operator import and_, or_
from typing import Any, Final

from django.db.models import Q, QuerySet

from coordination.tickets.models import Ticket
from coordination.tickets.numbers import read_number
from coordination.tickets.search.grams import enterprise_token, grams, project_token, signs
from projects.record.folding import fold
from projects.record.text import compact, plain
from projects.register.models import Enterprise, Project
from projects.register.suggest import enterprises_named, named

_SERIAL: Final = re.compile(r"\d{1,6}")
_MOST_WORDS: Final = 8
_FEW: Final = 500


def found_by(typed: str) -> Q | None:
    """A condition: every typed word is in number, title, project, enterprise or lines.

    Or all of them together are, since a name may be typed with spaces and written without. None if
    there is nothing to look for. Up to 500 hits are listed by id, so that the database uses the
    index; it would otherwise read all tickets, newest first. With more hits, reading newest first
    soon finds a page.
    """
    words = [word for word in plain(typed).split()[:_MOST_WORDS] if fold(word)]
    together = _condition("".join(words)) if len(words) > 1 else None
    ways = [way for way in (_each_of(words), together) if way is not None]
    if not ways:
        return None
    found = [_some(Ticket.objects.filter(way), _FEW) for way in ways]
    if None in found:
        return reduce(or_, ways)
    return Q(pk__in={pk for ids in found for pk in ids or ()})


def _each_of(words: list[str]) -> Q | None:
    """Every word is there. None if the index knows none of them."""
    found = [_condition(word) for word in words]
    if any(map(_is_indexed, words)):
        found = [
            each if _is_indexed(word) else _sign(word) | (each or Q())
            for word, each in zip(words, found, strict=True)
        ]
    known = [each for each in found if each is not None]
    return reduce(and_, known) if known and len(known) == len(words) else None


def _is_indexed(word: str) -> bool:
    """Whether it is more than one letter or digit, so that the index has tokens of it."""
    folded = fold(word)
    return len(folded) > 1 or not folded.isascii()


def _sign(word: str) -> Q:
    return Q(search__text__contains=fold(word))


def _condition(word: str) -> Q | None:
    if number := read_number(word):
        return Q(number__startswith=number)
    folded = fold(word)
    serial = Q(search__tokens__contains=[f"#{int(folded)}"]) if _SERIAL.fullmatch(folded) else None
    if not _is_indexed(word):
        return serial
    # The index finds tickets with all pairs; the text tells which have them side by side.
    tokens = sorted(grams(folded) or signs(folded))
    said = Q(search__tokens__contains=tokens) & _sign(word)
    return (serial or Q()) | said | _named(word)


def _named(word: str) -> Q:
    """Tickets of a project or an enterprise of that name; names are not in the search rows."""
    projects = Project.objects.filter(named(word) | Q(code__startswith=compact(word)))
    enterprises = Enterprise.objects.filter(enterprises_named(word))
    some_projects, some_enterprises = _some(projects, _FEW), _some(enterprises, _FEW)
    tokens = [project_token(each) for each in some_projects or ()]
    tokens += [enterprise_token(each) for each in some_enterprises or ()]
    found = Q(search__tokens__overlap=tokens) if tokens else Q()
    if some_projects is None:
        found |= Q(project__in=projects)
    if some_enterprises is None:
        found |= Q(enterprise__in=enterprises)
    return found


def _some(rows: "QuerySet[Any]", most: int) -> list[int] | None:
    """Their ids; None if there are more than ``most``."""
    ids = list(rows.order_by().values_list("pk", flat=True)[: most + 1])
    return ids if len(ids) <= most else None
