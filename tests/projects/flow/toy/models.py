"""A case: the smallest thing with a state, and its events. Tables of their own."""

from typing import Any, ClassVar, Final

from django.db import models

from projects.flow.guard import event_guard, thing_guard
from projects.flow.models import Event, Thing, Words
from projects.record.facts import Fact

_TABLES: Final = {"thing": "case", "things": "toy_case", "events": "toy_caseevent"}


class Person(models.Model):
    objects: ClassVar[models.Manager[Any]] = models.Manager()
    name = models.CharField(max_length=20)
    checks = models.BooleanField(default=False)

    class Meta:
        app_label = "toy"

    def __str__(self) -> str:
        return self.name


class Case(Thing):
    objects: ClassVar[models.Manager[Any]] = models.Manager()
    FIXED_COLUMNS = frozenset({"owner"})

    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_urgent = models.BooleanField(default=False)

    class Meta:
        app_label = "toy"
        triggers: ClassVar = thing_guard(**_TABLES)

    def __str__(self) -> str:
        return str(self.pk)


class CaseEvent(Event):
    objects: ClassVar[models.Manager[Any]] = models.Manager()
    THING = "case"
    ACTORS = ("person",)

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta(Fact.Meta):
        app_label = "toy"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "seq"], name="toy_one_event_per_step")
        ]
        triggers: ClassVar = [*Fact.Meta.triggers, *event_guard(flow="case", **_TABLES)]

    def __str__(self) -> str:
        return f"{self.thing_pk}/{self.seq} {self.verb}"


class CaseWords(Words):
    objects: ClassVar[models.Manager[Any]] = models.Manager()
    event = models.OneToOneField(
        CaseEvent, models.PROTECT, primary_key=True, related_name="text"
    )  # fmt: skip

    class Meta:
        app_label = "toy"

    def __str__(self) -> str:
        return str(self.pk)


MODELS: Final[tuple[type[models.Model], ...]] = (Person, Case, CaseEvent, CaseWords)
