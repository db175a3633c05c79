"""The field of a form in which one file is sent."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from projects.files.checks.refusal_messages import REFUSAL_MESSAGES
from projects.files.file_types import EXTENSIONS
from projects.files.limits import LARGEST_FILE


class OneFileInput(forms.FileInput):
    """Passes on every file that was sent, so that a second one is not dropped."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        sent = files.getlist(name) if hasattr(files, "getlist") else []
        return sent if len(sent) > 1 else super().value_from_datadict(data, files, name)


class OneFileField(forms.FileField):
    """A file that ``inspected`` checks; the page's script warns of its size beforehand."""

    def __init__(self, **options: Any) -> None:
        shown = OneFileInput({
            "accept": ",".join(f".{each}" for each in EXTENSIONS), "data-largest": LARGEST_FILE,
            "data-too-large": REFUSAL_MESSAGES["too-large"],
        })  # fmt: skip
        super().__init__(required=False, allow_empty_file=True, widget=shown, **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Raise ValidationError where there are several."""
        if isinstance(data, list):
            raise ValidationError(str(REFUSAL_MESSAGES["two-files"]), "two-files")
        return super().clean(data, initial)
