"""Supplements: blocks that came after an issue was built, counted for its period.

An issue never gains a block. What can be counted since is kept beside it, from what was recorded
up to its cut-off.
"""

from collections.abc import Mapping
from typing import Any

from coordination.bulletins.counting import count_at_once
from coordination.bulletins.issues.queries import missing_blocks
from coordination.bulletins.issues.step import ACTORS, MACHINE, Actor
from coordination.bulletins.models import Bulletin, Issue, IssueEvent, IssueVerb, Supplement


def supplement_of(bulletin: Bulletin) -> dict[str, Any]:
    """The blocks of its supplements, in the form of an issue's own."""
    return {
        each.block: {"schema": each.schema, "figures": each.figures, "hash": each.hash}
        for each in bulletin.supplements.all()
    }


def supplement(*, issue: Issue, version: int | None = None, by: Actor) -> Issue:
    """Count the blocks that the issue lacks, and keep them beside it.

    Raises NotAllowed where it lacks none, or where one does not reconcile.
    """
    issue = Issue.objects.select_related("bulletin").get(pk=issue.pk)
    ACTORS.require(IssueVerb.SUPPLEMENT, issue, version, by)
    bulletin = issue.bulletin
    blocks = count_at_once(bulletin.period, missing_blocks(bulletin))
    with MACHINE.step(IssueVerb.SUPPLEMENT, thing=issue, version=issue.version, by=by) as this:
        this.payload = {"blocks": {name: block["hash"] for name, block in blocks.items()}}
        this.also.append(lambda event: _keep(event, bulletin, blocks))
    return this.thing


def _keep(event: IssueEvent, bulletin: Bulletin, blocks: Mapping[str, Any]) -> None:
    Supplement.objects.bulk_create(
        Supplement(event=event, bulletin=bulletin, block=name, **block)
        for name, block in blocks.items()
    )
