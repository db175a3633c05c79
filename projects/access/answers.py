"""Fields of answers: null where there is no value, and a description of each field."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class TextOrNull(serializers.CharField):
    """A text of an answer; null instead of an empty one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)

    def get_attribute(self, instance: Any) -> Any:
        """The text; None where it is empty."""
        return super().get_attribute(instance) or None


class OwnText(serializers.CharField):
    """A text of a model's field; null instead of an empty one, where the model allows that."""

    def __init__(self, *, allow_blank: bool = False, **options: Any) -> None:
        super().__init__(**options | ({"allow_null": True} if allow_blank else {}))

    def get_attribute(self, instance: Any) -> Any:
        """The text; None where it is empty and may be."""
        found = super().get_attribute(instance)
        return (found or None) if self.allow_null else found


def described(**says: str) -> dict[str, dict[str, Any]]:
    """The ``extra_kwargs`` by which a serializer describes the fields made from its model."""
    return {name: {"help_text": text} for name, text in says.items()}


def described_among(fields: tuple[str, ...], says: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The same of those fields alone that the serializer has."""
    return described(**{name: says[name] for name in fields if name in says})
