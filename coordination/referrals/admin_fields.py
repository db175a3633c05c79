"""The form fields of the referral verbs; the verbs check their values."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.referrals.queries import departments_to_ask, open_referrals, proposed_due
from coordination.tickets.models import Ticket
from projects.record.clock import now
from projects.record.days import DayTimeInput, UntilFormField
from projects.record.refusals import Invalid


def department_field(ticket: Ticket, label: str) -> forms.Field:
    return forms.ModelChoiceField(departments_to_ask(ticket), label=label, required=False)


def referral_field(ticket: Ticket, label: str) -> forms.Field:
    rows = open_referrals(ticket).select_related("department")
    return forms.ModelChoiceField(rows, label=label, required=False)


def due_field(ticket: Ticket) -> forms.Field:
    """The due time, with that of the centre's term as the initial value."""
    return UntilFormField(
        label=_("Answer due by"), required=False, initial=_proposed(ticket), widget=DayTimeInput(),
        help_text=_("Empty: by the centre's term."),
    )  # fmt: skip


def _proposed(ticket: Ticket) -> datetime | None:
    try:
        _span, deadline = proposed_due(ticket, now())
        return timezone.localtime(deadline.due)
    except Invalid:  # the term is not entered, which the verb will report
        return None
