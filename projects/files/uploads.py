"""Makes the names of uploaded files readable before Django reads the form.

Django reads the head of each part of a form as UTF-8, and passes over a part that is not. Programs
of Chinese offices send names in GBK, in the encoded words of mail (RFC 2047), or percent-encoded.
"""

import re
from email.errors import MessageError
from email.header import decode_header
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from django.core.files.uploadhandler import (
    FileUploadHandler,
    MemoryFileUploadHandler,
    TemporaryFileUploadHandler,
)
from django.http.multipartparser import MultiPartParser

_PIECE: Final = 64 * 1024  # bytes
_LONGEST_HEAD: Final = 8 * 1024  # bytes; Django refuses a longer one
_WORDS: Final = re.compile(r"=\?[\w-]+\?[BbQq]\?[^?]*\?=(?:\s+=\?[\w-]+\?[BbQq]\?[^?]*\?=)*")
_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


class ReadableNames(FileUploadHandler):
    """Parses the form itself, as Django does, behind ``Readable``; the only handler there is."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django names it
        content_length: int,  # noqa: ARG002 - Django names it
        boundary: Any,
        encoding: str | None = None,
    ) -> tuple[Any, Any]:
        handlers: list[Any] = [
            MemoryFileUploadHandler(self.request), TemporaryFileUploadHandler(self.request),
        ]  # fmt: skip
        body: Any = Readable(input_data, boundary)
        return MultiPartParser(META, body, handlers, encoding).parse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django names it
        """Never called: the parts are given to the other handlers."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Never called either."""


class Readable:
    """The body of a form, with the heads of its parts in UTF-8; a stream that can be read once."""

    def __init__(self, body: Any, boundary: bytes) -> None:
        self._body, self._mark = body, b"--" + boundary
        self._waiting, self._ready = b"", b""
        self._in_head = self._is_over = False

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; all where no size is given."""
        while not self._is_over and (size < 0 or len(self._ready) < size):
            self._read_more()
        end = len(self._ready) if size < 0 else size
        taken, self._ready = self._ready[:end], self._ready[end:]
        return taken

    def _read_more(self) -> None:
        piece = self._body.read(_PIECE)
        self._is_over = not piece
        self._waiting += piece
        before = (-1, self._in_head)
        while before != (len(self._waiting), self._in_head):
            before = (len(self._waiting), self._in_head)
            ready, self._waiting = (self._head if self._in_head else self._content)(self._waiting)
            self._ready += ready
        if self._is_over:
            self._ready += self._waiting

    def _content(self, waiting: bytes) -> tuple[bytes, bytes]:
        """What can be passed on: up to and with the next mark, which may be cut in two."""
        at = waiting.find(self._mark)
        self._in_head = at >= 0
        safe = at + len(self._mark) if at >= 0 else max(0, len(waiting) - len(self._mark) + 1)
        return waiting[:safe], waiting[safe:]

    def _head(self, waiting: bytes) -> tuple[bytes, bytes]:
        """The head of a part, which an empty line ends. Behind the last mark there is none."""
        end = waiting.find(b"\r\n\r\n")
        is_head = b"\r\n".startswith(waiting[:2])
        if is_head and end < 0 and len(waiting) < _LONGEST_HEAD and not self._is_over:
            return b"", waiting
        self._in_head = False
        if not is_head or end < 0:
            return b"", waiting
        return b"\r\n".join(map(readable, waiting[:end].split(b"\r\n"))), waiting[end:]


def readable(line: bytes) -> bytes:
    """A line of a part's head; the one with the name of a file in UTF-8, as the sender sees it."""
    if not line.lower().startswith(b"content-disposition"):
        return line
    text = _decoded(line)
    if "filename*" not in text:  # which Django reads (RFC 2231)
        text = _WORDS.sub(lambda words: _quotable(_of_words(words[0])), text)
        text = _PERCENT.sub(lambda code: _quotable(_of_percents(code[0])), text)
    return text.encode()


def _decoded(line: bytes, tried: tuple[str, ...] = ("utf-8", "gb18030")) -> str:
    for encoding in tried:
        try:
            return line.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return line.decode("utf-8", "replace")


def _of_words(words: str) -> str:
    """Encoded words as text; senders call GB 2312 what is GBK."""
    try:
        parts = decode_header(words)
    except (MessageError, ValueError):
        return words
    return "".join(
        part if isinstance(part, str) else _decoded(part, (_encoding(name), "utf-8", "gb18030"))
        for part, name in parts
    )


def _encoding(name: str | None) -> str:
    return "gb18030" if (name or "").lower().startswith("gb") else name or "utf-8"


def _of_percents(text: str) -> str:
    """Percent-encoded UTF-8 that is not all ASCII; other text as it is."""
    try:
        decoded = unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        return text
    return text if decoded.isascii() else decoded


def _quotable(name: str) -> str:
    """The name without what would end it, or the line."""
    return re.sub(r'["\\\x00-\x1f\x7f]', "_", name)
