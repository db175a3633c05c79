"""A file of an issue as it is sent: as it was stored, or made of a draft."""

from typing import Final

from django.http import Http404, HttpResponse

from coordination.bulletins.faces.renderers import RENDERERS
from coordination.bulletins.issues.addresses import slug_of
from coordination.bulletins.issues.printing import printed
from coordination.bulletins.media_types import MEDIA_TYPES
from coordination.bulletins.models import Face, Format, Issue
from projects.house.blocks import Audience

# A page of ours has no script and fetches nothing; its style is in it.
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)


def stored_file(issue: Issue, kind: str, language: str, audience: Audience) -> Face | None:
    """The file with which the issue was published."""
    return issue.faces.filter(format=kind, language=language, audience=audience).first()


def file_answer(issue: Issue, kind: str, language: str, audience: Audience) -> HttpResponse:
    """The file; of an issue that is not published, as it would be now. Raises Http404."""
    face = stored_file(issue, kind, language, audience)
    if face is not None:
        content = bytes(face.content)
    elif issue.is_in_force or kind not in RENDERERS:
        raise Http404  # a format that came later: its issue was published without it
    else:
        content = RENDERERS[kind](printed(issue, language=language, audience=audience))
    place = "inline" if kind in {Format.PAGE, Format.PDF} else "attachment"
    return HttpResponse(
        content,
        content_type=MEDIA_TYPES[Format(kind)],
        headers={
            "Content-Disposition": f'{place}; filename="{slug_of(issue)}.{kind}"',
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
        },
    )
