"""The hashes that a backup lists, each computed from what is stored."""

from collections.abc import Iterator

from django.db.models import CharField, F, Func, Value

from coordination.bulletins.counting import bulletin_hash
from coordination.bulletins.models import Bulletin, Face
from projects.record.canonical import digest


def hashes_of_bulletins() -> Iterator[tuple[str, str]]:
    """Each bulletin with the hash of its figures."""
    for bulletin in Bulletin.objects.order_by("pk").iterator(chunk_size=10):
        blocks = {
            name: {"hash": digest(block["figures"])} for name, block in bulletin.blocks.items()
        }
        yield bulletin.journal_name, bulletin_hash(bulletin.cut_off, blocks)


def hashes_of_files() -> Iterator[tuple[str, str]]:
    """Each published file with the SHA-256 of its bytes, which the database computes."""
    bytes_hash = Func(
        Func(F("content"), function="sha256"), Value("hex"), function="encode",
        output_field=CharField(),
    )  # fmt: skip
    faces = Face.objects.order_by("pk").annotate(computed=bytes_hash)
    for face in faces.defer("content").iterator():
        yield f"{face.issue_id}/{face.key}", face.computed
