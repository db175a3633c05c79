"""Names of uploaded files, as programs of all sorts send them."""

from io import BytesIO
from typing import Any, Final
from urllib.parse import quote

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from projects.files.uploads import Readable

NAME: Final = "行车路线.pdf"
BOUNDARY: Final = "----part"
WORD: Final = "=?UTF-8?B?6KGM6L2m6Lev57q/LnBkZg==?="
HEADS: Final[dict[str, bytes]] = {
    "UTF-8": f'filename="{NAME}"'.encode(),
    "GBK": f'filename="{NAME}"'.encode("gbk"),
    "GB 18030 of four bytes": 'filename="㐀㐁.pdf"'.encode("gb18030"),
    "GBK with a backslash in it": 'filename="誠衆.pdf"'.encode("gbk"),
    "RFC 2047 in base64": f'filename="{WORD}"'.encode(),
    "RFC 2047 without quotes": f"filename={WORD}".encode(),
    "RFC 2047 in GBK": b'filename="=?GBK?B?0NCztcK3z98=?=.pdf"',
    "RFC 2047 in what is called GB 2312": b'filename="=?gb2312?Q?=95=F3.pdf?="',
    "RFC 2047 in two words": b'filename="=?UTF-8?B?6KGM6L2m?= =?UTF-8?B?6Lev57q/LnBkZg==?="',
    "RFC 2231": f"filename*=UTF-8''{quote(NAME)}".encode(),
    "RFC 2231 in GBK": f"filename*=GBK''{quote(NAME, encoding='gbk')}".encode(),
    "RFC 2231 in pieces": (
        b"filename*0*=UTF-8''%E8%A1%8C%E8%BD%A6; filename*1*=%E8%B7%AF%E7%BA%BF.pdf"
    ),
    "percents": f'filename="{quote(NAME)}"'.encode(),
    "a path of Windows": f'filename="C:\\用户\\{NAME}"'.encode("gbk"),
}  # fmt: skip
SHOWN: Final = {
    "GB 18030 of four bytes": "㐀㐁.pdf", "GBK with a backslash in it": "誠衆.pdf",
    "RFC 2047 in what is called GB 2312": "曮.pdf",
}  # fmt: skip
PLAIN: Final = ["100%.pdf", "a%20b.pdf", "%E8%A1.pdf", "=?UTF-8?X?abc?=.pdf", "a=b?.pdf"]


def body_of(head: bytes, *contents: bytes, mark: str = BOUNDARY, **fields: str) -> bytes:
    """A form with a note, other fields, and a file of this head for each content."""
    made = b"".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in {"note": "见附图", **fields}.items()
    )
    part = f'--{mark}\r\nContent-Disposition: form-data; name="file"; '.encode() + head
    for content in contents:
        made += part + b"\r\nContent-Type: application/pdf\r\n\r\n" + content + b"\r\n"
    return made + f"--{mark}--\r\n".encode()


def request_of(body: bytes) -> HttpRequest:
    return RequestFactory().generic(
        "POST", "/", body, content_type=f"multipart/form-data; boundary={BOUNDARY}"
    )


@pytest.mark.parametrize("how", HEADS)
@pytest.mark.parametrize("size", [10, 3_000_000])
def test_the_name_is_what_the_sender_sees(how: str, size: int) -> None:
    content = b"\xd0\xd0\r\nContent-Disposition: \xd0\r\n\r\n--" * (size // 10)
    request = request_of(body_of(HEADS[how], content))
    file: Any = request.FILES["file"]
    assert (file.name, file.read() == content) == (SHOWN.get(how, NAME), True)
    assert (request.POST.dict(), len(request.FILES)) == ({"note": "见附图"}, 1)


@pytest.mark.parametrize("name", PLAIN)
def test_what_only_looks_encoded_stays(name: str) -> None:
    request = request_of(body_of(f'filename="{name}"'.encode(), b"a"))
    assert request.FILES["file"].name == name  # type: ignore[union-attr]  # one file


def test_no_name_ends_its_line_or_its_quotes() -> None:
    head = b'filename="=?UTF-8?B?YSI7IG5hbWU9Im90aGVyIg0KWDogYQ==?=.pdf"'
    request = request_of(body_of(head, b"a"))
    assert [(name, file.name) for name, file in request.FILES.items()] == [  # type: ignore[union-attr]  # one file
        ("file", "a_; name=_other___X: a.pdf")
    ]


class Dripping(BytesIO):
    """A body that comes a byte at a time."""

    def read(self, _size: int | None = -1, /) -> bytes:
        return super().read(1)


@pytest.mark.parametrize("size", [-1, 1, 7])
def test_a_body_in_the_smallest_pieces(size: int) -> None:
    content = b"--" + BOUNDARY.encode()[:-1] + b"\r\n" * 3
    body = Readable(Dripping(body_of(HEADS["GBK"], content)), BOUNDARY.encode())
    assert b"".join(iter(lambda: body.read(size), b"")) == body_of(HEADS["UTF-8"], content)
