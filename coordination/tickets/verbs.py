"""Every verb by its name, for the edges that offer them as buttons or addresses."""

from collections.abc import Callable
from typing import Any, Final

from coordination.tickets.answer import confirm, redo, supplement, withdraw
from coordination.tickets.assistance.assist import assist, release
from coordination.tickets.attachments.attach import attach, detach
from coordination.tickets.chain import Actor
from coordination.tickets.clocks.extend import deny, extend, grant
from coordination.tickets.clocks.lapse import lapse
from coordination.tickets.clocks.regrade import regrade
from coordination.tickets.closing import countersign, reopen, sign_off, write_off
from coordination.tickets.converse import comment
from coordination.tickets.escalation.escalate import escalate
from coordination.tickets.escalation.explain import explain
from coordination.tickets.flow import Verb
from coordination.tickets.handle import accept, ask, decline, pass_on, resolve
from coordination.tickets.lines.add import add_lines
from coordination.tickets.lines.settle import fulfil, reconsider, refuse
from coordination.tickets.links.link import link, mark_duplicate, unlink
from coordination.tickets.models import Ticket
from coordination.tickets.referrals.answer import answer_referral
from coordination.tickets.referrals.chase import chase
from coordination.tickets.referrals.refer import recall, refer
from coordination.tickets.urging import supervise, urge

VERBS: Final[dict[Verb, Callable[..., Ticket]]] = {
    Verb.ACCEPT: accept,
    Verb.ASK: ask,
    Verb.SUPPLEMENT: supplement,
    Verb.DECLINE: decline,
    Verb.WITHDRAW: withdraw,
    Verb.PASS_ON: pass_on,
    Verb.RESOLVE: resolve,
    Verb.REDO: redo,
    Verb.CONFIRM: confirm,
    Verb.WRITE_OFF: write_off,
    Verb.SIGN_OFF: sign_off,
    Verb.COUNTERSIGN: countersign,
    Verb.REOPEN: reopen,
    Verb.FULFIL: fulfil,
    Verb.REFUSE: refuse,
    Verb.RECONSIDER: reconsider,
    Verb.ADD_LINES: add_lines,
    Verb.LINK: link,
    Verb.UNLINK: unlink,
    Verb.DUPLICATE: mark_duplicate,
    Verb.COMMENT: comment,
    Verb.ATTACH: attach,
    Verb.DETACH: detach,
    Verb.ASSIST: assist,
    Verb.RELEASE: release,
    Verb.URGE: urge,
    Verb.SUPERVISE: supervise,
    Verb.REGRADE: regrade,
    Verb.EXTEND: extend,
    Verb.GRANT: grant,
    Verb.DENY: deny,
    Verb.LAPSE: lapse,
    Verb.ESCALATE: escalate,
    Verb.EXPLAIN: explain,
    Verb.REFER: refer,
    Verb.ANSWER_REFERRAL: answer_referral,
    Verb.CHASE: chase,
    Verb.RECALL: recall,
}


def perform(
    verb: Verb, *, ticket: Ticket, version: int | None = None, by: Actor, **inputs: Any
) -> Ticket:
    """Do one verb with its inputs; raises what the verb raises."""
    return VERBS[verb](ticket=ticket, version=version, by=by, **inputs)
