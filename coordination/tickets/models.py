"""A ticket, and the events that are the only way it changes."""

from typing import ClassVar, Final

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import ServiceGroup
from coordination.tickets.clocks.models import Clocked
from coordination.tickets.flow import Status, Verb, transitions
from coordination.tickets.kinds.registry import kind_choices
from coordination.tickets.urgency import Urgency
from projects.access.models import ApiKey
from projects.record.facts import NEVER_TRUNCATED, Fact
from projects.record.sealed_fields import SealedCharField, SealedJSONField
from projects.register.identifiers import validate_mobile
from projects.register.models import Enterprise, Project

# At commit a ticket's status is what its last event says: no status moves without its event.
_STATUS_HAS_ITS_EVENT = """
    SELECT ticket.status, (
            SELECT event.to_status FROM coordination_ticketevent AS event
            WHERE event.ticket_id = ticket.id ORDER BY event.seq DESC LIMIT 1
        ) INTO current_status, last_status
        FROM coordination_ticket AS ticket WHERE ticket.id = {ticket_id};
    IF current_status IS DISTINCT FROM last_status THEN
        RAISE EXCEPTION 'ticket %: status % is not what its last event says (%)',
            {ticket_id}, current_status, last_status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
"""

# A ticket has one first event, by a step that the flow table has: nothing is looked up for it.
_FIRST = """
    NEW.seq = 1 AND NEW.previous_hash = '' AND NEW.from_status = ''
    AND (NEW.verb, NEW.to_status) IN ({steps})
""".format(
    steps=", ".join(
        f"('{verb}', '{target}')" for verb, source, target in transitions() if not source
    )
)

# Any other continues its ticket's chain, by such a step.
_EVENT_CONTINUES = """
    SELECT * INTO previous FROM coordination_ticketevent
        WHERE ticket_id = NEW.ticket_id ORDER BY seq DESC LIMIT 1;
    IF NEW.seq <> COALESCE(previous.seq, 0) + 1
        OR NEW.previous_hash <> COALESCE(previous.hash, '')
        OR NEW.from_status <> COALESCE(previous.to_status, '')
    THEN
        RAISE EXCEPTION 'event % of ticket % does not continue its chain', NEW.seq, NEW.ticket_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.verb, NEW.from_status, NEW.to_status) NOT IN ({steps}) THEN
        RAISE EXCEPTION 'the flow has no step % from % to %',
            NEW.verb, NEW.from_status, NEW.to_status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
""".format(  # noqa: S608 - values of our own table, no input
    steps=", ".join(f"('{verb}', '{source}', '{target}')" for verb, source, target in transitions())
)

# What an enterprise may see awaits its place in the feed from the moment that it is recorded.
# A look-up for each, and no join: whatever a plan was made for, it goes by the ticket's key.
_AWAITS_ITS_PLACE = """
    INSERT INTO coordination_feedpending (event_id, enterprise_id)
        SELECT added.id, (SELECT ticket.enterprise_id FROM coordination_ticket AS ticket
                          WHERE ticket.id = added.ticket_id)
        FROM added WHERE NOT added.is_internal;
    RETURN NULL;
"""


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


def _status_check(
    name: str,
    ticket_id: str,
    operation: pgtrigger.Operation,
    condition: pgtrigger.Condition | None = None,
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        operation=operation,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        condition=condition,
        declare=[("last_status", "TEXT"), ("current_status", "TEXT")],
        func=_STATUS_HAS_ITS_EVENT.format(ticket_id=ticket_id),
    )


