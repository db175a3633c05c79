"""Finding tickets by typed words; an index answers for each word."""

import re
from functools import reduce
from operator import and_
from typing import Any, Final

from django.db.models import Q, QuerySet

from coordination.tickets.models import Ticket
from coordination.tickets.search.grams import (
    SHORTEST,
    enterprise_token,
    grams,
    normal,
    project_token,
)
from projects.register.models import Enterprise, Project
from projects.register.suggest import enterprises_named, named

_DATED: Final = re.compile(r"(\d{8})-?(\d{0,6})")
_SERIAL: Final = re.compile(r"\d{1,6}")
_MOST_WORDS: Final = 8
_FEW: Final = 500


def found_by(typed: str) -> Q | None:
    """A condition: every typed word is in number, title, project, enterprise or lines.

    None if no word is long enough. Up to 500 hits are listed by id, so that the database uses the
    index; it would otherwise read all tickets, newest first. With more hits, reading newest first
    soon finds a page.
    """
    words = [word for word in map(_condition, typed.split()[:_MOST_WORDS]) if word is not None]
    if not words:
        return None
    condition = reduce(and_, words)
    ids = _some(Ticket.objects.filter(condition), _FEW)
    return condition if ids is None else Q(pk__in=ids)


def _condition(word: str) -> Q | None:
    dated = _DATED.fullmatch(word)
    if dated:
        day, rest = dated.groups()
        return Q(number__startswith=f"{day}-{rest}")
    plain = normal(word)
    found = Q(search__tokens__contains=[f"#{int(plain)}"]) if _SERIAL.fullmatch(plain) else None
    if len(plain) < SHORTEST:
        return found
    # The index finds tickets with all pairs; the text tells which have them side by side.
    said = Q(search__tokens__contains=sorted(grams(plain)), search__text__contains=plain)
    return (found or Q()) | said | _named(word)


def _named(word: str) -> Q:
    """Tickets of a project or an enterprise of that name; names are not in the search rows."""
    projects = Project.objects.filter(named(word) | Q(code__istartswith=word))
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
