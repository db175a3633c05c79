"""How the OpenAPI document describes the key. Imported with the routes."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes it."""

    target_class = "projects.access.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002 - the framework names it
        """A bearer token of our own form."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "id.secret"}
