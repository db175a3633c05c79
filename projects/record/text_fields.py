"""Model fields for what people type: the value is brought to its canonical form, then checked.

Django calls ``to_python`` before a field's checks, before a value is written, and before one is
looked for, so no edge can bring in another form. In the database each is a plain text, and the
migrations say so.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db import models

from projects.record.folding import fold
from projects.record.sealed_fields import SealedCharField
from projects.record.text import one_line, prose

if TYPE_CHECKING:  # the fields are generic in the stubs alone
    _CharField = models.CharField[str, str]
    _TextField = models.TextField[str, str]
else:
    _CharField, _TextField = models.CharField, models.TextField


class ReadAsTyped:
    """Base of the fields: ``read`` gives the canonical form of a text that is not empty."""

    stored_as: ClassVar = "django.db.models.CharField"

    def read(self, text: str) -> str:
        return one_line(text)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.read(value) if value else value
        return super().to_python(value)  # type: ignore[misc]  # of the field that it is mixed into

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return what the plain field's gives: migrations need not know how text is judged."""
        name, _path, args, options = super().deconstruct()  # type: ignore[misc]  # as above
        options.pop("validators", None)
        return name, self.stored_as, list(args), options


class LineField(ReadAsTyped, _CharField):
    """One line of text: a title, a name, a reason."""


class ProseField(ReadAsTyped, _TextField):
    """A text of several lines."""

    stored_as = "django.db.models.TextField"

    def read(self, text: str) -> str:
        return prose(text)


class SealedLineField(ReadAsTyped, SealedCharField):  # type: ignore[misc]  # of the sealed column
    """One line of text, encrypted."""

    stored_as = "projects.record.sealed_fields.SealedCharField"


class Spelled:
    """A mixin for codes and numbers, which are typed longer than they are stored."""

    def formfield(self, **options: Any) -> forms.Field | None:
        """The form's field, which takes more signs than the column: the model's field counts."""
        options["max_length"] = None
        made: forms.Field | None = super().formfield(**options)  # type: ignore[misc]  # as above
        return made


class FoldedField(_TextField):
    """The folded form of the row's ``name``, by which it is searched; written whenever that is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"editable": False} | options))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002, FBT001 - Django names them
        """Fold the name as it is now."""
        folded = fold(getattr(model_instance, "name"))  # noqa: B009 - not every model has a name
        setattr(model_instance, self.attname, folded)
        return folded

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return what the plain field's gives."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.TextField", list(args), options


def following(model: type[models.Model], changed: Collection[str]) -> set[str]:
    """The folded fields, if the name is among the ``changed`` fields."""
    fields = {field.name for field in model._meta.fields if isinstance(field, FoldedField)}
    return fields if "name" in changed else set()
