"""The answer to OPTIONS."""

from typing import TYPE_CHECKING

from django.urls import reverse
from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request

if TYPE_CHECKING:  # DRF's views import this module by its settings, so it may not import them
    from rest_framework.views import APIView


class WhereItIsDescribed(BaseMetadata):
    """Says, beside the header Allow, where the API is described."""

    def determine_metadata(
        self,
        request: Request,  # noqa: ARG002 - the framework names it
        view: "APIView",  # noqa: ARG002 - the framework names it
    ) -> dict[str, str]:
        """Return the addresses of the document and of its page."""
        return {"schema": reverse("schema"), "docs": reverse("docs")}
