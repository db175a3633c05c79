"""The flow of an issue of the bulletin: who edits, who reviews, who signs."""

from enum import StrEnum
from typing import Final

from coordination.bulletins.models import IssueVerb, Status
from projects.flow.table import STAY, Flow, Rule


class Capacity(StrEnum):
    """What somebody is to an issue."""

    EDITOR = "editor"  # the centre: duty desk and director
    SIGNER = "signer"  # the director
    SYSTEM = "system"


_DRAFT: Final = frozenset({str(Status.DRAFT)})
_REVIEWED: Final = frozenset({str(Status.REVIEWED)})
_PUBLISHED: Final = frozenset({str(Status.PUBLISHED)})
_IN_FORCE: Final = frozenset({str(Status.PUBLISHED), str(Status.DISTRIBUTED)})
_EDITOR: Final = frozenset({str(Capacity.EDITOR)})
_SIGNER: Final = frozenset({str(Capacity.SIGNER)})
_SYSTEM: Final = frozenset({str(Capacity.SYSTEM)})

FLOW: Final = Flow(ended={Status.DISCARDED})
FLOW.add(
    Rule(
        IssueVerb.DRAFT, IssueVerb.DRAFT.label, frozenset(), Status.DRAFT, _SYSTEM | _EDITOR
    ),
    Rule(IssueVerb.EDIT, IssueVerb.EDIT.label, _DRAFT, STAY, _EDITOR),
    Rule(
        IssueVerb.REVIEW, IssueVerb.REVIEW.label, _DRAFT, Status.REVIEWED, _EDITOR,
        tone="primary",
    ),
    Rule(
        IssueVerb.SEND_BACK, IssueVerb.SEND_BACK.label, _REVIEWED, Status.DRAFT, _EDITOR,
        ("reason",),
    ),
    Rule(
        IssueVerb.PUBLISH, IssueVerb.PUBLISH.label, _REVIEWED, Status.PUBLISHED, _SIGNER,
        tone="primary",
    ),
    Rule(
        IssueVerb.DISTRIBUTE, IssueVerb.DISTRIBUTE.label, _PUBLISHED, Status.DISTRIBUTED,
        _EDITOR | _SYSTEM, tone="primary",
    ),
    Rule(
        IssueVerb.SUPERSEDE, IssueVerb.SUPERSEDE.label, _IN_FORCE, STAY, _EDITOR, ("reason",),
        "danger",
    ),
    Rule(
        IssueVerb.DISCARD, IssueVerb.DISCARD.label, _DRAFT, Status.DISCARDED, _EDITOR,
        ("reason",), "danger",
    ),
    Rule(IssueVerb.SUPPLEMENT, IssueVerb.SUPPLEMENT.label, _IN_FORCE, STAY, _EDITOR),
)  # fmt: skip
