"""Files good and bad, made here: no program of ours opens any of them."""

import io
import struct
import zlib
from collections.abc import Mapping
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter

from tests.projects.files.ole import ole

EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MAIN: Final = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
}


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


SCRIPT: Final = b"<< /S /JavaScript /JS (app.alert(1)) >>"


def pdf(*more: bytes, catalog: bytes = b"", page: bytes = b"", packed: bytes = b"") -> bytes:
    """One empty page; ``more`` are objects from number 4 on, the others entries of these two.

    With ``packed``, that is object 4, within a compressed stream, and so is the table of places.
    """
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] " + page + b" >>", *more,
    ]  # fmt: skip
    if packed:
        bodies += [b"null", _stream(b"/Type /ObjStm /N 1 /First 4", b"4 0 " + packed)]
    made, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", list[int]()
    for number, body in enumerate(bodies, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(made)
    if packed:
        rows = [(0, 0, 65535), *((1, place, 0) for place in places), (1, start, 0)]
        rows[4] = (2, 5, 0)
        table = b"".join(struct.pack(">BIH", *row) for row in rows)
        made += b"6 0 obj\n%b\nendobj\n" % _stream(
            b"/Type /XRef /W [1 4 2] /Size 7 /Root 1 0 R", table
        )
    else:
        rows_of = b"".join(b"%010d 00000 n \n" % place for place in places)
        told = (len(places) + 1, b"0000000000 65535 f \n" + rows_of, len(places) + 1)
        made += b"xref\n0 %d\n%btrailer\n<< /Size %d /Root 1 0 R >>\n" % told
    return made + b"startxref\n%d\n%%%%EOF\n" % start


def _stream(entries: bytes, content: bytes) -> bytes:
    squeezed = zlib.compress(content)
    told = (entries, len(squeezed), squeezed)
    return b"<< %b /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % told


def locked(password: str) -> bytes:
    """A PDF that is encrypted, as banks send them without a password and people with one."""
    writer, made = PdfWriter(io.BytesIO(pdf())), io.BytesIO()
    writer.encrypt(password, "owner", algorithm="AES-128")
    writer.write(made)
    return made.getvalue()


def relations(kind: str, target: str, mode: str = "External") -> bytes:
    """A list of relations of a part of a document."""
    return (
        "<Relationships><Relationship Id='r1' Target='" + target + f"' TargetMode='{mode}' "
        f"Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}'/>"
        "</Relationships>"
    ).encode()


def template_at(target: str) -> bytes:
    """A document of Word whose template is there."""
    return office(more={"word/_rels/settings.xml.rels": relations("attachedTemplate", target)})


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


FORMULA: Final = ole(Equation_Native=b"MTEF", **{"\x01CompObj": b"Equation.3", "\x01Ole": b""})
GOOD: Final[dict[str, bytes]] = {
    "行车路线.pdf": pdf(),
    "打印即出.pdf": pdf(catalog=b"/OpenAction << /S /Named /N /Print >>"),
    "首页.pdf": pdf(catalog=b"/OpenAction [3 0 R /Fit]"),
    "表单.pdf": pdf(page=b"/Annots [<< /Subtype /Widget /AA << /K " + SCRIPT + b" >> >>]"),
    "链接.pdf": pdf(page=b"/Annots [<< /Subtype /Link /A << /S /URI /URI (https://a.cn) >> >>]"),
    "邮件中存出.pdf": b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n" + pdf(),
    "扫描仪.pdf": b"\0" * 1000 + pdf(),
    "回单.pdf": locked(""),
    "现场.jpg": jpeg(),
    "现场.JPEG": jpeg(),
    "微信图片.jfif": jpeg(),
    "截图.png": png(),
    "报告.docx": office(),
    "清单.xlsx": office("xlsx"),
    "图表.docx": office(more={"word/embeddings/Sheet1.xlsx": office("xlsx")}),
    "公式.docx": office(more={"word/embeddings/oleObject1.bin": FORMULA}),
    "公式.xlsx": office("xlsx", {"xl/embeddings/oleObject1.bin": FORMULA}),
    "范本.docx": template_at("file:///C:\\Users\\wang\\Templates\\report.dotx"),
    "网址.docx": office(more={
        "word/_rels/document.xml.rels": relations("hyperlink", "https://www.henan.gov.cn/")}),
    "引用.xlsx": office("xlsx", {
        "xl/externalLinks/_rels/externalLink1.xml.rels": relations(
            "externalLinkPath", "file:///D:\\2020.xlsx")}),
    "旧图.docx": office(more={"word/media/image1.emz": b"\x1f\x8b\x08\0"}),
    "说明.txt": "经连霍高速\r\n至洛龙区".encode(),
    "名单.csv": "\ufeff姓名,电话\n张三,138".encode(),
    "旧系统.txt": "经连霍高速".encode("gb18030"),
}  # fmt: skip
# What it is called, what it is, and what it is called from then on.
MISNAMED: Final[dict[str, tuple[bytes, str]]] = {
    "截图.jpg": (png(), "截图.png"),
    "现场.png": (jpeg(), "现场.jpg"),
    "行车路线.jpg": (pdf(), "行车路线.pdf"),
    "照片.pdf": (jpeg(), "照片.jpg"),
    "清单.docx": (office("xlsx"), "清单.xlsx"),
    "图.txt": (png(), "图.png"),
    "附件": (pdf(), "附件.pdf"),
    "报告.pdf.": (pdf(), "报告.pdf"),
    "2020.3.9现场": (jpeg(), "2020.3.9现场.jpg"),
}  # fmt: skip


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
    return _bad_as_a_whole() | _bad_within() | _bad_when_opened()


def _bad_as_a_whole() -> Bad:
    jar, picture, paper = archive({"A.class": b"\xca\xfe\xba\xbe"}), jpeg(), pdf()
    return {
        "empty": ("a.pdf", b"", "empty"),
        "no type": ("附件", "经连霍高速".encode(), "file-type"),
        "SVG": ("a.svg", b"<svg onload='alert(1)'/>", "file-type"),
        "HTML": ("a.html", b"<html>", "file-type"),
        "two extensions": ("a.pdf.exe", paper, "file-type"),
        "old Word": ("a.doc", b"\xd0\xcf\x11\xe0", "file-type"),
        "SVG as PNG": ("a.png", b"<svg onload='alert(1)'/>", "mismatch"),
        "SVG as text": ("a.txt", b"\n <SVG onload='alert(1)'/>", "two-in-one"),
        "HTML as text": ("a.csv", "\ufeff<!DOCTYPE html><script>".encode(), "two-in-one"),
        "text as PDF": ("a.pdf", "经连霍高速".encode(), "mismatch"),
        "HEIC as JPEG": ("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0", "picture"),
        "WebP as PNG": ("a.png", b"RIFF\0\0\0\0WEBPVP8 ", "picture"),
        "GIF as JPEG": ("a.jpeg", b"GIF89a\1\0\1\0", "picture"),
        "program before a PDF": ("a.pdf", b"MZ\x90\0" + paper, "two-in-one"),
        "RAR before a PDF": ("a.pdf", b"Rar!\x1a\7\0" + paper, "two-in-one"),
        "PDF too far behind": ("a.pdf", b" " * 1024 + paper, "mismatch"),
        "PDF without pages": ("a.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n", "damaged"),
        "PDF with a password": ("a.pdf", locked("secret"), "encrypted"),
        "program as text": ("a.txt", b"MZ\x90\x00\x03", "mismatch"),
        "archive as Word": ("a.docx", jar, "mismatch"),
        "old Word as new": ("a.docx", ole(WordDocument=b""), "old-format"),
        "old Excel as new": ("a.xlsx", ole(Workbook=b""), "old-format"),
        "encrypted Word": ("a.docx", ole(EncryptedPackage=b""), "encrypted"),
        "half an old Word": ("a.docx", ole(WordDocument=b"")[:600], "old-format"),
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
        "EICAR in a PDF": ("a.pdf", pdf(b"(" + EICAR + b")"), "virus"),
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
        "damaged object": ("a.docx", _holding(b"\xd0\xcf\x11\xe0"), "embedded"),
        "packed program": ("a.docx", _holding(ole(**{"\x01Ole10Native": b"MZ"})), "embedded"),
        "old Excel within": ("a.docx", _holding(ole(Workbook=b"")), "embedded"),
        "formula and more": (
            "a.docx", _holding(ole(Equation_Native=b"", Package=b"")), "embedded",
        ),
        "macros of an object": ("a.xlsx", office("xlsx", {
            "xl/embeddings/o.bin": ole(Workbook=b"", VBA=b"")}), "active"),
        "a large object": (
            "a.docx", _holding(ole(Equation_Native=b"").ljust(2**20 + 1, b"\0")), "embedded",
        ),
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


def _holding(thing: bytes) -> bytes:
    return office(more={"word/embeddings/oleObject1.bin": thing})


def _bad_when_opened() -> Bad:
    """What does something as soon as it is opened."""
    script = {"catalog": b"/OpenAction " + SCRIPT}
    then = b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next [" + SCRIPT + b"] >>"
    papers = {
        "a script": pdf(catalog=script["catalog"]),
        "a script elsewhere": pdf(SCRIPT, catalog=b"/OpenAction 4 0 R"),
        "a packed script": pdf(catalog=b"/OpenAction 4 0 R", packed=SCRIPT),
        "a script afterwards": pdf(catalog=then),
        "a script by another spelling": pdf(
            catalog=b"/Open#41ction << /S /J#61vaScript /#4aS (a) >>"),
        "a script behind other bytes": b"\r\n" * 500 + pdf(catalog=script["catalog"]),
        "a script of the document": pdf(
            catalog=b"/Names << /JavaScript << /Names [(a) " + SCRIPT + b"] >> >>"),
        "a script at the end": pdf(catalog=b"/AA << /WC " + SCRIPT + b" >>"),
        "a script of a page": pdf(page=b"/AA << /O " + SCRIPT + b" >>"),
        "a script of a field": pdf(
            page=b"/Annots [<< /Subtype /Widget /AA << /PV " + SCRIPT + b" >> >>]"),
        "a script of a form": pdf(
            _stream(b"", b"<template><script>1</script></template>"),
            catalog=b"/AcroForm << /XFA 4 0 R >>"),
        "a program": pdf(catalog=b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
        "an address": pdf(catalog=b"/OpenAction << /S /URI /URI (https://a.cn) >>"),
    }  # fmt: skip
    found: Bad = {f"PDF with {what}": ("a.pdf", paper, "script") for what, paper in papers.items()}
    for target in ("https://a.cn/t.dotm", "\\\\a.cn\\s\\t.dotm", "file://a.cn/t.dotm", "//a.cn/t",
                   "FTP://a.cn/t", "file:///\\\\a.cn\\t.dotm"):  # fmt: skip
        found[f"Word with the template {target}"] = ("a.docx", template_at(target), "remote")
    for kind in ("image", "frame", "oleObject", "subDocument"):
        rels = {"word/_rels/document.xml.rels": relations(kind, "http://a.cn/x", "external")}
        found[f"Word with the {kind} of another place"] = ("a.docx", office(more=rels), "remote")
    within = {"word/embeddings/a.docx": template_at("http://a.cn/t.dotm")}
    found["Word with such a document within"] = ("a.docx", office(more=within), "remote")
    swelling = {"word/_rels/settings.xml.rels": b"<!DOCTYPE x [<!ENTITY a 'a'>]><x/>"}
    found["relations that swell"] = ("a.docx", office(more=swelling), "inflated")
    return found
