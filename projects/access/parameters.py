"""The parameters that an address takes: any other is refused, so that nothing is ignored."""

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from projects.access.problems import Problem
from projects.record.refusals import FieldError, Invalid

if TYPE_CHECKING:  # DRF's views import this module by its settings, so it may not import them
    from rest_framework.views import APIView

_FORMAT: Final = "format"  # the framework's own


class KnownParameters(BasePermission):
    """No question of rights: checked with them, before anything of the view is done.

    A list takes what its pagination and its filters do; another view names its ``parameters``.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Return True.

        Raises Problem (400) naming every unknown parameter, Invalid naming each that is given more
        than once and may not be.
        """
        known, often = _parameters_of(view, request)
        given = request.query_params
        unknown = sorted(set(given) - known - {_FORMAT})
        if unknown:
            message = _("There is no such parameter.")
            errors = [FieldError((each,), message, "unknown") for each in unknown]
            raise Problem("unknown-parameter", errors=errors)
        repeated = [name for name, values in given.lists() if len(values) > 1 and name not in often]
        if repeated:
            message = _("This parameter may be given once.")
            raise Invalid([FieldError((each,), message, "count") for each in sorted(repeated)])
        return True


def _parameters_of(view: "APIView", request: Request) -> tuple[set[str], set[str]]:
    """Those that the view takes, and of them those that may be repeated."""
    paginator: Any = getattr(view, "paginator", None)
    if paginator is None or request.method not in SAFE_METHODS:
        return set(getattr(view, "parameters", ())), set()
    return paginator.parameters(view), paginator.repeatable(view)
