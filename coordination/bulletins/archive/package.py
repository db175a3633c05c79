"""Makes the archive of a published issue: its files, figures and signatures, and how to check them.

The script in it uses Python's standard library alone, and no network.
"""

import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from coordination.bulletins.issues.addresses import slug_of
from coordination.bulletins.issues.queries import all_wordings
from coordination.bulletins.issues.supplement import supplement_of
from coordination.bulletins.models import Issue, IssueEvent
from projects.record.canonical import canonical
from projects.record.refusals import NotAllowed

_HERE: Final = Path(__file__).parent
_SCRIPT: Final = "verify.py"
_README: Final = "README.txt"
_MANIFEST: Final = "manifest.json"


def archive_of(issue: Issue) -> bytes:
    """The archive, a ZIP file. Raises NotAllowed before publication.

    It is the same each time until the issue is distributed, supplemented or replaced, which is an
    event more.
    """
    if not issue.is_in_force:
        raise NotAllowed
    parts = dict(_parts(issue))
    parts[_MANIFEST] = _manifest(parts)
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as file:
        for name, content in sorted(parts.items()):
            info = ZipInfo(f"{name_of(issue)}/{name}")  # dated 1 January 1980
            info.compress_type = ZIP_DEFLATED
            file.writestr(info, content)
    return stream.getvalue()


def name_of(issue: Issue) -> str:
    """The name of the archive's folder, and of the file without its ending."""
    return slug_of(issue)


def _parts(issue: Issue) -> Iterator[tuple[str, bytes]]:
    bulletin = issue.bulletin
    figures = {
        "series": bulletin.series, "cut_off": bulletin.cut_off, "edition": bulletin.edition,
        **({} if bulletin.start is None else {"start": bulletin.start}),
        "built_at": bulletin.built_at, "hash": bulletin.hash, "blocks": bulletin.blocks,
    }  # fmt: skip
    yield "figures.json", canonical(figures)
    yield "events.json", canonical(list(_events(issue)))
    yield "supplements.json", canonical(supplement_of(bulletin))
    yield "words.json", canonical(all_wordings(issue))
    for face in issue.faces.all():
        yield f"files/{face.key}/bulletin.{face.format}", bytes(face.content)
    for name in (_SCRIPT, _README):
        yield name, (_HERE / name).read_bytes()


def _events(issue: Issue) -> Iterator[dict[str, Any]]:
    """Every event with all that its hash covers, and who did it by name."""
    for event in issue.events.select_related("officer").order_by("seq"):
        yield {**_hashed(event), "hash": event.hash, "by": str(event.officer or "")}


def _hashed(event: IssueEvent) -> dict[str, Any]:
    return {
        "issue": event.issue_id, "seq": event.seq, "verb": event.verb,
        "from": event.from_status, "to": event.to_status, "officer": event.officer_id,
        "by_system": event.by_system, "recorded_at": event.recorded_at,
        "is_internal": event.is_internal, "payload": event.payload,
        "text_digest": event.text_digest, "previous_hash": event.previous_hash,
    }  # fmt: skip


def _manifest(parts: dict[str, bytes]) -> bytes:
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(parts.items())}
    return json.dumps({"sha256": hashes}, indent=1).encode()
