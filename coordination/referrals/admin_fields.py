"""The fields of referring's forms; whether what is typed will do, the verbs say."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.referrals.queries import may_be_asked, open_referrals, proposed_due
from coordination.tickets.models import Ticket
from projects.record.clock import now
from projects.record.refusals import Invalid


def department_field(ticket: Ticket, label: str) -> forms.Field:
    """Those that may be asked now."""
    return forms.ModelChoiceField(may_be_asked(ticket), label=label, required=False)


def referral_field(ticket: Ticket, label: str) -> forms.Field:
    """Those that wait for an answer."""
    rows = open_referrals(ticket).select_related("department")
    return forms.ModelChoiceField(rows, label=label, required=False)


def due_field(ticket: Ticket) -> forms.Field:
    """With the centre's term proposed, where it can be reckoned."""
    return forms.DateTimeField(
        label=_("Answer due by"), required=False, initial=_proposed(ticket),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: by the centre's term."),
    )  # fmt: skip


def _proposed(ticket: Ticket) -> datetime | None:
    try:
        return timezone.localtime(proposed_due(ticket, now()))
    except Invalid:  # the calendar or the term is not entered: the verb will say so
        return None
