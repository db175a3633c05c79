"""A text that is one of the choices which the rooms offer."""

from typing import Any

from django.db import models


class OpenChoiceField(models.CharField):  # type: ignore[type-arg]  # a generic in the stubs alone
    """A CharField whose choices a function gives, so that rooms can add theirs.

    Migrations do not record them: the database takes any text, and no migration imports the
    function or changes when a room adds a choice.
    """

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return what CharField's gives, without the choices."""
        name, path, args, options = super().deconstruct()
        options.pop("choices", None)
        return name, path, list(args), options
