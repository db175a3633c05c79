"""Declares amendments to the house, and adds their verbs to tickets."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.amendments.amend import (
    adopt_amendment,
    amend,
    propose_amendment,
    reject_amendment,
    retell,
    withdraw_proposal,
)
from coordination.amendments.flow import RULES, AmendmentVerb
from coordination.amendments.queries import (
    amend_barred,
    decision_barred,
    names_amended,
    propose_barred,
    require_no_proposal,
)
from coordination.tickets import personal
from coordination.tickets.filed import WRITERS
from coordination.tickets.flow import FLOW, Verb
from coordination.tickets.retell import ALSO
from coordination.tickets.standing import BARS
from coordination.tickets.step import ENDINGS, REQUIREMENTS
from coordination.tickets.telling import MOVED, TOLD, Telling
from coordination.tickets.verbs.registry import VERBS
from projects.house.rooms import Room, VerbPages, register
from projects.house.waiting import Waiting

FLOW.add(*RULES, before=Verb.RESOLVE)
VERBS.update({
    AmendmentVerb.AMEND: amend, AmendmentVerb.PROPOSE: propose_amendment,
    AmendmentVerb.ADOPT: adopt_amendment, AmendmentVerb.REJECT: reject_amendment,
})  # fmt: skip
BARS[AmendmentVerb.AMEND] = amend_barred
BARS[AmendmentVerb.PROPOSE] = propose_barred
BARS[AmendmentVerb.ADOPT] = BARS[AmendmentVerb.REJECT] = decision_barred
REQUIREMENTS[Verb.RESOLVE].append(require_no_proposal)
ENDINGS.append(withdraw_proposal)
ALSO.append(retell)
WRITERS.update({AmendmentVerb.AMEND.value, AmendmentVerb.ADOPT.value})
TOLD[AmendmentVerb.AMEND] = Telling(MOVED, _("Ticket %(number)s was amended"))
TOLD[AmendmentVerb.PROPOSE] = Telling(MOVED, _("Ticket %(number)s: an amendment is proposed"))
personal.EARLIER_NAMES.append(names_amended)

ROOM = register(
    Room(
        label="amendments",
        waits=(
            Waiting(
                "amendment",
                _("Amendments to answer"),
                35,
                lambda view: view.mine(Q(amendment_proposed=True)),
            ),
        ),
        error_codes={
            "amendment-open": _("A proposed amendment waits for an answer first."),
            "accepted": _("The ticket was accepted: an amendment has to be proposed."),
            "not-accepted": _("The ticket is not accepted yet: it is amended without a proposal."),
        },
        verb_pages=VerbPages(in_rows=frozenset({"adopt_amendment", "reject_amendment"})),
    )
)
