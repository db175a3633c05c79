"""The page on a wall: the board's aggregates behind a display link, without session or cookie."""

from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.parties.public import link_page, render_page
from coordination.workbench.board.display_links import open_display_link
from coordination.workbench.board.draw import board_of
from coordination.workbench.board.scope import public_view
from projects.access.addresses import address_of
from projects.access.limits import Policy, take
from projects.record.clock import now

_PER_MINUTE: Final = 120  # of one network: so many screens behind one address, and somewhat more


def _show(request: HttpRequest, token: str) -> HttpResponse:
    """Show the wall; with ``X-Part`` only what changes."""
    quota = take(Policy("wall", _PER_MINUTE), address_of(request))
    if quota is not None and quota.wait:
        answer = render_page(
            "parties/link/closed.html", {"message": _("Too many requests. Please wait.")},
            HTTPStatus.TOO_MANY_REQUESTS,
        )  # fmt: skip
        answer.headers["Retry-After"] = str(quota.wait)
        return answer
    open_display_link(token)
    board = board_of(public_view(now()))
    is_part = request.headers.get("X-Part") == "1"
    template = "workbench/board/wall_body.html" if is_part else "workbench/board/wall.html"
    return render_page(
        template,
        {
            "board": board, "at": timezone.localtime(board.view.at),
            "is_light": "light" in request.GET, "is_demonstration": settings.DEMONSTRATION,
        },
    )  # fmt: skip


wall_page: Final = require_safe(link_page(_show))
