"""The flow of a ticket, as a table. No database in here.

Everything that speaks of the flow is made from :data:`FLOW`: what a verb checks, the buttons of
the admin, ``allowed_actions`` of the API, the database's own guard, the diagram in the
documentation, and the test of every status × verb × actor.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    SUBMITTED = "submitted", _("Awaiting acceptance")
    IN_PROGRESS = "in_progress", _("In progress")
    NEED_INFO = "need_info", _("Awaiting information")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Written off")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN: Final = frozenset({Status.SUBMITTED, Status.IN_PROGRESS, Status.NEED_INFO, Status.RESOLVED})
# With a clock that runs, or stands for an answer.
RUNNING: Final = frozenset({Status.SUBMITTED, Status.IN_PROGRESS, Status.NEED_INFO})
ENDED: Final = frozenset({Status.CLOSED, Status.DECLINED, Status.WITHDRAWN})


class Verb(TextChoices):
    SUBMIT = "submit", pgettext_lazy("verb", "Submit")
    ACCEPT = "accept", pgettext_lazy("verb", "Accept")
    ASK = "ask", pgettext_lazy("verb", "Ask for information")
    SUPPLEMENT = "supplement", pgettext_lazy("verb", "Supplement")
    DECLINE = "decline", pgettext_lazy("verb", "Decline")
    WITHDRAW = "withdraw", pgettext_lazy("verb", "Withdraw")
    PASS_ON = "pass_on", pgettext_lazy("verb", "Pass on")
    RESOLVE = "resolve", pgettext_lazy("verb", "Resolve")
    REDO = "redo", pgettext_lazy("verb", "Redo")
    CONFIRM = "confirm", pgettext_lazy("verb", "Confirm")
    WRITE_OFF = "write_off", pgettext_lazy("verb", "Write off")
    SIGN_OFF = "sign_off", pgettext_lazy("verb", "Sign for writing off")
    COUNTERSIGN = "countersign", pgettext_lazy("verb", "Countersign")
    REOPEN = "reopen", pgettext_lazy("verb", "Reopen")
    FULFIL = "fulfil", pgettext_lazy("verb", "Record what was met")
    REFUSE = "refuse", pgettext_lazy("verb", "Refuse a line")
    RECONSIDER = "reconsider", pgettext_lazy("verb", "Take a line up again")
    ADD_LINES = "add_lines", pgettext_lazy("verb", "Add lines")
    LINK = "link", pgettext_lazy("verb", "Link to a ticket")
    UNLINK = "unlink", pgettext_lazy("verb", "Remove a link")
    DUPLICATE = "duplicate", pgettext_lazy("verb", "Mark as duplicate")
    COMMENT = "comment", pgettext_lazy("verb", "Comment")
    ATTACH = "attach", pgettext_lazy("verb", "Attach a file")
    DETACH = "detach", pgettext_lazy("verb", "Withdraw an attachment")
    HAND_OVER = "hand_over", pgettext_lazy("verb", "Hand over")
    ASSIST = "assist", pgettext_lazy("verb", "Call in to assist")
    RELEASE = "release", pgettext_lazy("verb", "Release from assisting")
    URGE = "urge", pgettext_lazy("verb", "Urge")
    SUPERVISE = "supervise", pgettext_lazy("verb", "Supervise")
    LAPSE = "lapse", pgettext_lazy("verb", "Question lapsed")
    ESCALATE = "escalate", pgettext_lazy("verb", "Taken up the ladder")
    EXPLAIN = "explain", pgettext_lazy("verb", "Explain the delay")
    REGRADE = "regrade", pgettext_lazy("verb", "Change urgency")
    EXTEND = "extend", pgettext_lazy("verb", "Ask for an extension")
    GRANT = "grant", pgettext_lazy("verb", "Grant the extension")
    DENY = "deny", pgettext_lazy("verb", "Refuse the extension")
    REFER = "refer", pgettext_lazy("verb", "Refer to a department")
    ANSWER_REFERRAL = "answer_referral", pgettext_lazy("verb", "Department's answer")
    CHASE = "chase", pgettext_lazy("verb", "Chase a department")
    RECALL = "recall", pgettext_lazy("verb", "Recall a referral")


class Capacity(TextChoices):
    """As whom somebody stands to one ticket; one person may stand in several capacities."""

    ENTERPRISE = "enterprise", _("the enterprise that filed it")
    ON_BEHALF = "on_behalf", _("an officer on the enterprise's behalf")
    HANDLER = "handler", _("liaison or deputy")
    GROUP_LEAD = "group_lead", _("group lead")
    ASSISTANT = "assistant", _("assisting officer")
    DUTY_DESK = "duty_desk", _("duty desk")
    DIRECTOR = "director", _("director")
    SYSTEM = "system", _("the system")


STAY: Final = "stay"  # the event changes no state
BACK: Final = "back"  # to the state from which the question was asked
NEW: Final = ""  # before the first event there is no state

_ENTERPRISE = frozenset({Capacity.ENTERPRISE})
_ANSWERING = frozenset({Capacity.ENTERPRISE, Capacity.ON_BEHALF})
_HANDLING = frozenset({Capacity.HANDLER, Capacity.GROUP_LEAD})
_ASSISTING = _HANDLING | {Capacity.ASSISTANT}
_CENTRE = frozenset({Capacity.DUTY_DESK, Capacity.DIRECTOR})
_LEADING = frozenset({Capacity.GROUP_LEAD, Capacity.DUTY_DESK, Capacity.DIRECTOR})
_STAFF = _ASSISTING | _LEADING
_ANY_OPEN = frozenset(OPEN)
_OUR_TURN = frozenset({Status.SUBMITTED, Status.IN_PROGRESS})
_LEAD = frozenset({Capacity.GROUP_LEAD})
_DECIDING = frozenset({Capacity.GROUP_LEAD, Capacity.DIRECTOR})


@dataclass(frozen=True)
class Rule:
    """From which states, to which, by whom, and what must be said with it."""

    verb: Verb
    sources: frozenset[Status]
    target: Status | str
    who: frozenset[Capacity]
    required: tuple[str, ...] = ()
    tone: str = "default"  # how a button of it looks: primary, default or danger

    def target_from(self, status: Status | str, asked_from: Status | str) -> str:
        """The state after this verb, done from ``status``."""
        if self.target == STAY:
            return str(status)
        if self.target == BACK:
            return str(asked_from)
        return str(self.target)


def _rule(
    verb: Verb,
    sources: frozenset[Status] | set[Status],
    target: Status | str,
    who: frozenset[Capacity],
    *required: str,
    tone: str = "default",
) -> tuple[Verb, Rule]:
    return verb, Rule(verb, frozenset(sources), target, who, required, tone)


_S = Status
FLOW: Final[dict[Verb, Rule]] = dict(
    (
        _rule(Verb.SUBMIT, set(), _S.SUBMITTED, _ANSWERING),
        _rule(Verb.ACCEPT, {_S.SUBMITTED}, _S.IN_PROGRESS, _HANDLING, tone="primary"),
        _rule(Verb.FULFIL, {_S.IN_PROGRESS}, STAY, _ASSISTING, "line", "quantity"),
        _rule(Verb.REFUSE, {_S.IN_PROGRESS}, STAY, _HANDLING, "line", "reason"),
        _rule(Verb.RECONSIDER, {_S.IN_PROGRESS}, STAY, _HANDLING, "line", "reason"),
        _rule(
            Verb.ADD_LINES, {_S.SUBMITTED, _S.IN_PROGRESS, _S.NEED_INFO}, STAY,
            _ANSWERING | _HANDLING, "lines",
        ),
        _rule(Verb.RESOLVE, {_S.IN_PROGRESS}, _S.RESOLVED, _HANDLING, "result", tone="primary"),
        _rule(Verb.ASK, {_S.SUBMITTED, _S.IN_PROGRESS}, _S.NEED_INFO, _HANDLING, "question"),
        _rule(Verb.SUPPLEMENT, {_S.NEED_INFO}, BACK, _ANSWERING, "answer", tone="primary"),
        _rule(
            Verb.CONFIRM, {_S.RESOLVED}, _S.CLOSED, _ENTERPRISE, "satisfaction", tone="primary"
        ),
        _rule(Verb.WRITE_OFF, {_S.RESOLVED}, _S.CLOSED, _LEADING, "follow_up", tone="primary"),
        _rule(Verb.SIGN_OFF, {_S.RESOLVED}, STAY, _LEADING, "follow_up", tone="primary"),
        _rule(Verb.COUNTERSIGN, {_S.RESOLVED}, _S.CLOSED, _CENTRE, tone="primary"),
        _rule(Verb.REDO, {_S.RESOLVED}, _S.IN_PROGRESS, _LEADING | _ENTERPRISE, "reason"),
        _rule(
            Verb.REOPEN, {_S.CLOSED, _S.DECLINED}, _S.IN_PROGRESS,
            _LEAD, "reason",
        ),
        _rule(
            Verb.PASS_ON, {_S.SUBMITTED, _S.IN_PROGRESS}, _S.SUBMITTED,
            _HANDLING | {Capacity.DUTY_DESK}, "reason", "group",
        ),
        _rule(
            Verb.DECLINE, {_S.SUBMITTED, _S.NEED_INFO}, _S.DECLINED, _HANDLING, "reason",
            tone="danger",
        ),
        _rule(
            Verb.WITHDRAW, {_S.SUBMITTED, _S.NEED_INFO, _S.IN_PROGRESS}, _S.WITHDRAWN,
            _ENTERPRISE, "reason", tone="danger",
        ),
        _rule(
            Verb.DUPLICATE, {_S.SUBMITTED, _S.NEED_INFO, _S.IN_PROGRESS}, _S.DECLINED, _HANDLING,
            "number", "reason", tone="danger",
        ),
        _rule(Verb.LINK, frozenset(Status), STAY, _HANDLING | _CENTRE, "number"),
        _rule(Verb.UNLINK, frozenset(Status), STAY, _HANDLING | _CENTRE, "number"),
        _rule(Verb.LAPSE, {_S.NEED_INFO}, BACK, frozenset({Capacity.SYSTEM})),
        _rule(Verb.ESCALATE, {_S.SUBMITTED, _S.IN_PROGRESS}, STAY, frozenset({Capacity.SYSTEM})),
        _rule(Verb.EXPLAIN, {_S.SUBMITTED, _S.IN_PROGRESS}, STAY, _HANDLING, "reason"),
        _rule(Verb.REGRADE, RUNNING, STAY, _LEAD, "urgency", "reason"),
        _rule(Verb.EXTEND, {_S.IN_PROGRESS}, STAY, _HANDLING, "amount", "reason"),
        _rule(Verb.GRANT, RUNNING, STAY, _DECIDING),
        _rule(Verb.DENY, RUNNING, STAY, _DECIDING, "reason"),
        _rule(Verb.REFER, {_S.IN_PROGRESS}, STAY, _HANDLING, "department", "matter"),
        _rule(
            Verb.ANSWER_REFERRAL, RUNNING, STAY, frozenset({Capacity.SYSTEM}), "referral", "answer"
        ),
        _rule(Verb.CHASE, RUNNING, STAY, _HANDLING | {Capacity.SYSTEM}, "referral"),
        _rule(Verb.RECALL, RUNNING, STAY, _HANDLING, "referral", "reason"),
        _rule(Verb.COMMENT, frozenset(Status), STAY, _STAFF | _ENTERPRISE, "text"),
        _rule(Verb.ATTACH, _ANY_OPEN, STAY, _ANSWERING | _ASSISTING, "file"),
        _rule(
            Verb.DETACH, frozenset(Status), STAY, _ANSWERING | _ASSISTING, "attachment", "reason"
        ),
        _rule(Verb.HAND_OVER, _ANY_OPEN, STAY, _LEADING),
        _rule(Verb.ASSIST, _ANY_OPEN, STAY, _HANDLING, "officer"),
        _rule(Verb.RELEASE, _ANY_OPEN, STAY, _ASSISTING, "assistant"),
        _rule(Verb.URGE, _OUR_TURN, STAY, _CENTRE | _ENTERPRISE),
        _rule(Verb.SUPERVISE, _OUR_TURN | {_S.NEED_INFO}, STAY, _CENTRE, "instruction"),
    )
)  # fmt: skip

# The states that a question may be asked from, and so the states an answer leads back to.
ASKED_FROM: Final = FLOW[Verb.ASK].sources


def transitions() -> Iterator[tuple[str, str, str]]:
    """Every (verb, from, to) that may ever be recorded, in a stable order."""
    for verb, rule in FLOW.items():
        if verb is Verb.SUBMIT:
            yield verb, NEW, str(rule.target)
            continue
        for source in sorted(rule.sources):
            for asked_from in sorted(ASKED_FROM) if rule.target == BACK else (NEW,):
                yield verb, source, rule.target_from(source, asked_from)


def allowed(status: Status | str, standing: frozenset[Capacity]) -> list[Verb]:
    """The verbs that the table alone would allow, in the table's order."""
    return [verb for verb, rule in FLOW.items() if status in rule.sources and standing & rule.who]


# What a verb asks for is labelled once, for the API's messages and the admin's forms alike.
INPUT_LABELS: Final[dict[str, Promise]] = {
    "question": _("question"),
    "answer": _("answer"),
    "reason": _("reason"),
    "result": _("result"),
    "follow_up": _("follow-up note"),
    "satisfaction": _("satisfaction (1–5)"),
    "group": _("proposed group"),
    "text": _("comment"),
    "line": _("line"),
    "number": _("number of the other ticket"),
    "lines": _("lines"),
    "quantity": _("quantity"),
    "officer": _("assisting officer"),
    "assistant": _("assisting officer"),
    "instruction": _("what is required"),
    "urgency": _("urgency"),
    "amount": _("extension (in the term's unit)"),
    "department": _("department"),
    "matter": _("what the department is asked"),
    "referral": _("referral"),
    "file": _("file"),
    "attachment": _("attachment"),
}
