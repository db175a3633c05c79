"""Files good and bad, made here: no program of ours opens any of them."""

import io
import struct
import zlib
from collections.abc import Mapping
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.uploadedfile import SimpleUploadedFile

EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MAIN: Final = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
}


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def pdf(body: bytes = b"1 0 obj\n<<>>\nendobj\n") -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + body + b"trailer\n<<>>\nstartxref\n9\n%%EOF\n"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 2, height: int = 2, *beside: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\1\2" * 2)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(beside) + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
    )  # fmt: skip


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def exif(orientation: int, order: str = ">", place: bytes = b"N34.6197 E112.4540") -> bytes:
    """What a telephone notes: which way up it was held, and where it was."""
    mark = b"MM" if order == ">" else b"II"
    tiff = struct.pack(f"{order}2sHIH", mark, 42, 8, 1)
    tiff += struct.pack(f"{order}HHIHHI", 0x0112, 3, 1, orientation, 0, 0)
    return segment(0xE1, b"Exif\0\0" + tiff + place)


def jpeg(
    width: int = 8, height: int = 8, *beside: bytes, data: bytes = b"\x12\xff\x00\x34"
) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0") + b"".join(beside)
        + segment(0xDB, b"\0" + bytes(range(1, 65))) + segment(0xC0, frame)
        + segment(0xDA, b"\1\1\0\0\x3f\0") + data + b"\xff\xd9"
    )  # fmt: skip


def archive(members: Mapping[str, bytes], how: int = ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w", how) as file:
        for name, content in members.items():
            file.writestr(ZipInfo(name), content, how)  # the same bytes, whenever it is made
    return made.getvalue()


def office(
    kind: str = "docx", more: Mapping[str, bytes] | None = None, how: int = ZIP_DEFLATED
) -> bytes:
    document, media_type = MAIN[kind]
    types = f'<Types><Override PartName="/{document}" ContentType="x.{media_type}"/></Types>'
    members = {"[Content_Types].xml": types.encode(), document: b"<?xml version='1.0'?><w/>"}
    return archive({**members, **(more or {})}, how)


GOOD: Final[dict[str, bytes]] = {
    "行车路线.pdf": pdf(),
    "现场.jpg": jpeg(),
    "现场.JPEG": jpeg(),
    "截图.png": png(),
    "报告.docx": office(),
    "清单.xlsx": office("xlsx"),
    "图表.docx": office(more={"word/embeddings/Sheet1.xlsx": office("xlsx")}),
    "旧图.docx": office(more={"word/media/image1.emz": b"\x1f\x8b\x08\0"}),
    "说明.txt": "经连霍高速\r\n至洛龙区".encode(),
    "名单.csv": "\ufeff姓名,电话\n张三,138".encode(),
    "旧系统.txt": "经连霍高速".encode("gb18030"),
}


def lying(whole: bytes, told: int) -> bytes:
    """The same document, whose table says that its last member unpacks to so little."""
    made = bytearray(whole)
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = made.rfind(signature)
        made[at + place : at + place + 4] = struct.pack("<I", told)
    return bytes(made)


def bomb() -> bytes:
    """140 MB of nothing."""
    return office(more={"word/media.xml": b"\0" * (140 * 1024 * 1024)})


def overlapping() -> bytes:
    """A bomb of the better sort: two entries of the table share one member's bytes."""
    made = office(more={"word/a.xml": b"a" * 1000, "word/b.xml": b"b" * 1000})
    first, second = made.find(b"PK\x03\x04", 4), made.rfind(b"PK\x03\x04")
    return made.replace(
        struct.pack("<I", second) + b"word/b.xml", struct.pack("<I", first + 1) + b"word/b.xml"
    )  # fmt: skip


def encrypted() -> bytes:
    made = bytearray(office())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.find(signature) + place] |= 1
    return bytes(made)


_MACRO: Final = {
    "[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml",
    "word/document.xml": b"<w/>",
}


Bad = dict[str, tuple[str, bytes, str]]


def bad() -> Bad:
    """What each is → its name, its bytes, the reason for which it is refused."""
    return _bad_as_a_whole() | _bad_within()


