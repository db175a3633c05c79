"""``Idempotency-Key`` on every POST: sent twice, it is carried out once.

The key's row commits with the change. A concurrent request with the same key waits for the first
(on the unique index), then gets its answer, or 409 after three seconds. Refusals are not stored.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, NoReturn

from django.core.files.base import File
from django.db import OperationalError, connection
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from psycopg import errors as pg
from psycopg.types.json import Jsonb
from rest_framework.request import Request
from rest_framework.response import Response

from projects.access.authentication import caller_of
from projects.access.models import ApiKey, IdempotentRequest
from projects.access.problems import Problem, mistakes_of
from projects.access.renderers import AnswerRenderer, written
from projects.record.canonical import compact
from projects.record.clock import change
from projects.record.refusals import FieldError, Invalid

WAIT: Final = "3s"
_HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS: Final = ("Location", "ETag")


def _refuse_without_key(
    prepare: Callable[[], object] | None, perform: Callable[[], Response]
) -> NoReturn:
    """Raise Problem (400) with every other mistake too."""
    try:
        if prepare is not None:
            prepare()
    except Invalid as refused:
        raise _without_key(refused.errors) from refused
    with change(whole=True):  # undone by the refusal
        raise _without_key(mistakes_of(perform))


def _without_key(others: Sequence[FieldError]) -> Problem:
    text = _("Send an Idempotency-Key of 1 to 255 visible ASCII characters, new each time.")
    missing = FieldError((_HEADER,), text, "required")
    return Problem("idempotency-key-missing", text, errors=[missing, *others])


def _fingerprint(request: Request) -> str:
    """Hash of method, path, body and what the caller is shown; floats are only compared."""
    body = request.data
    if isinstance(body, QueryDict):  # a form; the last value of a repeated name
        body = body.dict()
    # Who reads masked is not given the answer to who does not.
    shown = ["masked"] if caller_of(request).sees_masked else []
    content = compact([request.method, request.path, body, *shown], default=_file_as_text)
    return hashlib.sha256(content).hexdigest()


def _file_as_text(file: "File[Any]") -> list[str | None]:
    """The file's name and the digest of its content."""
    return ["file", file.name, _digest_of(file)]


def _digest_of(file: "File[Any]") -> str:
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    return digest.hexdigest()


# The lock timeout holds for this INSERT only.
_CLAIM: Final = f"""
    SET LOCAL lock_timeout = '{WAIT}';
    INSERT INTO access_idempotentrequest
        (enterprise_id, operation, key, fingerprint, recorded_at, status, headers)
    VALUES (%s, %s, %s, %s, %s, 0, '{{}}')
    ON CONFLICT (enterprise_id, operation, key) DO NOTHING RETURNING id;
    SET LOCAL lock_timeout = DEFAULT
"""  # noqa: S608 - a value of our own, no input


def _claim(caller: ApiKey, operation: str, key: str, fingerprint: str, at: datetime) -> int | None:
    """Insert the key's row and return its id, or None if it exists already.

    Waits for a concurrent request with the same key.
    """
    with connection.cursor() as cursor:  # one round trip; the second statement returns the row
        cursor.execute(_CLAIM, [caller.enterprise_id, operation, key, fingerprint, at])
        cursor.nextset()
        found = cursor.fetchone()
    return None if found is None else int(found[0])


def _replay(stored: IdempotentRequest, fingerprint: str) -> Response:
    if stored.fingerprint != fingerprint:
        raise Problem("idempotency-key-reused")
    headers = {**stored.headers, "Idempotent-Replayed": "true"}
    return Response(stored.body, status=stored.status, headers=headers)


def once(
    request: Request,
    *,
    operation: str,
    perform: Callable[[], Response],
    prepare: Callable[[], object] | None = None,
    unkept: Sequence[str] = (),
) -> Response:
    """Carry out ``perform`` once for this key of this caller, or repeat its stored answer.

    ``prepare`` finds what the request is about and does what takes long; it is done before the
    change begins, since others would wait for the change. A stored answer is repeated before
    anything is prepared or checked, so preconditions belong inside ``perform`` or ``prepare``. The
    members named in ``unkept`` are secrets: a repeated answer has null in their place. Raises
    Problem: 400 without a key, 422 for a key used with another request, 409 while the first is
    under way; and whatever ``prepare`` and ``perform`` raise, which undoes all.
    """
    caller, key = caller_of(request), request.headers.get(_HEADER, "")
    if not _KEY.fullmatch(key):
        _refuse_without_key(prepare, perform)
    if prepare is not None:
        stored = _stored(caller, operation, key).first()
        if stored is not None:
            return _replay(stored, _fingerprint(request))
        prepare()  # before the body is read, which nobody need be told of who finds nothing here
    fingerprint = _fingerprint(request)
    try:
        with change(whole=True) as at:
            claimed = _claim(caller, operation, key, fingerprint, at)
            if claimed is None:
                return _replay(_stored(caller, operation, key).get(), fingerprint)
            response = perform()
            _store_answer(claimed, response, _body_to_store(request, response, unkept))
            return response
    except OperationalError as error:
        if isinstance(error.__cause__, pg.LockNotAvailable):
            raise Problem("in-flight", wait=1) from error
        raise


def _store_answer(claimed: int, response: Response, body: Any) -> None:
    """Store the answer in the key's row."""
    headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    values: list[Any] = [response.status_code, body, Jsonb(headers), claimed]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE access_idempotentrequest SET status = %s, body = %s, headers = %s "
            "WHERE id = %s",
            values,
        )


def _body_to_store(request: Request, response: Response, unkept: Sequence[str]) -> Any:
    """The body to store; serialized once if possible: the stored JSON is also the response."""
    body = response.data
    if unkept:
        return Jsonb({**body, **{name: None for name in unkept if name in body}})
    if body is None or not isinstance(request.accepted_renderer, AnswerRenderer):
        return Jsonb(body)
    response.data = text = written(body, request.accepted_media_type)
    return Jsonb(text, dumps=lambda text: text.content)


def _stored(caller: ApiKey, operation: str, key: str) -> QuerySet[IdempotentRequest]:
    return IdempotentRequest.objects.filter(
        enterprise_id=caller.enterprise_id, operation=operation, key=key
    )
