"""Request parsers that refuse what PostgreSQL or Python cannot handle."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import IO, Any, Final

from django.core.exceptions import SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser

from projects.access.problems import Problem
from projects.files.checks.refusal_messages import REFUSAL_MESSAGES
from projects.files.limits import LARGEST_FILE
from projects.record.refusals import FieldError, Invalid

MEBIBYTE: Final = 1024 * 1024
DEEPEST: Final = 32
_NESTS: Final = frozenset({dict, list})  # the only parsed types that contain others
_LONGEST_NUMBER: Final = 300  # digits; no field has more than some twenty
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


def _is_too_deep(value: Any) -> bool:
    """Whether it is nested more deeply than allowed; checked without recursion."""
    level = [value]
    for _each in range(DEEPEST + 1):
        if _NESTS.isdisjoint(map(type, level)):
            return False
        level = list(chain.from_iterable([_within(each) for each in level if type(each) in _NESTS]))
    return True


def _within(value: "dict[str, Any] | list[Any]") -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _once_each(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose members have different names. Raises Problem if two have the same."""
    found = dict(members)
    if len(found) < len(members):
        (twice, _times), *_others = Counter(name for name, _value in members).most_common(1)
        message = _("An object has the member “%(name)s” twice.") % {
            "name": twice[:60].encode(errors="replace").decode()
        }
        raise Problem("malformed", message)
    return found


def _whole(digits: str) -> int | float:
    """A whole number; one that is too long for Python is too large for every field."""
    if len(digits) <= _LONGEST_NUMBER:
        return int(digits)
    return -math.inf if digits[0] == "-" else math.inf


def _value_of(raw: bytes) -> Any:
    """Parse JSON. Raises Problem, ValueError, or RecursionError."""
    text = raw.decode("utf-8")
    value = json.loads(
        text, parse_constant=_refuse_constant, parse_int=_whole, object_pairs_hook=_once_each
    )
    if _SURROGATE.search(text):  # raises if one is not part of a pair
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def _require_plain(parser_context: Mapping[str, Any] | None) -> None:
    """Raise Problem (415) for a compressed body, whose size nobody knows before it is read."""
    request = (parser_context or {}).get("request")
    coding = request.headers.get("Content-Encoding", "") if request else ""
    if coding.strip().lower() not in {"", "identity"}:
        message = _("A request's body may not be compressed (Content-Encoding).")
        raise Problem("unsupported-media-type", message)


class CarefulJSONParser(BaseParser):
    """JSON up to ``most`` MiB and 32 levels, UTF-8, no NUL, lone surrogates, NaN or Infinity.

    No member twice, since readers differ on which one holds. Raises Problem: ``too-large`` (413),
    ``malformed`` (400), or ``unsupported-media-type`` (415) of what is compressed.
    """

    media_type = "application/json"
    most = 1  # MiB

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 - the framework names it
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the parsed value."""
        _require_plain(parser_context)
        raw = stream.read(self.most * MEBIBYTE + 1)
        if len(raw) > self.most * MEBIBYTE:
            message = _("A request may have at most %(most)s MiB.") % {"most": self.most}
            raise Problem("too-large", message)
        try:
            value = _value_of(raw)
            is_too_deep = _is_too_deep(value)
        except RecursionError:
            is_too_deep = True
        except ValueError as error:
            raise Problem("malformed", _("This is not JSON in UTF-8.")) from error
        if is_too_deep:
            raise Problem("malformed", _("This JSON nests too deep."))
        if b"\\u0000" in raw and any("\x00" in string for string in _strings(value)):
            raise Problem("malformed", _("Text may not contain the NUL character."))
        return value


class BulkJSONParser(CarefulJSONParser):
    """The same, with the larger limit of requests that hold many items."""

    most = 4


class CarefulMultiPartParser(MultiPartParser):
    """A form with files, of at most LARGEST_REQUEST bytes; a large file goes to the disk.

    Raises Problem: ``malformed`` (400), also for more fields or files than a form has;
    ``too-large`` (413) for a file of more than LARGEST_FILE bytes; ``invalid`` (422) where a name
    is sent twice, since one of the two would be dropped.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> "DataAndFiles[Any, Any]":
        """Return the fields and the files."""
        _require_plain(parser_context)
        try:
            form = super().parse(stream, media_type, parser_context)
        except (ParseError, MultiPartParserError, SuspiciousOperation, ValueError) as error:
            raise Problem("malformed", _("This is not a form of multipart/form-data.")) from error
        _require_each_once(form)
        files: dict[str, Any] = dict(form.files.items())
        large = [name for name, file in files.items() if file.size > LARGEST_FILE]
        if large:
            message = REFUSAL_MESSAGES["too-large"]
            errors = [FieldError((name,), message, "too-large") for name in large]
            raise Problem("too-large", message, errors=errors)
        return form


def _require_each_once(form: "DataAndFiles[Any, Any]") -> None:
    """Raise Problem where a name is sent twice: one of the two would be dropped."""
    sent = Counter(
        name for part in (form.data, form.files) for name, each in part.lists() for _value in each
    )
    repeated = [name for name, number in sent.items() if number > 1]
    errors = [
        FieldError((name,), REFUSAL_MESSAGES["two-files"], "two-files") if name in form.files
        else FieldError((name,), _("This is sent twice. Send it once."), "repeated")
        for name in repeated
    ]  # fmt: skip
    if errors:
        raise Problem("invalid", Invalid.message, errors=errors)