def _bad_as_a_whole() -> Bad:
    jar, picture, paper = archive({"A.class": b"\xca\xfe\xba\xbe"}), jpeg(), pdf()
    return {
        "empty": ("a.pdf", b"", "empty"),
        "no type": ("附件", paper, "file-type"),
        "SVG": ("a.svg", b"<svg onload='alert(1)'/>", "file-type"),
        "HTML": ("a.html", b"<html>", "file-type"),
        "two extensions": ("a.pdf.exe", paper, "file-type"),
        "a trailing dot": ("a.pdf.", paper, "file-type"),
        "old Word": ("a.doc", b"\xd0\xcf\x11\xe0", "file-type"),
        "SVG as PNG": ("a.png", b"<svg onload='alert(1)'/>", "mismatch"),
        "SVG as text": ("a.txt", b"\n <SVG onload='alert(1)'/>", "two-in-one"),
        "HTML as text": ("a.csv", "\ufeff<!DOCTYPE html><script>".encode(), "two-in-one"),
        "PDF as picture": ("a.jpg", paper, "mismatch"),
        "picture as PDF": ("a.pdf", picture, "mismatch"),
        "picture as text": ("a.txt", picture, "mismatch"),
        "program as text": ("a.txt", b"MZ\x90\x00\x03", "mismatch"),
        "Excel as Word": ("a.docx", office("xlsx"), "mismatch"),
        "archive as Word": ("a.docx", jar, "mismatch"),
        "old Word as new": ("a.docx", b"\xd0\xcf\x11\xe0" * 200, "mismatch"),
        "half a PDF": ("a.pdf", paper[:-7], "damaged"),
        "half a JPEG": ("a.jpg", picture[:-2], "damaged"),
        "JPEG with a long segment": ("a.jpg", picture[:24] + b"\xff\xff\xff", "damaged"),
        "JPEG without pixels": ("a.jpg", b"\xff\xd8\xff\xd9", "damaged"),
        "half a PNG": ("a.png", png()[:-8], "damaged"),
        "PNG with a wrong sum": ("a.png", png()[:-1] + b"\0", "damaged"),
        "PNG with a foreign chunk": ("a.png", png(2, 2, chunk(b"EVIL", b"")), "damaged"),
        "half an archive": ("a.docx", office()[:-5], "damaged"),
        "PDF and page": ("a.pdf", b"%PDF-1.4\n<html><script>" + paper, "two-in-one"),
        "PDF and page behind": ("a.pdf", paper + b"<script>alert(1)</script>", "two-in-one"),
        "PDF and archive": ("a.pdf", paper + jar, "two-in-one"),
        "GIFAR": ("a.jpg", picture + jar, "two-in-one"),
        "PNG and archive": ("a.png", png() + jar, "two-in-one"),
        "archive in a comment": ("a.jpg", jpeg(8, 8, segment(0xFE, jar)), "two-in-one"),
        "Word behind something": ("a.docx", b"MZ" + office(), "mismatch"),
        "Word before something": ("a.docx", office() + b"behind", "two-in-one"),
        "many pixels": ("a.png", png(30_000, 30_000), "pixels"),
        "a long line of pixels": ("a.png", png(100_000, 1), "pixels"),
        "many pixels in a JPEG": ("a.jpg", jpeg(65_000, 65_000), "pixels"),
        "no pixels": ("a.jpg", jpeg(0, 8), "damaged"),
        "UTF-16": ("a.txt", "经连霍高速".encode("utf-16"), "encoding"),
        "not Chinese, not Unicode": ("a.txt", b"\xc3\xff\xfd\xff", "encoding"),
        "EICAR": ("a.txt", EICAR, "virus"),
        "EICAR in a PDF": ("a.pdf", pdf(EICAR), "virus"),
        "too large": ("a.txt", b"a" * (10 * 1024 * 1024 + 1), "too-large"),
    }  # fmt: skip


def _bad_within() -> Bad:
    """Archives of Office's that hold what they may not."""
    jar = archive({"A.class": b"\xca\xfe\xba\xbe"})
    inner = {"word/embeddings/a.docx": office(more={"word/embeddings/b.xlsx": office("xlsx")})}
    return {
        "macro": ("a.docx", office(more={"word/vbaProject.bin": b"\xd0\xcf"}), "active"),
        "macro by type": ("a.docx", archive(_MACRO), "active"),
        "macro sheet": ("a.xlsx", office("xlsx", {"xl/macrosheets/s.xml": b"<x/>"}), "active"),
        "control": ("a.docx", office(more={"word/activeX/a.xml": b"<x/>"}), "active"),
        "package": ("a.docx", office(more={"word/embeddings/o": b"\xd0\xcf\x11\xe0"}), "active"),
        "program within": ("a.xlsx", office("xlsx", {"xl/media/a.png": b"MZ\x90"}), "active"),
        "macro of the workbook within": (
            "a.docx", office(more={"word/embeddings/a.xlsx": office(
                "xlsx", {"xl/vbaProject.bin": b"a"})}), "active",
        ),
        "archive within": ("a.docx", office(more={"word/media/a.zip": jar}), "nested"),
        "RAR within": ("a.docx", office(more={"word/media/a": b"Rar!\x1a\x07"}), "nested"),
        "archive in an archive": ("a.docx", office(more=inner), "nested"),
        "a lie about the size": (
            "a.docx", lying(office(more={"word/a.xml": b"a" * 100_000}), 1000), "damaged",
        ),
        "shared bytes": ("a.docx", overlapping(), "inflated"),
        "many members": (
            "a.docx", office(more={f"word/{n}.xml": b"" for n in range(2000)}), "inflated",
        ),
        "swelling entities": (
            "a.docx", office(more={"word/a.xml": b"<!DOCTYPE x [<!ENTITY a 'a'>]>"}), "inflated",
        ),
        "the same in UTF-16": (
            "a.docx", office(more={"word/a.xml": "<!DOCTYPE x>".encode("utf-16")}), "inflated",
        ),
        "a name upwards": ("a.docx", office(more={"word/../../etc/passwd": b"a"}), "names"),
        "a name from the root": ("a.docx", office(more={"/etc/passwd": b"a"}), "names"),
        "a name of Windows": ("a.docx", office(more={"word\\..\\a": b"a"}), "names"),
        "two of a name": ("a.docx", office(more={"WORD/document.xml": b"a"}), "names"),
        "encrypted": ("a.docx", encrypted(), "encrypted"),
        "packed within": ("a.docx", office(more={"word/a.gz": b"\x1f\x8b\x08"}), "nested"),
        "EICAR unpacked": ("a.docx", office(more={"word/a.txt": b" " * 65_500 + EICAR}), "virus"),
        "EICAR packed flat": ("a.docx", office(more={"word/a": EICAR}, how=ZIP_STORED), "virus"),
    }  # fmt: skip
