"""Suggestions of projects and enterprises by a part of their names."""

import re
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from projects.register.models import Enterprise, Project
from projects.register.queries import enterprises_of

SUGGESTED: Final = 20


def named(typed: str) -> Q:
    """The condition that a name contains this, ignoring case; served by the trigram index."""
    return Q(name__iregex=re.escape(typed))


def suggest_projects(typed: str, rows: QuerySet[Project] | None = None) -> list[str]:
    """A limited number of matching projects, as the form's text: code, then name."""
    rows = Project.objects.all() if rows is None else rows
    found = rows.filter(named(typed) | Q(code__istartswith=typed)).order_by("code")
    return [display_text(project) for project in found[:SUGGESTED]]


def suggest_enterprises(typed: str, *, project: Project | None, on: date) -> list[str]:
    """The project's enterprises on that day if the project is known, otherwise any."""
    rows = Enterprise.objects.all() if project is None else enterprises_of(project, on)
    found = rows.filter(named(typed) | Q(uscc__istartswith=typed)).order_by("name")
    return [display_text(enterprise) for enterprise in found[:SUGGESTED]]


def display_text(row: Project | Enterprise) -> str:
    """The form's text of a row: its unique code, then its name."""
    return f"{row.code if isinstance(row, Project) else row.uscc} {row.name}"


def project_from_text(typed: str) -> Project | None:
    """The project named by its code, its whole name, or both."""
    code, _space, _name = typed.partition(" ")
    found = Project.objects.filter(Q(code=code) | Q(name=typed))[:2]
    return found[0] if len(found) == 1 else None


def enterprise_from_text(typed: str) -> Enterprise | None:
    """The enterprise named by its code, its whole name, or both."""
    code, _space, _name = typed.partition(" ")
    found = Enterprise.objects.filter(Q(uscc=code.upper()) | Q(name=typed))[:2]
    return found[0] if len(found) == 1 else None
