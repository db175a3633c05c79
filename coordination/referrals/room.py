"""Declares referrals to the house, and adds their parts to tickets."""

from celery.schedules import crontab
from django.urls import path
from django.utils.translation import gettext_lazy as _

from coordination.parties.models import Department
from coordination.referrals.admin import urls
from coordination.referrals.admin_fields import department_field, due_field, referral_field
from coordination.referrals.admin_filter import referral_choices, referral_condition
from coordination.referrals.admin_panel import referrals_panel
from coordination.referrals.answer import answer_referral
from coordination.referrals.chase import chase, chase_due
from coordination.referrals.chasing import ChaseKind
from coordination.referrals.ending import recall_open_referrals
from coordination.referrals.erase import erase_answerers
from coordination.referrals.flow import ANSWERERS, LABELS, RULES, ReferralVerb
from coordination.referrals.letters import REFERRED, TO_DEPARTMENTS
from coordination.referrals.models import Chase, Verdict
from coordination.referrals.provisional import settle_referrals
from coordination.referrals.public import answer_page
from coordination.referrals.queries import (
    awaited_of,
    late_of,
    none_open,
    require_no_referral,
)
from coordination.referrals.refer import recall, refer
from coordination.referrals.widgets import WIDGETS
from coordination.tickets import personal
from coordination.tickets.acts import EXPLAINED
from coordination.tickets.flow import FLOW, INPUT_LABELS, Verb
from coordination.tickets.standing import BARS
from coordination.tickets.step import ENDINGS, REQUIREMENTS
from coordination.tickets.telling import TOLD, Telling
from coordination.tickets.verbs.reckon_again import SETTLERS
from coordination.tickets.verbs.registry import VERBS
from coordination.tickets.waiting import ANSWERS
from projects.house.rooms import Eraser, Filter, Panel, Periodic, Room, VerbPages, register
from projects.house.waiting import Waiting
from projects.record.naming import through

FLOW.add(*RULES, before=Verb.COMMENT)
INPUT_LABELS.update(LABELS)
VERBS.update({
    ReferralVerb.REFER: refer, ReferralVerb.ANSWER_REFERRAL: answer_referral,
    ReferralVerb.CHASE: chase, ReferralVerb.RECALL: recall,
})  # fmt: skip
for _verb in (ReferralVerb.ANSWER_REFERRAL, ReferralVerb.CHASE, ReferralVerb.RECALL):
    BARS[_verb] = none_open
EXPLAINED.add(ReferralVerb.REFER)
SETTLERS.append(settle_referrals)
REQUIREMENTS[Verb.RESOLVE].append(require_no_referral)
ENDINGS.append(recall_open_referrals)
ANSWERS.add(ReferralVerb.ANSWER_REFERRAL)
TOLD[ReferralVerb.ANSWER_REFERRAL] = Telling(
    REFERRED, _("Ticket %(number)s: a department has answered")
)
personal.GROUPS[ANSWERERS] = _("who answered for a department")

ROOM = register(
    Room(
        label="referrals",
        names={"referrals.chase": through(Chase, "referral.ticket")},
        widgets=WIDGETS,
        topics=(TO_DEPARTMENTS, REFERRED),
        panels=(
            Panel(
                "tickets.ticket", 10, "referrals", "referrals/ticket/referrals.html",
                referrals_panel, "side",
            ),
        ),
        timetable=(
            Periodic(
                "chase-departments", "coordination.referrals.tasks.chase_departments",
                crontab(minute="*/15"), expires=840, duty=chase_due, order=40,
            ),
        ),
        urls=(path("referral/<str:token>/", answer_page, name="referral"), *urls()),
        erasers=(Eraser("referrals", 60, erase_answerers),),
        queue_filters=(
            Filter("referral", _("referral"), referral_choices, referral_condition, order=150),
        ),
        waits=(
            Waiting(
                "referral-late", _("Departments that are late"), 90, late_of,
                lambda _ticket: ReferralVerb.CHASE,
            ),
            Waiting(
                "referral", _("Awaiting a department"), 515, awaited_of, is_for_others=True
            ),
        ),
        verb_pages=VerbPages(
            fields={
                "department": lambda ticket, _lines: department_field(
                    ticket, str(LABELS["department"])
                ),
                "referral": lambda ticket, _lines: referral_field(ticket, str(LABELS["referral"])),
            },
            extra_fields={ReferralVerb.REFER: lambda ticket, _lines: {"due": due_field(ticket)}},
            in_rows=frozenset({ReferralVerb.CHASE.value, ReferralVerb.RECALL.value}),
            words={
                ReferralVerb.ANSWER_REFERRAL: lambda values: str(Verdict(values["verdict"]).label),
                ReferralVerb.CHASE: lambda values: str(ChaseKind(values["step"]).label),
            },
            named={"department": Department},
            shown_as_by_named=frozenset({ReferralVerb.ANSWER_REFERRAL.value}),
        ),
    )
)  # fmt: skip
