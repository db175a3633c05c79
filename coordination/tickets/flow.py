"""The flow of a ticket, as a table (see ``projects/flow/table.py``). No database in here.

A room above this one adds its own verbs to :data:`FLOW` and to :data:`INPUT_LABELS`.
"""

from typing import Final, Literal

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.flow.table import BACK, STAY, Flow, Rule


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
UNMET: Final = frozenset({Status.DECLINED, Status.WITHDRAWN})  # ended without being handled


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
    LOSE_ORIGINAL = "lose_original", pgettext_lazy("verb", "The original ended unmet")
    REVIVE = "revive", pgettext_lazy("verb", "Revive")
    COMMENT = "comment", pgettext_lazy("verb", "Comment")
    ATTACH = "attach", pgettext_lazy("verb", "Attach a file")
    DETACH = "detach", pgettext_lazy("verb", "Withdraw an attachment")
    HAND_OVER = "hand_over", pgettext_lazy("verb", "Hand over")
    ASSIST = "assist", pgettext_lazy("verb", "Call in to assist")
    RELEASE = "release", pgettext_lazy("verb", "Release from assisting")
    URGE = "urge", pgettext_lazy("verb", "Urge")
    SUPERVISE = "supervise", pgettext_lazy("verb", "Supervise")
    LAPSE = "lapse", pgettext_lazy("verb", "Question lapsed")
    RECKON_AGAIN = "reckon_again", pgettext_lazy("verb", "Deadline reckoned again")
    REGRADE = "regrade", pgettext_lazy("verb", "Change urgency")
    EXTEND = "extend", pgettext_lazy("verb", "Ask for an extension")
    GRANT = "grant", pgettext_lazy("verb", "Grant the extension")
    DENY = "deny", pgettext_lazy("verb", "Refuse the extension")


class Capacity(TextChoices):
    """As whom somebody stands to one ticket; one person may stand in several capacities."""

    ENTERPRISE = "enterprise", _("the enterprise that filed it")
    ON_BEHALF = "on_behalf", _("an officer on the enterprise's behalf")
    HANDLER = "handler", _("liaison or deputy")
    GROUP_LEAD = "group_lead", _("group lead")
    ASSISTANT = "assistant", _("assisting officer")
    DUTY_DESK = "duty_desk", _("duty desk")
    DUTY_DESK_ACTING = "duty_desk_acting", _("duty desk, while nobody of the group can act")
    DIRECTOR = "director", _("director")
    SYSTEM = "system", _("the system")


_ENTERPRISE = frozenset({Capacity.ENTERPRISE})
_ANSWERING = frozenset({Capacity.ENTERPRISE, Capacity.ON_BEHALF})
HANDLING = frozenset({Capacity.HANDLER, Capacity.GROUP_LEAD})
_RECEIVING = HANDLING | {Capacity.DUTY_DESK_ACTING}
# Who accepts a ticket for another officer of the group.
GIVING: Final = frozenset({Capacity.GROUP_LEAD, Capacity.DUTY_DESK_ACTING})
_ASSISTING = HANDLING | {Capacity.ASSISTANT}
_CENTRE = frozenset({Capacity.DUTY_DESK, Capacity.DIRECTOR})
_LEADING = frozenset({Capacity.GROUP_LEAD, Capacity.DUTY_DESK, Capacity.DIRECTOR})
_STAFF = _ASSISTING | _LEADING
_ANY_OPEN = frozenset(OPEN)
_OUR_TURN = frozenset({Status.SUBMITTED, Status.IN_PROGRESS})
_LEAD = frozenset({Capacity.GROUP_LEAD})
_DECIDING = frozenset({Capacity.GROUP_LEAD, Capacity.DIRECTOR})


# What has happened, as webhooks and the event feed call it.
_TOPICS: Final[dict[str, str]] = {
    Verb.SUBMIT: "submitted", Verb.ACCEPT: "accepted", Verb.ASK: "asked",
    Verb.SUPPLEMENT: "supplemented", Verb.DECLINE: "declined", Verb.WITHDRAW: "withdrawn",
    Verb.PASS_ON: "passed_on", Verb.RESOLVE: "resolved", Verb.REDO: "redone",
    Verb.CONFIRM: "confirmed", Verb.WRITE_OFF: "written_off", Verb.SIGN_OFF: "signed_off",
    Verb.COUNTERSIGN: "countersigned", Verb.REOPEN: "reopened", Verb.FULFIL: "line_fulfilled",
    Verb.REFUSE: "line_refused", Verb.RECONSIDER: "line_reconsidered",
    Verb.ADD_LINES: "lines_added", Verb.LINK: "linked", Verb.UNLINK: "unlinked",
    Verb.DUPLICATE: "duplicated", Verb.LOSE_ORIGINAL: "original_ended", Verb.REVIVE: "revived",
    Verb.ATTACH: "file_attached", Verb.DETACH: "file_withdrawn",
    Verb.COMMENT: "commented", Verb.HAND_OVER: "handed_over", Verb.URGE: "urged",
    Verb.LAPSE: "question_lapsed", Verb.RECKON_AGAIN: "deadline_reckoned_again",
    Verb.REGRADE: "regraded", Verb.EXTEND: "extension_asked",
    Verb.GRANT: "extension_granted", Verb.DENY: "extension_denied",
}  # fmt: skip
# Between the centre and its officers.
_INTERNAL: Final = frozenset({Verb.ASSIST, Verb.RELEASE, Verb.SUPERVISE})


