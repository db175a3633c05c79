"""The block of coverage: which projects are served one-to-one, and why the others are not.

By schema 1 a project was served if it had an assignment. By schema 2 somebody must be able to act
by it: otherwise the assignment is broken, and counted by its reason.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from coordination.groups.queries import served_at
from coordination.groups.queries_acting import Facts
from coordination.groups.queries_coverage import (
    SERVED,
    UNSERVED,
    Reason,
    coverage,
    not_served,
    truly_served_at,
)
from projects.house.blocks import (
    Audience,
    Block,
    Column,
    Figures,
    Format,
    Keyed,
    Listed,
    Mark,
    Path,
    Period,
    Table,
    Text,
)
from projects.house.equations import Equation
from projects.house.sentences import Sentence
from projects.register.counted import opens
from projects.register.queries import register_at


def count_assigned(period: Period) -> dict[str, Any]:
    """Schema 1: the projects registered at the cut-off, and those of them with an assignment."""
    return {
        "projects": register_at(period.end).count(),
        "served": served_at(period.end).count(),
    }


def count(period: Period) -> dict[str, Any]:
    """Schema 2: each project by its state at the cut-off, as it was recorded by then.

    ``not_served`` has the names that were in force at the cut-off.
    """
    found = coverage(period.end, Facts.RECORDED)
    return {
        "projects": register_at(period.end).count(),
        "served": found.served,
        "unserved": found.unserved,
        "broken": found.broken_total,
        "reasons": {each: {"broken": number} for each, number in sorted(found.broken.items())},
        "not_served": [
            {
                "code": each.code, "name": each.name, "reason": each.state, "group": each.group,
                "liaison": each.liaison,
            }
            for each in not_served(period.end, Facts.RECORDED)
        ],
    }  # fmt: skip


_SENTENCE: Final = Sentence(
    _("%(served)s of %(projects)s projects are served one-to-one."),
    needs="projects", otherwise=_("No project is registered yet: nobody can be served."),
)  # fmt: skip
_PROJECTS: Final = Column("projects", _("projects"), unit="个", link=opens("registered"))
_SERVED: Final = Column("served", pgettext_lazy("bulletin", "served one-to-one"), unit="个")
BLOCK_1: Final = Block(
    name="coverage", place=30, count=count_assigned,
    marks=(Mark("served", "A group answered for it.", served_at),),
    tables=(Table(in_words=True, sentences=(_SENTENCE,), columns=(_PROJECTS, _SERVED)),),
)  # fmt: skip


def _steps(figures: Figures) -> Iterator[str]:
    lacking = figures["unserved"] + figures["broken"]
    if lacking:
        yield ngettext(
            "The duty desk assigns %(number)s project that nobody serves.",
            "The duty desk assigns %(number)s projects that nobody serves.", lacking,
        ) % {"number": lacking}  # fmt: skip


def _reasons() -> dict[Path, tuple[Text, ...]]:
    return {(reason.value,): (reason.label,) for reason in Reason}


def _with_reason(period: Period, key: Path) -> str:
    return opens(key[0])(period, ())


_WORDS: Final = {UNSERVED: _("No assignment."), **{each.value: each.label for each in Reason}}
BLOCK: Final = Block(
    name="coverage", place=30, count=count, schema=2, steps=_steps,
    marks=(Mark("served", "Somebody who could act answered for it.", truly_served_at),),
    tables=(
        Table(
            heading=_("One-to-one service"), in_words=True,
            sentences=(
                _SENTENCE,
                Sentence(
                    _(
                        "%(unserved)s have no assignment, and of %(broken)s the assignment is"
                        " broken."
                    ),
                    needs="projects",
                ),
            ),
            columns=(
                _PROJECTS,
                replace(_SERVED, link=opens(SERVED)),
                Column(
                    "unserved", pgettext_lazy("bulletin", "without assignment"), unit="个",
                    link=opens(UNSERVED),
                ),
                Column(
                    "broken", pgettext_lazy("bulletin", "broken assignment"), unit="个",
                    link=opens("broken"),
                ),
            ),
            equations=(Equation("projects = served + unserved + broken"),),
        ),
        Table(
            title=_("Broken assignments"), unit="个", headings=(_("reason"),),
            columns=(Column("broken", _("projects"), link=_with_reason),),
            rows=(Keyed("BulletinCoverageReason", _reasons, at=("reasons",)),),
        ),
        Table(
            title=_("Projects that are not served"), is_appendix=True, headings=(_("project"),),
            columns=(
                Column("reason", _("reason"), Format.TEXT, words=_WORDS),
                Column("group", _("service group"), Format.TEXT, is_nullable=True),
                Column("liaison", _("liaison"), Format.TEXT, is_nullable=True),
            ),
            rows=(
                Listed(
                    ("not_served",), Column("code", _("project code"), Format.TEXT),
                    Column("name", _("project"), Format.TEXT),
                ),
            ),
            audience=Audience.STAFF,
        ),
    ),
)  # fmt: skip
