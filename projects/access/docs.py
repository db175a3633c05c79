"""The page that shows the OpenAPI document: only files of our own, no inline script.

Beside it what was changed in the API, as a text.
"""

from typing import Any, Final

from django.conf import settings
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.access.parameters import KnownParameters

_CHANGES: Final = settings.BASE_DIR / "docs/api-changes.md"


class AsText(BaseRenderer):
    """A text, which a browser shows as it is."""

    media_type = "text/plain"
    format = "txt"

    def render(self, data: Any, *_beside: Any) -> Any:
        """Return it."""
        return data


class Changes(APIView):
    """The API's changes and its rule of deprecation, in both languages; for everybody."""

    authentication_classes = ()
    permission_classes = (KnownParameters,)
    renderer_classes = (AsText,)

    @extend_schema(exclude=True)
    def get(self, _request: Request) -> Response:
        return Response(_CHANGES.read_bytes())


class Docs(SpectacularSwaggerSplitView):
    """Swagger UI, started by a script of its own address instead of an inline one."""

    template_name = "access/api_docs.html"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the page, or with ``?script`` the script that starts it."""
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]  # it has no types
        return response
