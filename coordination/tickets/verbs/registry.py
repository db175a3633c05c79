"""Every verb by its name, for the edges that offer them as buttons or addresses."""

from collections.abc import Callable
from typing import Any, Final

from coordination.tickets.attachments.attach import attach, detach
from coordination.tickets.chain import Actor
from coordination.tickets.flow import Verb
from coordination.tickets.lines.add import add_lines
from coordination.tickets.lines.settle import fulfil, reconsider, refuse
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.answer import confirm, redo, supplement, withdraw
from coordination.tickets.verbs.assist import assist, release
from coordination.tickets.verbs.closing import countersign, reopen, sign_off, write_off
from coordination.tickets.verbs.converse import comment
from coordination.tickets.verbs.duplicates import revive
from coordination.tickets.verbs.extend import deny, extend, grant
from coordination.tickets.verbs.handle import accept, ask, decline, pass_on, resolve
from coordination.tickets.verbs.lapse import lapse
from coordination.tickets.verbs.link import link, mark_duplicate, unlink
from coordination.tickets.verbs.reckon_again import reckon_again
from coordination.tickets.verbs.regrade import regrade
from coordination.tickets.verbs.urging import supervise, urge

# A room above adds its own.
VERBS: Final[dict[str, Callable[..., Ticket]]] = {
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
    Verb.REVIVE: revive,
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
    Verb.RECKON_AGAIN: reckon_again,
}


def perform(
    verb: str, *, ticket: Ticket, version: int | None = None, by: Actor, **inputs: Any
) -> Ticket:
    """Do one verb with its inputs; raises what the verb raises."""
    return VERBS[verb](ticket=ticket, version=version, by=by, **inputs)
