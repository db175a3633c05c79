"""The outbox: deliveries, their destinations and their attempts; and the officers' notices."""

import uuid
from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.delivery.models.webhook import WebhookEndpoint
from coordination.delivery.topics import label_of
from coordination.groups.models import ServiceGroup
from projects.record.sealed_fields import SealedJSONField
from projects.record.text_fields import LineField

WEBHOOK: Final = "webhook"  # the channel of deliveries to an enterprise's software


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    WECOM = "wecom", _("WeCom group robot")
    DINGTALK = "dingtalk", _("DingTalk group robot")
    FEISHU = "feishu", _("Feishu group robot")


class State(models.TextChoices):
    PENDING = "pending", _("To be delivered")
    DELIVERED = "delivered", _("Delivered")
    DEAD = "dead", _("Given up")
    MERGED = "merged", _("To be delivered in a digest")


class Destination(models.Model):
    """A channel on which an officer or a service group is notified of some topics.

    Or the address of an external recipient, who has no account here: ``outside`` is the name by
    which a room above knows him. He only receives mail addressed to him, no notifications.

    ``shown`` is all that a page may show of the address; the address itself, and a robot's
    signing secret, are encrypted in ``sealed`` and decrypted only for sending.
    """

    name = LineField(_("name"), max_length=60)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("officer"),
        related_name="destinations",
    )  # fmt: skip
    group = models.ForeignKey(
        ServiceGroup, models.PROTECT, null=True, verbose_name=_("service group"),
        related_name="destinations",
    )  # fmt: skip
    outside = models.CharField(max_length=40, blank=True, editable=False)
    shown = models.CharField(_("address"), max_length=254)
    sealed = models.TextField(editable=False)
    topics = ArrayField(
        models.CharField(max_length=40), verbose_name=_("topics"), default=list, blank=True
    )
    at_any_hour = models.BooleanField(_("at any hour"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    closed_because = models.CharField(_("not in use because"), max_length=200, blank=True)
    created_at = models.DateTimeField(pgettext_lazy("channel", "added at"))

    class Meta:
        verbose_name = _("notice channel")
        verbose_name_plural = _("notice channels")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(officer__isnull=False, group__isnull=True, outside="")
                | Q(officer__isnull=True, group__isnull=False, outside="")
                | (Q(officer__isnull=True, group__isnull=True) & ~Q(outside="")),
                name="destination_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["outside", "channel", "shown"], condition=~Q(outside=""),
                name="outsider_has_an_address_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} · {self.get_channel_display()}"

    @property
    def lane(self) -> str:
        """Deliveries of one lane share a concurrency limit: all e-mail, or one address."""
        return Channel.EMAIL if self.channel == Channel.EMAIL else f"to:{self.pk}"


class Delivery(models.Model):
    """One message to one destination, or to one endpoint of an enterprise: the outbox.

    Written in the transaction of the change.

    A relay claims it for the length of a lease (``claim``, and ``due_at`` moved to the lease's
    end), sends it, and records the result. ``message_id`` stays the same however often it is
    sent. Deliveries of one order key to one receiver are sent in the order of their ids, so the
    writer must hold a lock on what the key names.

    Outside service hours it waits, unless it may leave ``at_any_hour``. When they begin, many
    messages to one destination become one: each is ``merged``, and ``carried_by`` a digest, which
    has no content of its own. Once the digest is delivered or given up, so are they.

    ``sealed_link`` is an encrypted single-use link, erased once it has been sent; None if the
    message has none.

    Messages to officers contain no names and are stored in ``payload``. A message to an
    enterprise contains its own text: it is encrypted in ``body``, which is erased later;
    ``subject`` identifies what the message is about, so that it is written only once; of messages
    to officers it finds all of one thing. ``files`` names what a mail encloses, with its hash: the
    bytes are read where they are kept (``enclosures.py``).
    """

    message_id = models.UUIDField(_("message"), default=uuid.uuid4, unique=True, editable=False)
    destination = models.ForeignKey(
        Destination, models.PROTECT, null=True, verbose_name=_("notice channel"),
        related_name="deliveries",
    )  # fmt: skip
    endpoint = models.ForeignKey(
        WebhookEndpoint, models.PROTECT, null=True, db_index=False, related_name="deliveries",
        verbose_name=_("webhook of an enterprise"),
    )  # fmt: skip
    lane = models.CharField(max_length=40, editable=False)
    order_key = models.CharField(_("order"), max_length=60, blank=True)
    topic = models.CharField(_("topic"), max_length=40)
    subject = models.CharField(max_length=60, blank=True, editable=False)
    payload = models.JSONField(_("content"))
    files = models.JSONField(_("enclosed files"), default=list, editable=False)
    sealed_link = models.TextField(null=True, editable=False)
    body = SealedJSONField(_("content"), null=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    created_at = models.DateTimeField(_("written at"))
    due_at = models.DateTimeField(_("due at"))
    settled_at = models.DateTimeField(_("done with at"), null=True)
    claim = models.UUIDField(null=True, editable=False)
    at_any_hour = models.BooleanField(_("at any hour"), default=False, editable=False)
    carried_by = models.ForeignKey(
        "self", models.PROTECT, null=True, verbose_name=_("digest"), related_name="carried",
        editable=False,
    )  # fmt: skip

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["lane", "due_at", "id"], name="delivery_due", condition=Q(state="pending")
            ),
            models.Index(
                fields=["lane", "order_key", "id"], name="delivery_in_order",
                condition=Q(state="pending"),
            ),
            models.Index(fields=["state", "-id"], name="delivery_state"),
            models.Index(
                fields=["subject"], name="delivery_subject",
                condition=Q(destination__isnull=False) & ~Q(subject=""),
            ),
            models.Index(
                fields=["destination", "id"], name="delivery_waiting",
                condition=Q(state="pending", at_any_hour=False, tries=0),
            ),
            models.Index(
                fields=["destination", "order_key"], name="delivery_merged",
                condition=Q(state="merged"),
            ),
            models.Index(
                fields=["order_key"], name="delivery_link_kept", condition=Q(sealed_link__gt="")
            ),
            models.Index(
                fields=["endpoint", "-id"], name="delivery_endpoint",
                condition=Q(endpoint__isnull=False),
            ),
            models.Index(
                fields=["endpoint", "created_at"], name="delivery_span",
                condition=Q(endpoint__isnull=False),
            ),
            models.Index(
                fields=["order_key"], name="delivery_said", condition=Q(body__isnull=False)
            ),
            models.Index(
                fields=["created_at"], name="delivery_kept", condition=Q(body__isnull=False)
            ),
        ]  # fmt: skip
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(destination__isnull=False, endpoint__isnull=True)
                | Q(destination__isnull=True, endpoint__isnull=False),
                name="delivery_has_one_receiver",
            ),
            models.UniqueConstraint(
                fields=["endpoint", "subject"], name="webhook_says_it_once",
                condition=Q(endpoint__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{label_of(self.topic)} · {self.message_id}"


class Attempt(models.Model):
    """One attempt to send a delivery, and its result."""

    delivery = models.ForeignKey(
        Delivery, models.PROTECT, verbose_name=_("delivery"), related_name="attempts"
    )
    started_at = models.DateTimeField(_("sent at"))
    duration = models.DurationField(_("took"))
    is_success = models.BooleanField(_("arrived"))
    status = models.PositiveSmallIntegerField(_("reply's status"), null=True)
    detail = models.CharField(_("reply"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.started_at:%Y-%m-%d %H:%M:%S}"


class Notice(models.Model):
    """A message to an officer within the desk: delivered by being written."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"), related_name="notices"
    )
    topic = models.CharField(_("topic"), max_length=40)
    title = models.CharField(_("title"), max_length=120)
    text = models.CharField(_("text"), max_length=500)
    link = models.CharField(_("link"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("told at"))
    read_at = models.DateTimeField(_("read at"), null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["officer", "-id"], name="notice_officer"),
            models.Index(
                fields=["officer"], name="notice_unread", condition=Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.title