def _rule(
    verb: Verb,
    sources: frozenset[Status] | set[Status],
    target: Status | str,
    who: frozenset[Capacity],
    *required: str,
    tone: Literal["default", "primary", "danger"] = "default",
    staying: frozenset[Status] = frozenset(),
) -> Rule:
    return Rule(
        verb.value, verb.label, frozenset(map(str, sources)), str(target), frozenset(who),
        required, tone, verb in _INTERNAL, _TOPICS.get(verb, ""), frozenset(map(str, staying)),
    )  # fmt: skip


_S = Status
# The states that a question may be asked from, and so those that an answer leads back to.
ASKED_FROM: Final = frozenset({Status.SUBMITTED, Status.IN_PROGRESS})
FLOW: Final = Flow(back_to=ASKED_FROM, ended=ENDED)
FLOW.add(

    _rule(Verb.SUBMIT, set(), _S.SUBMITTED, _ANSWERING),
    _rule(Verb.ACCEPT, {_S.SUBMITTED}, _S.IN_PROGRESS, _RECEIVING, tone="primary"),
    _rule(Verb.FULFIL, {_S.IN_PROGRESS}, STAY, _ASSISTING, "line", "quantity"),
    _rule(Verb.REFUSE, {_S.IN_PROGRESS}, STAY, HANDLING, "line", "reason"),
    _rule(Verb.RECONSIDER, {_S.IN_PROGRESS}, STAY, HANDLING, "line", "reason"),
    _rule(
        Verb.ADD_LINES, {_S.SUBMITTED, _S.IN_PROGRESS, _S.NEED_INFO}, STAY,
        _ANSWERING | HANDLING, "lines",
    ),
    _rule(Verb.RESOLVE, {_S.IN_PROGRESS}, _S.RESOLVED, HANDLING, "result", tone="primary"),
    _rule(Verb.ASK, ASKED_FROM, _S.NEED_INFO, _RECEIVING, "question"),
    _rule(  # once the question has lapsed, an answer is only added
        Verb.SUPPLEMENT, {_S.NEED_INFO, *ASKED_FROM}, BACK, _ANSWERING, "answer",
        tone="primary", staying=ASKED_FROM,
    ),
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
        _RECEIVING | {Capacity.DUTY_DESK}, "reason", "group",
    ),
    _rule(
        Verb.DECLINE, {_S.SUBMITTED, _S.NEED_INFO}, _S.DECLINED, _RECEIVING, "reason",
        tone="danger",
    ),
    _rule(
        Verb.WITHDRAW, {_S.SUBMITTED, _S.NEED_INFO, _S.IN_PROGRESS}, _S.WITHDRAWN,
        _ENTERPRISE, "reason", tone="danger",
    ),
    _rule(
        Verb.DUPLICATE, {_S.SUBMITTED, _S.NEED_INFO, _S.IN_PROGRESS}, _S.DECLINED, HANDLING,
        "number", "reason", tone="danger",
    ),
    _rule(Verb.LOSE_ORIGINAL, {_S.DECLINED}, STAY, frozenset({Capacity.SYSTEM})),
    _rule(
        Verb.REVIVE, {_S.DECLINED}, _S.SUBMITTED,
        HANDLING | {Capacity.DUTY_DESK, Capacity.ENTERPRISE}, "reason", tone="primary",
    ),
    _rule(Verb.LINK, frozenset(Status), STAY, HANDLING | _CENTRE, "number"),
    _rule(Verb.UNLINK, frozenset(Status), STAY, HANDLING | _CENTRE, "number"),
    _rule(Verb.LAPSE, {_S.NEED_INFO}, BACK, frozenset({Capacity.SYSTEM})),
    _rule(Verb.RECKON_AGAIN, frozenset(Status), STAY, frozenset({Capacity.SYSTEM})),
    _rule(Verb.REGRADE, RUNNING, STAY, _LEAD, "urgency", "reason"),
    _rule(Verb.EXTEND, {_S.IN_PROGRESS}, STAY, HANDLING, "amount", "reason"),
    _rule(Verb.GRANT, RUNNING, STAY, _DECIDING),
    _rule(Verb.DENY, RUNNING, STAY, _DECIDING, "reason"),
    _rule(Verb.COMMENT, frozenset(Status), STAY, _STAFF | _ENTERPRISE, "text"),
    _rule(Verb.ATTACH, _ANY_OPEN, STAY, _ANSWERING | _ASSISTING, "file"),
    _rule(
        Verb.DETACH, frozenset(Status), STAY, _ANSWERING | _ASSISTING, "attachment", "reason"
    ),
    _rule(Verb.HAND_OVER, _ANY_OPEN, STAY, _LEADING),
    _rule(Verb.ASSIST, _ANY_OPEN, STAY, HANDLING, "officer"),
    _rule(Verb.RELEASE, _ANY_OPEN, STAY, _ASSISTING, "assistant"),
    _rule(Verb.URGE, _OUR_TURN, STAY, _CENTRE | _ENTERPRISE),
    _rule(Verb.SUPERVISE, _OUR_TURN | {_S.NEED_INFO}, STAY, _CENTRE, "instruction"),
)  # fmt: skip

# What a verb asks for is labelled once, for the API's messages and the admin's forms alike.
INPUT_LABELS: dict[str, Promise] = {
    "handler": _("who handles it"),
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
    "file": _("file"),
    "attachment": _("attachment"),
}
