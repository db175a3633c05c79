"""Entity tags and ``If-Match`` (RFC 9110), so that no caller overwrites another's change."""

import re
from typing import Final

from django.utils.translation import gettext as _
from rest_framework.request import Request

from projects.access.problems import Problem
from projects.record.refusals import Stale

_TAG: Final = re.compile(r'"v(\d{1,9})"')


def etag(version: int) -> str:
    """The strong entity tag of a version."""
    return f'"v{version}"'


def expected_version(request: Request) -> int:
    """The version that the caller read, from ``If-Match``.

    Raises Problem (428) if it is absent, Stale (412) if it is not a tag of ours.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise Problem("if-match-missing", _("Send the ETag that you read in If-Match."))
    found = _TAG.fullmatch(header)
    if found is None:
        raise Stale
    return int(found[1])
