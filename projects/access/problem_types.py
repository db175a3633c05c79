"""Every type of problem that the API answers with: one table, from which the pages are made too.

The code is the last part of the problem's ``type``, which is the address of its page; it is
stable. Only types listed here can be raised.
"""

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ProblemType(NamedTuple):
    """Its status and title, what it means, and what the caller does about it."""

    status: int
    title: Promise
    meaning: Promise
    remedy: Promise


PROBLEMS: Final[dict[str, ProblemType]] = {
    "malformed": ProblemType(
        400, _("The request cannot be read"),
        _("The body is not JSON in UTF-8, nests too deep or holds a NUL; or the address does."),
        _("Mend the request; sent again as it is, it fails again."),
    ),
    "unknown-parameter": ProblemType(
        400, _("There is no such parameter"),
        _("The address has no such parameter; errors names each."),
        _("Drop it or mend it; the OpenAPI document lists those that there are."),
    ),
    "idempotency-key-missing": ProblemType(
        400, _("An Idempotency-Key is needed"),
        _("A POST came without an Idempotency-Key of 1 to 255 visible ASCII characters."),
        _("Send one, new for each operation and the same for each retry of it."),
    ),
    "unauthenticated": ProblemType(
        401, _("A valid key is needed"),
        _("There is no key in Authorization: Bearer, or it is unknown, expired or revoked."),
        _("Look at the key; the enterprise or the centre can issue another."),
    ),
    "forbidden": ProblemType(
        403, _("Not for this caller"),
        _("The caller may not do this, whatever is sent."),
        _("Ask the centre whether you should be able to."),
    ),
    "scope-missing": ProblemType(
        403, _("This key may not be used for this"),
        _("The key opens, but was not issued for this sort of request."),
        _("Use a key with the scope that the detail names."),
    ),
    "not-found": ProblemType(
        404, _("Not found"),
        _("There is no such object or address, or it is not the caller's."),
        _("Look at the number or code, and whose key it is."),
    ),
    "method-not-allowed": ProblemType(
        405, _("Method not allowed"),
        _("The address exists, and does not know this method."),
        _("The OpenAPI document lists the methods of each address."),
    ),
    "not-acceptable": ProblemType(
        406, _("No such representation"),
        _("Accept or format asks for something else than JSON."),
        _("Accept application/json."),
    ),
    "not-allowed": ProblemType(
        409, _("Not allowed now"),
        _("The state of the object does not allow it (ticket_status names a ticket's), or else "
          "the reason that errors names."),
        _("Read it again; its allowed_actions say what is possible."),
    ),
    "in-flight": ProblemType(
        409, _("The same request is still being carried out"),
        _("Another request with this Idempotency-Key has not ended yet."),
        _("Send it again with the same key after the seconds in Retry-After."),
    ),
    "gone": ProblemType(
        410, _("No longer there"),
        _("A cursor of the feed from before a restore, or content erased or unreadable by now."),
        _("Read the feed from an earlier cursor; content that is gone cannot be had again."),
    ),
    "stale": ProblemType(
        412, _("Changed since you read it"),
        _("The If-Match does not name the present version."),
        _("Read it again, decide again, and send the new ETag."),
    ),
    "too-large": ProblemType(
        413, _("The request is too large"),
        _("The body has more than this address takes: 1 MiB, or what the document says."),
        _("Send less at a time."),
    ),
    "unsupported-media-type": ProblemType(
        415, _("Not in the form that is asked for"),
        _("The Content-Type is not one that this address reads."),
        _("Send JSON; files as multipart/form-data."),
    ),
    "invalid": ProblemType(
        422, _("Some of what was sent is not valid"),
        _("Values break a rule, are missing, or are not known here; errors lists each."),
        _("Mend each place that a pointer names."),
    ),
    "idempotency-key-reused": ProblemType(
        422, _("This Idempotency-Key was used for another request"),
        _("The key was used within seven days with another body."),
        _("Use a new key for each operation."),
    ),
    "if-match-missing": ProblemType(
        428, _("If-Match is needed"),
        _("A change of state must name the version that it changes."),
        _("Read the object and send its ETag in If-Match."),
    ),
    "too-many-requests": ProblemType(
        429, _("Too many requests"),
        _("The key, or the address of whoever shows none, asked more often than its limit."),
        _("Wait for the seconds in Retry-After. Nothing was done."),
    ),
    "internal": ProblemType(
        500, _("Something went wrong here"),
        _("Nobody foresaw this. It is in our log."),
        _("Send it again with the same Idempotency-Key; if it persists, tell the centre."),
    ),
    "unavailable": ProblemType(
        503, _("Unavailable for the moment"),
        _("The database does not answer (a restart, usually), or other files are being read."),
        _("Send it again with the same Idempotency-Key after the seconds in Retry-After."),
    ),
}  # fmt: skip
