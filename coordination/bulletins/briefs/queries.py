"""Questions about daily briefs."""

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from coordination.bulletins.models import Brief
from projects.record.finding import id_of


def brief_of(pk: str | int) -> Brief | None:
    """The brief with this key; None where there is none."""
    found = id_of(str(pk))
    return Brief.objects.filter(pk=found).first() if found else None


def _figure(*path: str) -> KeyTextTransform:
    """A figure of the blocks, as text."""
    *inner, last = path
    at: object = "blocks"
    for key in (inner[0], "figures", *inner[1:]):
        at = KeyTransform(key, at)
    return KeyTextTransform(last, at)


def listed_briefs() -> QuerySet[Brief]:
    """Every brief with a few of its figures, and without the others."""
    return Brief.objects.defer("blocks").annotate(
        rate=_figure("changes", "rate"), unreported=_figure("reporting", "unreported"),
        filed=_figure("tickets", "total", "filed"), overdue=_figure("tickets", "total", "red"),
    )  # fmt: skip
