"""What may be attached and what may not, by the file alone."""

import hashlib
import tracemalloc
from pathlib import Path
from typing import Final

import pytest
from django.core.files.base import File

from config.embedded import PROJECT
from projects.access.request_limits import LARGEST_REQUEST
from projects.files.content import inspected
from projects.files.file_types import EXTENSIONS
from projects.files.limits import LARGEST_FILE, PART
from projects.files.names import clean_name, extension_of
from projects.record.refusals import Invalid
from tests.coordination.tickets.attachments.corpus import (
    EICAR,
    GOOD,
    MISNAMED,
    bad,
    bomb,
    chunk,
    exif,
    jpeg,
    lying,
    office,
    png,
    segment,
    sent,
)

BAD: Final = bad()


def kept(name: str, content: bytes) -> bytes:
    with inspected(sent(name, content)) as found:
        whole = b"".join(found.parts())
        assert (found.size, found.sha256) == (len(whole), hashlib.sha256(whole).hexdigest())
        return whole


def why_not(name: str, content: bytes) -> tuple[object, ...]:
    with pytest.raises(Invalid) as refused, inspected(sent(name, content)):
        pass
    (error,) = refused.value.errors
    return error.path, error.code


@pytest.mark.parametrize("name", GOOD)
def test_what_may_be_attached_is_kept_as_it_is(name: str) -> None:
    assert kept(name, GOOD[name]) == GOOD[name]


@pytest.mark.parametrize("name", MISNAMED)
def test_what_is_called_otherwise_is_taken_for_what_it_is(name: str) -> None:
    content, shown = MISNAMED[name]
    with inspected(sent(name, content)) as found:
        assert (found.name, b"".join(found.parts())) == (shown, content)
        assert EXTENSIONS[shown.rpartition(".")[2]] == found.file_type


@pytest.mark.parametrize("name", GOOD)
def test_a_file_on_the_disk_is_judged_alike(name: str, tmp_path: Path) -> None:
    place = tmp_path / name
    place.write_bytes(GOOD[name])
    with place.open("rb") as file, inspected(File(file, name)) as found:
        assert b"".join(found.parts()) == GOOD[name]


@pytest.mark.parametrize("what", BAD)
def test_what_may_not(what: str) -> None:
    name, content, code = BAD[what]
    assert why_not(name, content) == (("file",), code)


@pytest.mark.parametrize("what", BAD)
def test_what_may_not_may_not_from_the_disk(what: str, tmp_path: Path) -> None:
    name, content, code = BAD[what]
    place = tmp_path / "sent"
    place.write_bytes(content)
    with place.open("rb") as file, pytest.raises(Invalid) as refused:  # noqa: SIM117 - the file is opened first
        with inspected(File(file, name)):
            pass
    assert [error.code for error in refused.value.errors] == [code]


def test_bombs_that_say_what_they_are_and_bombs_that_do_not() -> None:
    file = bomb()
    assert len(file) < LARGEST_FILE
    for each in (file, lying(file, 1000), office(more={"word/embeddings/a.docx": file})):
        tracemalloc.start()
        assert why_not("a.docx", each) == (("file",), "inflated")
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
        tracemalloc.stop()


@pytest.mark.parametrize("cut", range(0, 300, 7))
@pytest.mark.parametrize("name", ["行车路线.pdf", "现场.jpg", "截图.png", "图表.docx"])
def test_no_part_of_a_file_passes_for_it(name: str, cut: int) -> None:
    part = GOOD[name][: max(0, len(GOOD[name]) - 2 - cut)]
    assert why_not(name, part)[0] == ("file",)


def test_a_photograph_keeps_its_pixels_and_nothing_of_where_and_when() -> None:
    private = [
        exif(1), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>N34</x:xmpmeta>"),
        segment(0xED, b"Photoshop 3.0\0N34"), segment(0xE2, b"MPF\0N34"),
        segment(0xE0, b"JFXX\0N34"), segment(0xFE, b"N34"),
    ]  # fmt: skip
    colours = [segment(0xE2, b"ICC_PROFILE\0\1\1abc"), segment(0xEE, b"Adobe\0d\0\0\0\0\1")]
    behind = b"\0\0\0\x18ftypmp42 N34"  # a moving picture, as some telephones hang it on
    photograph = jpeg(8, 8, *private, *colours) + behind
    assert kept("a.jpg", photograph) == jpeg(8, 8, *colours)


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("turned", [2, 3, 6, 8])
def test_a_photograph_held_upright_stays_so(turned: int, order: str) -> None:
    written = kept("a.jpg", jpeg(8, 8, exif(turned, order)))
    assert written == jpeg()[:2] + exif(turned, place=b"") + jpeg()[2:]
    assert kept("a.jpg", written) == written


@pytest.mark.parametrize("tiff", [b"", b"MM", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff"])
def test_notes_of_a_camera_that_cannot_be_read_are_left_out(tiff: bytes) -> None:
    assert kept("a.jpg", jpeg(8, 8, segment(0xE1, b"Exif\0\0" + tiff))) == jpeg()


def test_a_picture_of_several_scans_is_kept_whole() -> None:
    scan = b"\x12\xff\x00\x34\xff\xd0\x56" + segment(0xC4, b"\0") + segment(0xDA, b"\1") + b"\x78"
    assert kept("a.jpg", jpeg(data=scan)) == jpeg(data=scan)


def test_a_png_loses_its_words_and_what_hangs_behind_it() -> None:
    private = [chunk(b"tEXt", b"Author\0N34"), chunk(b"eXIf", b"MM"), chunk(b"tIME", b"1234567")]
    colours = [chunk(b"pHYs", b"\0\0\0\1\0\0\0\1\1")]
    assert kept("a.png", png(2, 2, *private, *colours) + b"behind") == png(2, 2, *colours)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"), ("C:\\用户\\张三.PDF", "张三.PDF"),
        ("a\u202egnp.exe.pdf", "agnp.exe.pdf"), (" a \t\n b .pdf", "a b .pdf"),
        ("a\0b.pdf", "ab.pdf"), ("\u200b\ufeffa.pdf", "a.pdf"),
        ("长" * 300 + ".jpeg", "长" * 115 + ".jpeg"),
        ("<b>.png", "<b>.png"), ("", ""),
    ],
)  # fmt: skip
def test_names(name: str, shown: str) -> None:
    assert clean_name(name) == shown


def test_the_extension_is_what_follows_the_last_dot() -> None:
    assert [extension_of(name) for name in ("a.PDF", "a.pdf.exe", "a", "a.", "a.pdf. ")] == [
        "pdf", "exe", "", "", "pdf",
    ]  # fmt: skip


def test_the_largest_file_is_within_the_request_limit() -> None:
    assert LARGEST_FILE + 64 * 1024 <= LARGEST_REQUEST
    big = b"a" * LARGEST_FILE
    with inspected(sent("a.txt", big)) as found:
        lengths = [len(part) for part in found.parts()]
    assert lengths == [PART] * (LARGEST_FILE // PART)


def test_a_scanner_finds_nothing_in_our_own_code() -> None:
    rooms = (
        PROJECT / "coordination/tickets/attachments",
        PROJECT / "projects/files",
        PROJECT / "tests/coordination/tickets/attachments",
    )
    sources = [path for room in rooms for path in room.rglob("*.py")]
    assert len(sources) > 15
    assert [path for path in sources if EICAR in path.read_bytes()] == []