class Ticket(Clocked):
    """A request of an enterprise for one project. Changed by verbs only.

    Title, detail and contact may be erased after closing (PIPL art. 47); the events keep only
    a salted digest of them.
    """

    # What is said in filing it: no verb moves any of it, though a purge may erase its words.
    SAID_ONCE: ClassVar = frozenset({
        "number", "kind", "project", "enterprise", "title", "detail", "contact_name",
        "contact_mobile", "needed_by", "filed_at",
    })  # fmt: skip

    # Every filing pays for every index: whatever one of those below begins with has none of its
    # own, nor has by whom nobody looks for tickets.
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=kind_choices)
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
    title = models.CharField(_("title"), max_length=60)
    detail = models.TextField(_("detail"), max_length=2000, blank=True)
    contact_name = SealedCharField(_("contact"), max_length=40)
    contact_mobile = SealedCharField(
        _("contact's mobile"), max_length=11, validators=[validate_mobile]
    )
    needed_by = models.DateTimeField(_("needed by"), null=True, blank=True)
    filed_at = models.DateTimeField(_("filed at"), editable=False)
    changed_at = models.DateTimeField(_("last changed at"), editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
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
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

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
                condition=models.Q(status=Status.RESOLVED, signed_off_by__isnull=False),
                name="ticket_countersignature",
            ),
            *Clocked.INDEXES,
        ]
        constraints: ClassVar = [
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
        triggers: ClassVar = [
            _status_check(
                "status_has_its_event",
                "NEW.id",
                pgtrigger.Insert | pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]  # pgtrigger has no types there
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            NEVER_TRUNCATED,
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def awaits_countersignature(self) -> bool:
        """Signed for once, and waiting for the centre's second signature."""
        return self.status == Status.RESOLVED and self.signed_off_by_id is not None


class TicketEvent(Fact):
    """One verb done on one ticket: the only record of how it came to its status.

    Each event carries the hash of the one before. Words are not in here (see EventText), only
    their salted digest, so erasing them breaks no chain.
    """

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, verbose_name=_("ticket"), related_name="events", db_index=False
    )
    seq = models.PositiveIntegerField(_("sequence"))
    verb = models.CharField(_("verb"), max_length=20, choices=Verb)
    from_status = models.CharField(_("from"), max_length=12, blank=True)
    to_status = models.CharField(_("to"), max_length=12)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("officer"), db_index=False,
    )  # fmt: skip
    api_key = models.ForeignKey(
        ApiKey, models.PROTECT, null=True, related_name="+", verbose_name=_("API key"),
        db_index=False,
    )  # fmt: skip
    by_system = models.BooleanField(_("by the system"), default=False)
    recorded_at = models.DateTimeField(_("recorded at"))
    is_internal = models.BooleanField(_("internal"), default=False)
    payload = models.JSONField(_("payload"), default=dict)
    text_digest = models.CharField(_("salted digest of the text"), max_length=64, blank=True)
    previous_hash = models.CharField(_("previous hash"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)

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
            pgtrigger.Trigger(
                name="continues_its_chain",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(f"(({_FIRST}) IS NOT TRUE)"),
                declare=[("previous", "coordination_ticketevent%ROWTYPE")],
                func=_EVENT_CONTINUES,
            ),
            # The first event comes with its ticket, which is looked at for itself.
            _status_check(
                "status_follows", "NEW.ticket_id", pgtrigger.Insert, pgtrigger.Q(new__seq__gt=1)
            ),
            pgtrigger.Trigger(
                name="awaits_its_place",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]  # pgtrigger has no types there
                func=_AWAITS_ITS_PLACE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.seq} {self.verb}"


class EventText(models.Model):
    """What was said with an event, in words that can be erased; the salt goes with them."""

    event = models.OneToOneField(
        TicketEvent, models.PROTECT, primary_key=True, related_name="text",
        verbose_name=_("ticket event"),
    )  # fmt: skip
    salt = models.CharField(max_length=32, editable=False)
    body = SealedJSONField(_("text"))

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
    kind = models.CharField(_("kind"), max_length=20, choices=kind_choices)
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


class EventAnchor(Fact):
    """The day's events under one hash, chained to the day before: a sealed copy of the heads."""

    day = models.DateField(_("day"), unique=True)
    event_count = models.PositiveIntegerField(_("events"))
    previous_hash = models.CharField(_("previous hash"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("daily anchor")
        verbose_name_plural = _("daily anchors")
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return str(self.day)
