"""Finding tickets by what somebody typed; each word by an index."""

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
from projects.register.suggest import named

_DATED: Final = re.compile(r"(\d{8})-?(\d{0,6})")
_SERIAL: Final = re.compile(r"\d{1,6}")
_MOST_WORDS: Final = 8
_FEW: Final = 500


def found_by(typed: str) -> Q | None:
    """Tickets that have every word typed in number, title, project, enterprise or lines.

    None where nothing typed is long enough to look for. Few are named one by one, so that the
    index alone was asked; many are met soon by whoever reads the newest first. Left to itself,
    the database reads newest first for few, too, and so all of them.
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
    # The pairs find candidates by the index; the text says which have them side by side.
    said = Q(search__tokens__contains=sorted(grams(plain)), search__text__contains=plain)
    return (found or Q()) | said | _named(word)


def _named(word: str) -> Q:
    """Of a project or an enterprise of that name, whose names are kept with themselves alone."""
    projects = Project.objects.filter(named(word) | Q(code__istartswith=word))
    enterprises = Enterprise.objects.filter(named(word) | Q(uscc__istartswith=word))
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
    """Their ids; None where they are too many to list."""
    ids = list(rows.order_by().values_list("pk", flat=True)[: most + 1])
    return ids if len(ids) <= most else None
