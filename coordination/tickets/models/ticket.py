"""A ticket, and the events that are the only way it changes."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import ServiceGroup
from coordination.tickets.flow import FLOW, Status
from coordination.tickets.kinds.registry import kind_choices
from coordination.tickets.models.clock import Clocked
from coordination.tickets.numbers import NumberField
from coordination.tickets.urgency import Urgency
from projects.access.models import ApiKey
from projects.flow.guard import event_guard, thing_guard
from projects.flow.models import Event, Thing, Words
from projects.record.days import UntilField
from projects.record.facts import NEVER_TRUNCATED, Fact
from projects.record.open_choices import OpenChoiceField
from projects.record.text_fields import LineField, ProseField, SealedLineField
from projects.register.identifiers import LONGEST_PHONE, SealedPhoneField, validate_phone
from projects.register.models import Enterprise, Project

_TABLES: Final = {"thing": "ticket", "things": "tickets_ticket", "events": "tickets_ticketevent"}

# An enterprise's lists: as they were filed, of one state, with a clock, and as they changed.
INDEXES_OF_AN_ENTERPRISE: Final = (
    models.Index(fields=["enterprise", "-filed_at", "-id"], name="ticket_enterprise_filed"),
    models.Index(
        fields=["enterprise", "status", "-filed_at", "-id"], name="ticket_enterprise_state"
    ),
    models.Index(
        fields=["enterprise", "-filed_at", "-id"], name="ticket_enterprise_clock",
        condition=models.Q(clock_due__isnull=False),
    ),
    models.Index(fields=["enterprise", "changed_at", "id"], name="ticket_enterprise_changed"),
)  # fmt: skip


class Ticket(Thing, Clocked):
    """A request of an enterprise for one project. Changed by verbs only.

    Title, detail and contact may be erased after closing (PIPL art. 47); the events keep only
    a salted digest of them.
    """

    # What is said in filing it: amending alone changes the words and the contact, and a purge.
    FIXED_COLUMNS: ClassVar = frozenset({
        "number", "kind", "project", "enterprise", "title", "detail", "contact_name",
        "contact_mobile", "needed_by", "external_id", "filed_at",
    })  # fmt: skip

    # Every filing pays for every index: whatever one of those below begins with has none of its
    # own, nor has by whom nobody looks for tickets.
    number = NumberField(_("number"), max_length=20, unique=True, editable=False)
    kind = OpenChoiceField(_("kind"), max_length=20, choices=kind_choices)
    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name=_("project"), related_name="tickets", db_index=False
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), related_name="tickets",
        db_index=False,
    )  # fmt: skip
    group = models.ForeignKey(
        ServiceGroup, models.PROTECT, null=True, verbose_name=_("service group"),
        related_name="tickets", db_index=False,
    )  # fmt: skip
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("handler"),
        related_name="tickets", db_index=False,
    )  # fmt: skip
    status = models.CharField(_("status"), max_length=12, choices=Status, editable=False)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    title = LineField(_("title"), max_length=60)
    detail = ProseField(_("detail"), max_length=2000, blank=True)
    contact_name = SealedLineField(_("contact"), max_length=40)
    contact_mobile = SealedPhoneField(
        _("contact's phone"), max_length=LONGEST_PHONE, validators=[validate_phone]
    )
    needed_by = UntilField(_("needed by"), null=True, blank=True)
    external_id = models.CharField(
        _("the enterprise's reference"), max_length=64, blank=True,
        help_text=_("Of the enterprise's own system; each is used once."),
    )  # fmt: skip
    filed_at = models.DateTimeField(_("filed at"), editable=False)
    asked_from = models.CharField(max_length=12, blank=True, editable=False)
    asked_count = models.PositiveSmallIntegerField(default=0, editable=False)
    pass_count = models.PositiveSmallIntegerField(default=0, editable=False)
    redo_count = models.PositiveSmallIntegerField(default=0, editable=False)
    urge_count = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    supervise_count = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    urged_at = models.DateTimeField(_("last urged at"), null=True, editable=False)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("resolved by"), db_index=False,
    )  # fmt: skip
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("first signature"), db_index=False,
    )  # fmt: skip
    signed_off_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    amendment_proposed = models.BooleanField(default=False, db_default=False, editable=False)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, editable=False)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            *INDEXES_OF_AN_ENTERPRISE,
            models.Index(fields=["group", "status", "-id"], name="ticket_group_status"),
            models.Index(fields=["handler", "status", "-id"], name="ticket_handler_status"),
            models.Index(fields=["project", "status", "-id"], name="ticket_project_status"),
            models.Index(
                fields=["id"],
                condition=models.Q(status=Status.RESOLVED),
                name="ticket_resolved",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(supervise_count__gt=0),
                name="ticket_supervised",
            ),
            *Clocked.INDEXES,
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enterprise", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_ticket_per_reference",
            ),
            models.CheckConstraint(
                condition=models.Q(satisfaction__isnull=True)
                | models.Q(satisfaction__range=(1, 5)),
                name="satisfaction_1_to_5",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_off_by__isnull=True, signed_off_at__isnull=True)
                | models.Q(
                    signed_off_by__isnull=False,
                    signed_off_at__isnull=False,
                    status__in=[Status.RESOLVED, Status.CLOSED],
                ),
                name="signature_of_what_is_resolved",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_off_by__isnull=True)
                | ~models.Q(signed_off_by=models.F("resolved_by")),
                name="signed_by_another_than_resolved",
            ),
            *Clocked.CONSTRAINTS,
        ]
        triggers: ClassVar = [*thing_guard(**_TABLES), NEVER_TRUNCATED]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def back_to(self) -> str:
        """The state in which the question was asked that it waits for."""
        return self.asked_from

    @property
    def awaits_countersignature(self) -> bool:
        """Signed for once, and waiting for the centre's second signature."""
        return self.status == Status.RESOLVED and self.signed_off_by_id is not None


