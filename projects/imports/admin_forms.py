"""The forms of imports and of the vocabulary."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from projects.files.forms import OneFileField
from projects.house.imports import Kind
from projects.house.rooms import import_sheets
from projects.imports.models import Import
from projects.imports.queries_shown import NOT_READ
from projects.imports.rights import sheets_for
from projects.record.admin_forms import VerbForm, mark_asked


class SendForm(VerbForm):
    """A workbook for a sheet."""

    sheet = forms.ChoiceField(label=gettext_lazy("sheet"))
    file = OneFileField(label=gettext_lazy("Excel workbook (.xlsx or .xls)"))

    def __init__(self, *args: Any, by: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sheet: Any = self.fields["sheet"]
        sheet.choices = [(each.name, each.title) for each in sheets_for(by)]
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.xls"
        mark_asked(self.fields["file"])


class ActForm(VerbForm):
    """A form on the page of an import, ``of``."""

    def __init__(self, *args: Any, of: Import, **options: Any) -> None:
        self.of = of
        super().__init__(*args, **options)


def _day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class StatedForm(ActForm):
    """What holds of every row of a workbook without a value of its own."""

    def __init__(self, *args: Any, of: Import, **options: Any) -> None:
        super().__init__(*args, of=of, initial=of.stated, **options)
        declared = import_sheets().get(of.sheet)
        if declared is None:
            return
        for column in map(declared.column, declared.stated):
            field: Any = (
                forms.DateField(required=False, widget=_day_input())
                if column.kind is Kind.DAY
                else forms.CharField(required=False)
            )
            field.label = column.title
            self.fields[column.name] = field

    def clean(self) -> dict[str, Any]:
        """As the verb takes it."""
        return {"stated": dict(self.cleaned_data)}


class ConfirmForm(ActForm):
    """What an officer agrees to before an import is carried out."""

    plan_hash = forms.CharField(widget=forms.HiddenInput)
    seen = forms.BooleanField(required=False)
    without_refused = forms.BooleanField(required=False)


class UndoForm(ActForm):
    """Why an import is undone."""

    reason = forms.CharField(
        label=pgettext_lazy("of an undoing", "reason"), required=False, max_length=200
    )


type Choice = tuple[str, str | Promise]


def _meanings() -> Iterator[tuple[str, list[Choice]]]:
    """The columns of each sheet, by sheet and name; and that a heading is not read."""
    for declared in import_sheets().values():
        columns: list[Choice] = [
            (f"{declared.name}/{each.name}", each.title) for each in declared.columns
        ]
        yield str(declared.title), [*columns, (f"{declared.name}/", NOT_READ)]


class HeadingForm(VerbForm):
    """What a heading means in a sheet."""

    text = forms.CharField(label=gettext_lazy("heading"), max_length=100)
    meaning = forms.ChoiceField(label=gettext_lazy("column"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        meaning: Any = self.fields["meaning"]
        meaning.choices = [("", "---------"), *_meanings()]

    def clean(self) -> dict[str, Any]:
        """The sheet and the column apart, as the verb takes them."""
        sheet, _slash, column = self.cleaned_data.pop("meaning", "/").partition("/")
        return self.cleaned_data | {"sheet": sheet, "column": column}
