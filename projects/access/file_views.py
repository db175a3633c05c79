"""A view of the API that answers with a file."""

from typing import Any

from rest_framework.renderers import BaseRenderer
from rest_framework.views import APIView

from projects.access.renderers import AnswerRenderer


class AnyFormat(BaseRenderer):
    """Accepts any ``Accept`` header, since a file has only its own format."""

    media_type = "*/*"
    format = ""

    def render(self, data: Any, *_beside: Any) -> Any:
        """Never called: files are sent as they are, and problems have their own renderer."""
        return data


class FileView(APIView):
    """Its answer to GET is a file, whatever the caller accepts."""

    renderer_classes = (AnyFormat,)

    def get_renderers(self) -> list[BaseRenderer]:
        """That of any format, but JSON for the answer to OPTIONS."""
        is_options = getattr(self.request, "method", "") == "OPTIONS"
        return [AnswerRenderer()] if is_options else super().get_renderers()
