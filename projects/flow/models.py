"""Abstract models of a thing that has a state and of its events, and the allowed transitions."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.record.facts import BY_HASHES, Fact, Reference
from projects.record.sealed_fields import SealedJSONField


class Transition(Reference):
    """One step that a flow allows. Each room's migrations write its own; the triggers read them."""

    flow = models.CharField(max_length=20)
    verb = models.CharField(max_length=20)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["flow", "verb", "source", "target"], name="each_transition_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.flow}: {self.verb} {self.source} → {self.target}"


class Thing(models.Model):
    """A row that has a state and is changed by verbs only.

    A concrete model may give ``status`` its choices; it adds the triggers of
    ``guard.thing_guard``.
    """

    # Columns that no verb changes after the thing was made.
    FIXED_COLUMNS: ClassVar[frozenset[str]] = frozenset()

    status = models.CharField(_("status"), max_length=12, editable=False)
    changed_at = models.DateTimeField(_("last changed at"), editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def back_to(self) -> str:
        """The state to which a verb with the target BACK leads; a model that has one overrides."""
        return ""


class Event(Fact):
    """One verb done on one thing. The events are the only record of how a thing got its state.

    Each event holds the hash of the one before. Free text is kept beside it (see ``Words``), and
    only its salted digest in here, so erasing it breaks no chain. A concrete model adds the
    foreign keys of its thing and its actors, and names them in ``THING`` and ``ACTORS``; it also
    adds a unique constraint on (thing, seq), and the triggers of ``guard.event_guard``.
    """

    THING: ClassVar[str]  # the foreign key of the thing
    ACTORS: ClassVar[tuple[str, ...]] = ()  # the foreign keys of the actors, in the hash's order
    JOURNALED_BY = BY_HASHES

    seq = models.PositiveIntegerField(_("sequence"))
    verb = models.CharField(_("verb"), max_length=20)
    from_status = models.CharField(pgettext_lazy("status", "from"), max_length=12, blank=True)
    to_status = models.CharField(pgettext_lazy("status", "to"), max_length=12)
    by_system = models.BooleanField(_("by the system"), default=False)
    recorded_at = models.DateTimeField(_("recorded at"))
    is_internal = models.BooleanField(_("internal"), default=False)
    payload = models.JSONField(_("payload"), default=dict)
    text_digest = models.CharField(_("salted digest of the text"), max_length=64, blank=True)
    previous_hash = models.CharField(_("previous hash"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta(Fact.Meta):
        abstract = True

    @classmethod
    def journal_key(cls) -> tuple[str, ...]:
        """The thing's key and the number of the step."""
        return f"{cls.THING}_id", "seq"

    @property
    def thing_pk(self) -> Any:
        """The primary key of the event's thing."""
        return getattr(self, f"{self.THING}_id")

    @property
    def actor_pks(self) -> list[Any]:
        """The primary keys of the actors, in the order of ``ACTORS``; None for all but one."""
        return [getattr(self, f"{name}_id") for name in self.ACTORS]


class Words(models.Model):
    """The free text of an event, which can be erased, its salt with it.

    A concrete model adds ``event``, a one-to-one relation that is its primary key and whose
    ``related_name`` is ``text``.
    """

    salt = models.CharField(max_length=32, editable=False)
    body = SealedJSONField(_("text"))

    class Meta:
        abstract = True
