"""The index of the rooms' models, for Django to find."""

from coordination.bulletins.models import Bulletin, ServicePeriod
from coordination.delivery.models import Attempt, Delivery, Destination, Notice
from coordination.delivery.webhooks.models import WebhookEndpoint
from coordination.groups.models import Assignment, Leave, Membership, Officer, ServiceGroup
from coordination.tickets.assistance.models import Assistance
from coordination.tickets.attachments.models import Attachment, AttachmentPart
from coordination.tickets.clocks.models import (
    CalendarOverride,
    CalendarYear,
    ServiceHours,
    Term,
)
from coordination.tickets.escalation.models import Escalation
from coordination.tickets.export.models import ExportJob, ExportPart
from coordination.tickets.feed.models import FeedEntry, FeedPending
from coordination.tickets.kinds.registry import KINDS  # each names the table of its lines
from coordination.tickets.lines.models import LineRefusal
from coordination.tickets.links.models import TicketLink
from coordination.tickets.models import EventAnchor, EventText, Fulfilment, Ticket, TicketEvent
from coordination.tickets.privacy.models import LegalHold, Purge, Reveal
from coordination.tickets.queue.models import SavedView, TicketSeen
from coordination.tickets.referrals.models import Chase, Department, Referral, ReferralLink
from coordination.tickets.search.models import TicketSearch

__all__ = [
    "KINDS",
    "Assignment",
    "Assistance",
    "Attachment",
    "AttachmentPart",
    "Attempt",
    "Bulletin",
    "CalendarOverride",
    "CalendarYear",
    "Chase",
    "Delivery",
    "Department",
    "Destination",
    "Escalation",
    "EventAnchor",
    "EventText",
    "ExportJob",
    "ExportPart",
    "FeedEntry",
    "FeedPending",
    "Fulfilment",
    "Leave",
    "LegalHold",
    "LineRefusal",
    "Membership",
    "Notice",
    "Officer",
    "Purge",
    "Referral",
    "ReferralLink",
    "Reveal",
    "SavedView",
    "ServiceGroup",
    "ServiceHours",
    "ServicePeriod",
    "Term",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "TicketSearch",
    "TicketSeen",
    "WebhookEndpoint",
]
