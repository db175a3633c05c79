"""What each verb on a ticket asks for, right: for tests that try many verbs."""

import itertools
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.amendments.flow import AmendmentVerb
from coordination.escalation.flow import EscalationVerb
from coordination.parties.models import Department
from coordination.referrals.flow import ReferralVerb
from coordination.referrals.models import Referral
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from tests.factories.coordination import Desk, filed, vehicle

Inputs = dict[str, Any]

LINKING = {Verb.LINK, Verb.UNLINK, Verb.DUPLICATE}
OF_A_REFERRAL = {ReferralVerb.ANSWER_REFERRAL, ReferralVerb.CHASE, ReferralVerb.RECALL}
# Each has attached something of his own, in this order.
ATTACHING = ("key", "liaison", "deputy", "lead", "duty_desk", "director", "helper")
NEIGHBOUR = "另一起工单"
AMENDED = itertools.count(1)  # so that every amendment changes something


def neighbour(at: Desk) -> Ticket:
    """Another ticket of the desk's project; one for all."""
    found = Ticket.objects.filter(project=at.project, title=NEIGHBOUR).first()
    return found or filed(at, title=NEIGHBOUR)


def inputs_for(verb: str, at: Desk, who: str = "key") -> Inputs:
    """What a verb asks for, right."""
    table: dict[str, Inputs] = {
        Verb.ASK: {"question": "请补充行车路线"},
        Verb.SUPPLEMENT: {"answer": "经连霍高速"},
        Verb.DECLINE: {"reason": "不属于协调范围"},
        Verb.WITHDRAW: {"reason": "已自行解决"},
        Verb.PASS_ON: {"reason": "由另一组负责", "group": at.other_group},
        Verb.RESOLVE: {"result": "已协调放行", "reasons": {1: "改道通行"}},
        Verb.REDO: {"reason": "仍被拦停"},
        Verb.CONFIRM: {"satisfaction": 5},
        Verb.WRITE_OFF: {"follow_up": "回访属实"},
        Verb.SIGN_OFF: {"follow_up": "回访属实"},
        Verb.COUNTERSIGN: {"note": "已核"},
        Verb.REOPEN: {"reason": "再次受阻"},
        Verb.FULFIL: {"line": 1, "quantity": Decimal(1)},
        Verb.COMMENT: {"text": "已联系卡口"},
        Verb.LINK: {},
        Verb.UNLINK: {},
        Verb.DUPLICATE: {"reason": "同一事项"},
        Verb.REVIVE: {"reason": "仍需通行"},
        Verb.REFUSE: {"line": 1, "reason": "已改道"},
        Verb.RECONSIDER: {"line": 1, "reason": "又需通行"},
        Verb.ADD_LINES: {"lines": [vehicle()]},
        Verb.ASSIST: {"officer": at.other_liaison},
        Verb.RELEASE: {"assistant": at.helper},
        Verb.SUPERVISE: {"instruction": "今日18时前协调到位"},
        Verb.REGRADE: {"urgency": "urgent", "reason": "车辆滞留现场"},
        Verb.EXTEND: {"amount": 1, "reason": "外省尚未回函"},
        Verb.DENY: {"reason": "条件已经具备"},
        EscalationVerb.EXPLAIN: {"reason": "外省尚未回函"},
        ReferralVerb.REFER: {"matter": "请协调卡口放行"},
        ReferralVerb.ANSWER_REFERRAL: {"answer": "已通知卡口放行", "verdict": "done"},
        ReferralVerb.CHASE: {},
        ReferralVerb.RECALL: {"reason": "已自行协调"},
        Verb.ATTACH: {"file": SimpleUploadedFile("路线.txt", "经连霍高速".encode())},
        AmendmentVerb.AMEND: {"changes": {"title": f"更正{next(AMENDED)}"}},
        AmendmentVerb.PROPOSE: {"changes": {"title": f"更正{next(AMENDED)}"}, "reason": "填错"},
        AmendmentVerb.REJECT: {"reason": "与现场不符"},
    }  # fmt: skip
    if verb is ReferralVerb.REFER:
        table[verb]["department"] = Department.objects.first()
    if verb in OF_A_REFERRAL:
        table[verb]["referral"] = Referral.objects.order_by("-pk").first()
    if verb is Verb.DETACH:
        number = ATTACHING.index(who) + 1 if who in ATTACHING else 1
        return {"attachment": number, "reason": "附错了"}
    if verb in LINKING:
        table[verb]["number"] = neighbour(at).number
    return table.get(verb, {})
