"""What is often said with a verb, to be put into its form and completed there."""

from collections.abc import Iterable
from typing import ClassVar, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.tickets.flow import FLOW, Verb
from coordination.tickets.kinds.registry import kind_choices
from projects.record.masks import has_numbers
from projects.record.open_choices import OpenChoiceField
from projects.record.text_fields import LineField

LONGEST_PHRASE: Final = 200
# The verbs whose form asks for words.
SPOKEN: Final = (
    Verb.COMMENT, Verb.RESOLVE, Verb.ASK, Verb.DECLINE, Verb.FULFIL, Verb.REFUSE, Verb.PASS_ON,
    Verb.EXTEND, Verb.WRITE_OFF, Verb.SIGN_OFF, Verb.REDO, Verb.URGE, Verb.SUPERVISE,
)  # fmt: skip


def verb_choices() -> Iterable[tuple[str, str | Promise]]:
    """The verbs with which phrases are used, by their labels."""
    return [(verb.value, FLOW.label_of(verb)) for verb in SPOKEN]


class Phrase(models.Model):
    """One phrase (常用语), for a verb, and for one kind of ticket or for every kind."""

    verb = OpenChoiceField(_("verb"), max_length=20, choices=verb_choices)
    kind = OpenChoiceField(
        _("kind"), max_length=20, choices=kind_choices, blank=True,
        help_text=_("Empty for every kind."),
    )  # fmt: skip
    text = LineField(
        _("phrase"), max_length=LONGEST_PHRASE,
        help_text=_("Put × where something is to be filled in."),
    )  # fmt: skip
    ordinal = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("phrase")
        verbose_name_plural = _("phrases")
        ordering: ClassVar = ["verb", "kind", "ordinal", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["verb", "kind", "text"], name="each_phrase_once",
                violation_error_message=_("There is this phrase already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Raise ValidationError for a mobile or an ID number: a phrase is for every ticket."""
        if has_numbers(self.text):
            raise ValidationError({"text": _("Leave mobiles and ID numbers out of a phrase.")})


def phrases_for(kind: str) -> dict[str, list[str]]:
    """The phrases for a ticket of that kind, by verb; those of its kind first."""
    found: dict[str, list[str]] = {}
    rows = Phrase.objects.filter(kind__in=["", kind])
    for each in rows.order_by("verb", "-kind", "ordinal", "pk"):
        found.setdefault(each.verb, []).append(each.text)
    return found
