"""Suggestions of projects and enterprises by a part of their names."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from projects.record.folding import fold
from projects.record.text import compact, one_line
from projects.register.identifiers import normalise_national_code
from projects.register.models import Enterprise, EnterpriseRevision, Project
from projects.register.queries import current_projects, enterprises_of

SUGGESTED: Final = 20


def named(typed: str) -> Q:
    """The condition that a name contains this in any spelling; served by the trigram index."""
    folded = fold(typed)
    return Q(folded__contains=folded) if folded or not typed else Q(pk__in=())


def suggest_projects(typed: str, rows: QuerySet[Project] | None = None) -> list[str]:
    """Some matching projects of the register, as the form's text: code, then name."""
    rows = current_projects() if rows is None else rows
    by_code = Q(code__startswith=compact(typed)) | Q(national_code__startswith=compact(typed))
    found = rows.filter(named(typed) | by_code).order_by("code")
    return [display_text(project) for project in found[:SUGGESTED]]


def suggest_enterprises(typed: str, *, project: Project | None, on: date) -> list[str]:
    """The project's enterprises on that day if the project is known, otherwise any."""
    rows = Enterprise.objects.all() if project is None else enterprises_of(project, on)
    found = list(rows.filter(enterprises_named(typed)).order_by("name")[:SUGGESTED])
    former = _former_names(found, typed)
    return [f"{display_text(each)} {former.get(each.pk, '')}".rstrip() for each in found]


def enterprises_named(typed: str) -> Q:
    """The condition that its name contains this, or its code begins so, now or before."""
    return Q(pk__in=_revisions(typed).values("enterprise"))


def _revisions(typed: str) -> QuerySet[EnterpriseRevision]:
    return EnterpriseRevision.objects.filter(named(typed) | Q(uscc__startswith=compact(typed)))


def _former_names(found: Iterable[Enterprise], typed: str) -> dict[int, str]:
    """By which former name or code an enterprise was found, for those that were."""
    revised = {each.pk: each for each in found if each.revision > 1}
    rows = _revisions(typed).filter(enterprise__in=revised).order_by("pk") if revised else ()
    now = {pk: (each.name, each.uscc) for pk, each in revised.items()}
    return {
        row.enterprise_id: _("(formerly %(name)s)") % {"name": row.name}
        for row in rows
        if (row.name, row.uscc) != now[row.enterprise_id]
    }


def display_text(row: Project | Enterprise) -> str:
    """The form's text of a row: its unique code, then its name."""
    return f"{row.code if isinstance(row, Project) else row.uscc} {row.name}"


def project_from_text(typed: str) -> Project | None:
    """The project named by a code of its, its whole name, or both; one that left if no other is."""
    typed = one_line(typed)
    code, _space, _name = typed.partition(" ")
    named_so = Project.objects.filter(Q(code__in=[code, typed]) | Q(folded=fold(typed)))
    if national := normalise_national_code(typed):
        named_so |= Project.objects.filter(national_code=national)
    for rows in (named_so.filter(left_at__isnull=True), named_so):
        found = rows[:2]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def enterprise_from_text(typed: str) -> Enterprise | None:
    """The enterprise named by its code, its whole name, or both; else by those of before."""
    typed = one_line(typed)
    code, _space, _name = typed.partition(" ")
    is_meant = Q(uscc__in=[code, typed]) | Q(folded=fold(typed))
    former = EnterpriseRevision.objects.filter(is_meant).values("enterprise")
    for meant in (is_meant, Q(pk__in=former)):
        found = Enterprise.objects.filter(meant)[:2]
        if found:
            return found[0] if len(found) == 1 else None
    return None
