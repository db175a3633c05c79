"""An issue of the bulletin: its state, its events, its words as edited, its files as published."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.bulletins.models.figures import Bulletin, Series
from coordination.bulletins.models.letterhead import Language
from projects.flow.guard import event_guard, thing_guard
from projects.flow.models import Event, Thing, Words
from projects.house.blocks import Audience
from projects.record.facts import NEVER_TRUNCATED, Fact
from projects.record.text_fields import ProseField

_TABLES: Final = {
    "thing": "issue", "things": "bulletins_issue", "events": "bulletins_issueevent",
}  # fmt: skip


class Status(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("issue", "draft")
    REVIEWED = "reviewed", pgettext_lazy("issue", "reviewed")
    PUBLISHED = "published", pgettext_lazy("issue", "published")
    DISTRIBUTED = "distributed", pgettext_lazy("issue", "distributed")
    DISCARDED = "discarded", pgettext_lazy("issue", "discarded")


IN_FORCE: Final = frozenset({Status.PUBLISHED, Status.DISTRIBUTED})


class IssueVerb(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("issue", "Draft")
    EDIT = "edit", pgettext_lazy("issue", "Edit the words")
    REVIEW = "review", pgettext_lazy("issue", "Review")
    SEND_BACK = "send_back", pgettext_lazy("issue", "Send back")
    PUBLISH = "publish", pgettext_lazy("issue", "Publish")
    DISTRIBUTE = "distribute", pgettext_lazy("issue", "Distribute")
    SUPERSEDE = "supersede", pgettext_lazy("issue", "Correct by a new edition")
    DISCARD = "discard", pgettext_lazy("issue", "Discard this edition")
    SUPPLEMENT = "supplement", pgettext_lazy("issue", "Add figures counted since")


class Issue(Thing):
    """One edition of the bulletin of a week, or of an extra issue, from draft to the end.

    ``number`` counts the issues of its series in the year, ``total`` the weekly ones of all years,
    both without gaps and from publication on; an edition that replaces another has the same. An
    edition's own number is never used again, also where it was discarded. Unlike an event's time,
    ``day`` is that printed on it.
    """

    FIXED_COLUMNS = frozenset({"bulletin", "series", "edition"})

    bulletin = models.OneToOneField(
        Bulletin, models.PROTECT, related_name="issue", verbose_name=_("bulletin"), editable=False
    )
    series = models.CharField(_("series"), max_length=10, choices=Series, editable=False)
    edition = models.PositiveSmallIntegerField(_("edition"), editable=False)
    year = models.PositiveSmallIntegerField(_("year"), null=True, editable=False)
    number = models.PositiveSmallIntegerField(_("number in the year"), null=True, editable=False)
    total = models.PositiveIntegerField(_("number in all"), null=True, editable=False)
    day = models.DateField(_("day of issue"), null=True, editable=False)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=pgettext_lazy("issue", "editor"),
    )  # fmt: skip
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=pgettext_lazy("issue", "reviewer"),
    )  # fmt: skip
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=pgettext_lazy("issue", "signer"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("issue of the bulletin")
        verbose_name_plural = _("issues of the bulletin")
        ordering: ClassVar = ["-bulletin__cut_off", "-edition"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "year", "number", "edition"],
                name="one_issue_per_number_in_the_year",
            ),
            models.UniqueConstraint(
                fields=["series", "total", "edition"], name="one_issue_per_total_number"
            ),
            models.CheckConstraint(
                name="numbered_when_published",
                condition=models.Q(
                    status__in=sorted(set(Status) - IN_FORCE), year=None, number=None, total=None,
                    day=None, signer=None,
                )
                | models.Q(
                    status__in=sorted(IN_FORCE), year__isnull=False, number__isnull=False,
                    day__isnull=False, signer__isnull=False,
                )
                & (
                    models.Q(series=Series.WEEKLY, total__isnull=False)
                    | models.Q(series=Series.EXTRA, total=None)
                ),
            ),
        ]  # fmt: skip
        triggers: ClassVar = [*thing_guard(**_TABLES), NEVER_TRUNCATED]

    def __str__(self) -> str:
        return str(self.bulletin)

    @property
    def is_extra(self) -> bool:
        """Whether it is an extra issue, and so of no week."""
        return self.series == Series.EXTRA

    @property
    def is_in_force(self) -> bool:
        """Whether it was signed, and so never changes."""
        return self.status in IN_FORCE


class IssueEvent(Event):
    """One verb done on one issue."""

    THING = "issue"
    ACTORS = ("officer",)

    issue = models.ForeignKey(
        Issue, models.PROTECT, verbose_name=_("issue of the bulletin"), related_name="events",
        db_index=False,
    )  # fmt: skip
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("officer"), db_index=False,
    )  # fmt: skip

    class Meta(Fact.Meta):
        verbose_name = _("event of an issue")
        verbose_name_plural = _("events of issues")
        ordering: ClassVar = ["issue", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "seq"], name="one_event_per_step_of_an_issue"),
            models.CheckConstraint(
                condition=models.Q(officer__isnull=False, by_system=False)
                | models.Q(officer__isnull=True, by_system=True),
                name="event_of_an_issue_has_one_actor",
            ),
        ]
        triggers: ClassVar = [*Fact.Meta.triggers, *event_guard(flow="issue", **_TABLES)]

    def __str__(self) -> str:
        return f"{self.issue_id}/{self.seq} {self.verb}"

    @property
    def verb_label(self) -> str:
        """What people call the verb."""
        return str(IssueVerb(self.verb).label)


class IssueText(Words):
    """The reason given with an event of an issue."""

    event = models.OneToOneField(
        IssueEvent, models.PROTECT, primary_key=True, related_name="text",
        verbose_name=_("event of an issue"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("text of an issue's event")
        verbose_name_plural = _("texts of issues' events")

    def __str__(self) -> str:
        return str(self.event_id)


class Wording(Fact):
    """A paragraph as an officer worded it; the newest one holds, empty for the drafted words."""

    event = models.ForeignKey(
        IssueEvent, models.PROTECT, related_name="wordings", verbose_name=_("event of an issue")
    )
    language = models.CharField(_("language"), max_length=10, choices=Language)
    paragraph = models.CharField(_("paragraph"), max_length=80)
    text = ProseField(_("text"), blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "language", "paragraph"], name="one_wording_per_event"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.language} {self.paragraph}"


class Supplement(Fact):
    """A block that was not counted yet when the issue was built, counted for its period since.

    The issue itself stays as it is. ``hash`` is that of the figures, in hexadecimal; the event
    names it.
    """

    event = models.ForeignKey(
        IssueEvent, models.PROTECT, related_name="supplements", verbose_name=_("event of an issue")
    )
    bulletin = models.ForeignKey(
        Bulletin, models.PROTECT, related_name="supplements", verbose_name=_("bulletin")
    )
    block = models.CharField(_("block"), max_length=40)
    schema = models.PositiveSmallIntegerField(_("schema"))
    figures = models.JSONField(_("figures"))
    hash = models.CharField(_("hash"), max_length=64)

    class Meta(Fact.Meta):
        verbose_name = _("supplement of an issue")
        verbose_name_plural = _("supplements of issues")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bulletin", "block"], name="one_supplement_per_block")
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.block}"


class Format(models.TextChoices):
    PAGE = "html", pgettext_lazy("format", "Page")
    PDF = "pdf", "PDF"
    WORD = "docx", "Word"
    WORKBOOK = "xlsx", "Excel"


class Face(Fact):
    """An issue in one format and language for one audience, as it was published.

    ``sha256`` is in hexadecimal, ``content`` the file's bytes.
    """

    issue = models.ForeignKey(
        Issue, models.PROTECT, related_name="faces", verbose_name=_("issue of the bulletin")
    )
    format = models.CharField(_("format"), max_length=4, choices=Format)
    language = models.CharField(_("language"), max_length=10, choices=Language)
    audience = models.CharField(
        _("audience"), max_length=5, choices=[(each.value, each.value) for each in Audience]
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content = models.BinaryField(_("content"))

    class Meta(Fact.Meta):
        verbose_name = _("published file")
        verbose_name_plural = _("published files")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issue", "format", "language", "audience"], name="one_file_per_format"
            )
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}.{self.format} {self.language} {self.audience}"

    @property
    def key(self) -> str:
        """How the event of publication names it."""
        return f"{self.format}/{self.language}/{self.audience}"
