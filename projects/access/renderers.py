"""An answer as JSON; one that was already written down is not written again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rest_framework.renderers import JSONRenderer


@dataclass(frozen=True)
class Written:
    """An answer's JSON in UTF-8."""

    content: bytes


class AnswerRenderer(JSONRenderer):
    """The framework's own, but for what is ``Written``."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The bytes."""
        if isinstance(data, Written):
            return data.content
        return super().render(data, accepted_media_type, renderer_context)


def written(data: Any, media_type: str | None = None) -> Written:
    """The answer, written down once for all who want it; indented where ``media_type`` says so."""
    return Written(JSONRenderer().render(data, media_type))
