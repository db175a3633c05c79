"""The block of coverage: how many projects are served one-to-one."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.groups.queries import served_at
from projects.house.blocks import Block, Column, Mark, Period, Sentence, Table
from projects.register.queries import register_at


def count(period: Period) -> dict[str, Any]:
    """Count the projects registered at the cut-off, and those of them that were served."""
    return {
        "projects": register_at(period.end).count(),
        "served": served_at(period.end).count(),
    }


_SENTENCE: Final = Sentence(_("%(served)s of %(projects)s projects are served one-to-one."))
BLOCK: Final = Block(
    name="coverage", place=30, count=count,
    marks=(Mark("served", "A group answered for it.", served_at),),
    tables=(
        Table(
            in_words=True, sentences=(_SENTENCE,),
            columns=(
                Column("projects", _("projects"), unit="个"),
                Column("served", pgettext_lazy("bulletin", "served one-to-one"), unit="个"),
            ),
        ),
    ),
)  # fmt: skip
