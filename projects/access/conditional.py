"""Entity tags, ``If-Match`` and ``If-None-Match`` (RFC 9110).

So that no caller overwrites another's change, nor fetches again what it has.
"""

import hashlib
import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from projects.access.problems import Problem, mistakes_of
from projects.access.renderers import written
from projects.record.refusals import FieldError, Stale

IF_MATCH: Final = "If-Match"
GZIP: Final = "-gzip"  # ends the tag of a compressed answer, which is another representation
_TAG: Final = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_VERSION: Final = re.compile(r"v(\d{1,9})(?:-[0-9a-f]+)?")
_DIGITS: Final = 16  # of the hash in a tag


def etag(version: int, body: Any = None) -> str:
    """The strong entity tag of a version; with ``body``, of this answer to this caller.

    A ticket's light turns and its liaison changes without a new version, so the tag of an answer
    says more than the version; ``If-Match`` compares the version alone.
    """
    return f'"v{version}"' if body is None else f'"v{version}-{_hash(body)}"'


def etag_of(body: Any) -> str:
    """The strong entity tag of something without versions."""
    return f'"{_hash(body)}"'


def _hash(body: Any) -> str:
    return hashlib.sha256(written(body).content).hexdigest()[:_DIGITS]


def _tags(header: str) -> list[tuple[bool, str]] | None:
    """The tags of a list, each with whether it is weak; None if it is no list of tags."""
    pieces = {piece.strip() for piece in _TAG.sub("T", header).split(",")}
    if "T" not in pieces or not pieces <= {"T", ""}:
        return None
    return [(bool(weak), tag.removesuffix(GZIP)) for weak, tag in _TAG.findall(header)]


def expected_version(request: Request, current: int) -> int | None:
    """The version that the caller read, by ``If-Match``; None for ``*``, which is any.

    Of several, the ``current`` one. Raises Problem: 428 if it is absent, 400 if it is no list of
    tags; Stale (412) if none is a strong tag of the current version.
    """
    header = request.headers.get(IF_MATCH, "").strip()
    if not header:
        text = _("Send the ETag that you read in If-Match.")
        raise Problem("if-match-missing", text, errors=[FieldError((IF_MATCH,), text, "required")])
    if header == "*":
        return None
    tags = _tags(header)
    if tags is None:
        text = _("If-Match is * or a list of entity tags in double quotes.")
        raise Problem("malformed", text, errors=[FieldError((IF_MATCH,), text, "type")])
    strong = (_VERSION.fullmatch(tag) for is_weak, tag in tags if not is_weak)
    if current not in {int(found[1]) for found in strong if found}:
        raise Stale
    return current


def on_version[R](request: Request, current: int, act: Callable[[int | None], R]) -> R:
    """Do ``act`` on the version that the caller read.

    Raises as ``expected_version`` does, with every mistake of the body too; the caller's
    transaction undoes what was done to find them.
    """
    try:
        version = expected_version(request, current)
    except Problem as problem:
        problem.errors += mistakes_of(partial(act, None))
        raise
    return act(version)


def unless_unchanged(request: Request, response: Response) -> Response:
    """The response, or 304 where ``If-None-Match`` has its tag or is ``*``."""
    header = request.headers.get("If-None-Match", "").strip()
    tag = response["ETag"].strip('"')
    if header == "*" or tag in {given for _weak, given in _tags(header) or []}:
        return Response(status=304, headers={"ETag": response["ETag"]})
    return response
