"""The hashes that a backup lists, each computed from what is stored."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import CharField, F, Func, Value

from coordination.bulletins.briefs.build import brief_hash
from coordination.bulletins.counting import bulletin_hash
from coordination.bulletins.models import Brief, Bulletin, Face, Supplement
from projects.record.canonical import digest


def _hashed(blocks: Mapping[str, Any]) -> dict[str, Any]:
    """Each block with the hash of its figures as they are stored."""
    return {name: {"hash": digest(block["figures"])} for name, block in blocks.items()}


def hashes_of_bulletins() -> Iterator[tuple[str, str]]:
    """Each bulletin with the hash of its figures."""
    for bulletin in Bulletin.objects.order_by("pk").iterator(chunk_size=10):
        yield bulletin.journal_name, bulletin_hash(
            bulletin.cut_off, _hashed(bulletin.blocks),
            series=bulletin.series, start=bulletin.start,
        )  # fmt: skip


def hashes_of_supplements() -> Iterator[tuple[str, str]]:
    """Each supplement of a bulletin with the hash of its figures."""
    rows = Supplement.objects.order_by("pk").select_related("bulletin")
    for each in rows.iterator(chunk_size=10):
        yield f"{each.bulletin.journal_name}/{each.block}", digest(each.figures)


def hashes_of_briefs() -> Iterator[tuple[str, str]]:
    """Each daily brief with the hash of its figures."""
    for brief in Brief.objects.order_by("pk").iterator(chunk_size=10):
        yield brief.journal_name, brief_hash(brief.cut_off, _hashed(brief.blocks))


def hashes_of_files() -> Iterator[tuple[str, str]]:
    """Each published file with the SHA-256 of its bytes, which the database computes."""
    bytes_hash = Func(
        Func(F("content"), function="sha256"), Value("hex"), function="encode",
        output_field=CharField(),
    )  # fmt: skip
    faces = Face.objects.order_by("pk").annotate(computed=bytes_hash)
    for face in faces.defer("content").iterator():
        yield f"{face.issue_id}/{face.key}", face.computed


HASHES = {
    "bulletins": hashes_of_bulletins, "supplements": hashes_of_supplements,
    "briefs": hashes_of_briefs, "published files": hashes_of_files,
}  # fmt: skip
