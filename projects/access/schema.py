"""How the OpenAPI document is made: always in English, exact, with stable names.

Clients are generated from it, so it must not depend on the language of the request, nor on the
labels that the pages show. Imported with the routes.
"""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from projects.access import document
from projects.access.document_in_chinese import in_chinese
from projects.access.error_codes import error_codes
from projects.access.example_days import as_of_today

_CHINESE: Final = "zh-hans"


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular has no types there
    """The description of the key in the OpenAPI document."""

    target_class = "projects.access.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002 - the framework names it
        """Return a bearer token of our own format."""
        return {
            "type": "http", "scheme": "bearer", "bearerFormat": "id.secret",
            "description": "The enterprise's key, as the desk issued it: `id.secret`.",
        }  # fmt: skip


class ErrorCodes(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # drf-spectacular has no types there
    """The description of an error's code: the closed list of those that all rooms have."""

    target_class = "projects.access.document.ErrorCode"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:  # noqa: ARG002 - the framework names it
        """Return the enumeration, with what each code means."""
        codes = sorted(error_codes().items())
        listed = " ".join(f"`{code}`: {says}" for code, says in codes)
        return {
            "type": "string", "enum": [code for code, _says in codes],
            "description": f"{_('Stable; for programs.')} {listed}",
        }  # fmt: skip


class OneLanguage(SchemaGenerator):
    """The view of the document; its server is the one that was asked.

    In English whatever the caller prefers, unless ``lang`` asks for descriptions in Chinese.
    """

    def get_schema(self, request: Any = None, public: bool = False) -> Any:  # noqa: FBT001, FBT002 - the framework's
        """The whole document."""
        is_chinese = request is not None and request.GET.get("lang") == _CHINESE
        with override(_CHINESE if is_chinese else "en"):
            made = super().get_schema(request, public)  # type: ignore[no-untyped-call]  # it has no types
        address = request.build_absolute_uri("/").rstrip("/") if request else settings.PUBLIC_URL
        made["components"]["headers"] = document.HEADERS
        made["servers"] = [{"url": address, "description": "This desk."}]
        return in_chinese(made) if is_chinese else made


class Exact(AutoSchema):
    """Adds the headers and protocol problems that all operations share."""

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """The name for generated clients; “Request” marks what is sent."""
        name: str = super().get_serializer_name(serializer, direction)
        return name.removesuffix("Out").removesuffix("In")

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """The operation, with the language that may be asked for, and the headers of problems."""
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation.setdefault("parameters", []).append(document.ACCEPT_LANGUAGE)
            for each in operation["parameters"]:
                each.setdefault("description", document.described(each["name"]))
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
                for media in operation["requestBody"]["content"].values():
                    if "examples" in media:
                        media["examples"] = as_of_today(media["examples"])
            for status, answer in operation["responses"].items():
                document.complete(answer, status=status, method=self.method)
        return operation


_MARK: Final = "x-spec-enum-id"
_NAMES: Final = "title"  # a label for people, in their language; programs do not need it


_STORED_LENGTH: Final = "x-stored-max-length"
_SENT: Final = "Request"  # ends the names of what is sent to us


def whole_answers(result: Any, **_given: Any) -> Any:
    """Postprocessing: of an answer every member is there always, null where it has no value."""
    for name, schema in result.get("components", {}).get("schemas", {}).items():
        if not name.endswith(_SENT) and "properties" in schema:
            schema["required"] = sorted(schema["properties"])
    return result


def as_wide_as_read(result: Any, **_given: Any) -> Any:
    """Postprocessing: of what is sent to us the form in which it is stored is not asked for.

    A text is judged once its spelling is made one, so its pattern and length say nothing of how it
    may be typed; the length remains beside it, for people. Numbers may be texts.
    """
    for name, schema in result.get("components", {}).get("schemas", {}).items():
        if name.endswith(_SENT):
            _each_schema(schema, _widen)
    return result


def _widen(schema: dict[str, Any]) -> None:
    types = schema.get("type")
    kinds = {types} if isinstance(types, str) else {*(types or ())}
    if "string" in kinds:
        schema.pop("pattern", None)
        if "maxLength" in schema:
            schema[_STORED_LENGTH] = schema.pop("maxLength")
    if "integer" in kinds:
        schema["type"] = sorted({*kinds, "string"})
    elif schema.get("format") == "decimal":
        schema["type"] = sorted({*kinds, "number"})


def without_titles(result: Any, **_given: Any) -> Any:
    """Postprocessing: generated classes are named by the fields, not by the pages' labels.

    And where a body may have several shapes, it may fit more than one of them.
    """
    for schema in result.get("components", {}).get("schemas", {}).values():
        _each_schema(schema, lambda found: found.pop(_NAMES, None))
        if "oneOf" in schema and "discriminator" not in schema:
            schema["anyOf"] = schema.pop("oneOf")
    return _without_marks(result)


def _without_marks(value: Any) -> Any:
    """Remove the internal extensions of drf-spectacular."""
    if isinstance(value, dict):
        return {name: _without_marks(each) for name, each in value.items() if name != _MARK}
    return [_without_marks(each) for each in value] if isinstance(value, list) else value


def _each_schema(schema: Any, change: Callable[[dict[str, Any]], Any]) -> None:
    """Yield the schema and all nested ones; a property named ``title`` is not a title."""
    if not isinstance(schema, dict):
        return
    change(schema)
    below = [schema.get("items"), schema.get("additionalProperties")]
    for name in ("allOf", "anyOf", "oneOf"):
        below += schema.get(name, [])
    for each in [*below, *schema.get("properties", {}).values()]:
        _each_schema(each, change)
