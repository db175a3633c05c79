"""What a check compares of issues: their events, and the files that were published."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db.models import F

from coordination.bulletins.counting import count_at_once
from coordination.bulletins.models import Face, Issue, IssueEvent, IssueVerb, Supplement
from projects.flow.chain import altered
from projects.record.findings import Difference, Finding, finding
from projects.record.refusals import NotAllowed


def altered_issues() -> Iterator[Finding]:
    """Name every event of an issue that is not as it was written."""
    rows = IssueEvent.objects.select_related("text").order_by("issue_id", "seq")
    yield from altered(rows.iterator())


def wrong_files(number: str) -> Iterator[Finding]:
    """Name every file of a bulletin's issue whose bytes are not those that its signature named."""
    events = IssueEvent.objects.filter(verb=IssueVerb.PUBLISH, issue__bulletin=int(number))
    signed = {event.issue_id: dict(event.payload["files"]) for event in events}
    faces = Face.objects.filter(issue__bulletin=int(number)).order_by("pk")
    for face in faces.iterator(chunk_size=10):
        wanted = signed.get(face.issue_id, {}).pop(face.key, None)
        if hashlib.sha256(face.content).hexdigest() != wanted or face.sha256 != wanted:
            yield finding(Face, str(face.pk), Difference.HASH)
    for issue, files in signed.items():
        for key in files:
            yield finding(Face, f"{issue}/{key}", Difference.DELETED)


def wrong_supplements(number: str) -> Iterator[Finding]:
    """Name every supplement of a bulletin that is not what is counted, or what its event named."""
    rows = Supplement.objects.filter(bulletin=int(number)).select_related("event", "bulletin")
    for row in rows:
        stored = {"schema": row.schema, "figures": row.figures, "hash": row.hash}
        if row.event.payload["blocks"].get(row.block) != row.hash or _recounted(row) != stored:
            yield finding(Supplement, str(row.pk), Difference.FIGURES)
    events = IssueEvent.objects.filter(verb=IssueVerb.SUPPLEMENT, issue__bulletin=int(number))
    kept = {(row.event_id, row.block) for row in rows}
    for event in events:
        for block in sorted(event.payload["blocks"]):
            if (event.pk, block) not in kept:
                yield finding(Supplement, f"{event.pk}/{block}", Difference.DELETED)


def _recounted(row: Supplement) -> dict[str, Any] | None:
    """The block as it is counted from nothing; None where its rules are not known here."""
    try:
        found = count_at_once(row.bulletin.period, {row.block: row.schema})
    except NotAllowed:
        return None
    block: dict[str, Any] = found[row.block]
    return block


def wrong_issues() -> Iterator[Finding]:
    """Name every issue whose state, numbers or signatures are not what its events say."""
    events: dict[int, list[IssueEvent]] = {}
    for event in IssueEvent.objects.order_by("issue_id", "seq").iterator():
        events.setdefault(event.issue_id, []).append(event)
    issues = Issue.objects.annotate(of_figures=F("bulletin__series")).order_by("pk")
    for issue in issues.iterator():
        told = _told(events.get(issue.pk, []))
        if told != _columns(issue) or issue.series != issue.of_figures:
            yield finding(Issue, str(issue.pk), Difference.EVENTS)


def _columns(issue: Issue) -> dict[str, Any]:
    day = issue.day.isoformat() if issue.day else None
    return {
        "status": issue.status, "version": issue.version, "changed_at": issue.changed_at,
        "year": issue.year, "number": issue.number, "total": issue.total, "day": day,
        "editor": issue.editor_id, "reviewer": issue.reviewer_id, "signer": issue.signer_id,
        "edition": issue.edition,
    }  # fmt: skip


def _told(events: list[IssueEvent]) -> dict[str, Any]:
    """The same columns by the events alone."""
    told: dict[str, Any] = dict.fromkeys(
        ("status", "changed_at", "edition", "year", "number", "total", "day", "editor", "reviewer",
         "signer")
    )  # fmt: skip
    for event in events:
        told |= {"status": event.to_status, "changed_at": event.recorded_at}
        match event.verb:
            case IssueVerb.DRAFT:
                told["edition"] = event.payload["edition"]
                if "paragraphs" in event.payload:
                    told["editor"] = event.officer_id
            case IssueVerb.EDIT:
                told["editor"] = event.officer_id
            case IssueVerb.REVIEW:
                told["reviewer"] = event.officer_id
            case IssueVerb.SEND_BACK:
                told["reviewer"] = None
            case IssueVerb.PUBLISH:
                told |= {name: event.payload[name] for name in ("year", "number", "total", "day")}
                told["signer"] = event.officer_id
    return {**told, "version": len(events)}
