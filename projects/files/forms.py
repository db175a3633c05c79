"""The fields of forms in which files are sent."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from projects.files.checks.refusal_messages import REFUSAL_MESSAGES
from projects.files.file_types import EXTENSIONS
from projects.files.limits import LARGEST_FILE, MOST_AT_ONCE, MOST_OF_REQUEST
from projects.record.refusals import Text

_ACCEPTED: Final = ",".join(f".{each}" for each in EXTENSIONS)


class OneFileInput(forms.FileInput):
    """Passes on every file that was sent, so that a second one is not dropped."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        sent = files.getlist(name) if hasattr(files, "getlist") else []
        return sent if len(sent) > 1 else super().value_from_datadict(data, files, name)


class OneFileField(forms.FileField):
    """A file that ``inspected`` checks; the page's script warns of its size beforehand."""

    def __init__(self, **options: Any) -> None:
        shown = OneFileInput({
            "accept": _ACCEPTED, "data-largest": LARGEST_FILE,
            "data-too-large": REFUSAL_MESSAGES["too-large"],
        })  # fmt: skip
        super().__init__(required=False, allow_empty_file=True, widget=shown, **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Raise ValidationError where there are several."""
        if isinstance(data, list):
            raise ValidationError(str(REFUSAL_MESSAGES["two-files"]), "two-files")
        return super().clean(data, initial)


class FilesInput(forms.FileInput):
    """Several files at once; the page's script warns of too many, or of too large ones."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files that are sent together, as a list, which may be empty; the verb checks them."""

    def __init__(self, *, too_many: Text, too_large: Text, **options: Any) -> None:
        shown = FilesInput({
            "accept": _ACCEPTED, "data-most": MOST_AT_ONCE, "data-largest": MOST_OF_REQUEST,
            "data-too-many": too_many, "data-too-large": too_large,
        })  # fmt: skip
        super().__init__(required=False, allow_empty_file=True, widget=shown, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every file that was sent."""
        return [super(FilesField, self).clean(each, initial) for each in data or []]