class TicketEvent(Event):
    """One verb done on one ticket: the only record of how it came to its status."""

    THING = "ticket"
    ACTORS = ("officer", "api_key")

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, verbose_name=_("ticket"), related_name="events", db_index=False
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("officer"), db_index=False,
    )  # fmt: skip
    api_key = models.ForeignKey(
        ApiKey, models.PROTECT, null=True, related_name="+", verbose_name=_("API key"),
        db_index=False,
    )  # fmt: skip

    class Meta(Fact.Meta):
        verbose_name = _("ticket event")
        verbose_name_plural = _("ticket events")
        ordering: ClassVar = ["ticket", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "seq"], name="one_event_per_step"),
            models.CheckConstraint(
                condition=models.Q(officer__isnull=False, api_key__isnull=True, by_system=False)
                | models.Q(officer__isnull=True, api_key__isnull=False, by_system=False)
                | models.Q(officer__isnull=True, api_key__isnull=True, by_system=True),
                name="event_has_one_actor",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recorded_at", "id"], name="event_recorded"),
        ]
        triggers: ClassVar = [
            *Fact.Meta.triggers,
            *event_guard(flow="ticket", **_TABLES),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.seq} {self.verb}"

    @property
    def verb_label(self) -> str:
        """What people call the verb."""
        return FLOW.label_of(self.verb)


class EventText(Words):
    """What was said with a ticket's event, in words that can be erased."""

    event = models.OneToOneField(
        TicketEvent, models.PROTECT, primary_key=True, related_name="text",
        verbose_name=_("ticket event"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("event's text")
        verbose_name_plural = _("events' texts")

    def __str__(self) -> str:
        return str(self.event_id)


class Fulfilment(Fact):
    """So much of one line was met at one moment; a correction is a row with a minus."""

    event = models.OneToOneField(
        TicketEvent, models.PROTECT, primary_key=True, related_name="fulfilment",
        verbose_name=_("ticket event"),
    )  # fmt: skip
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, verbose_name=_("ticket"), related_name="fulfilments"
    )
    kind = OpenChoiceField(_("kind"), max_length=20, choices=kind_choices)
    line = models.PositiveSmallIntegerField(_("line"))
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("fulfilment")
        verbose_name_plural = _("fulfilments")
        indexes: ClassVar = [
            models.Index(
                fields=["kind", "recorded_at"], include=["quantity"], name="fulfilment_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.line} {self.quantity}"
