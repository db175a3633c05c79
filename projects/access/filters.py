"""The filters of a list, whose mistakes are named like those of a body."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework.request import Request

from projects.record.days import day_in
from projects.record.refusals import FieldError, Invalid


class _DayField(forms.DateField):
    def to_python(self, value: Any) -> date | None:
        return day_in(value) or super().to_python(value)


class Day(filters.DateFilter):  # type: ignore[misc]  # it comes without types
    """A day, however it is typed."""

    field_class = _DayField


class Filters(filters.DjangoFilterBackend):  # type: ignore[misc]  # it comes without types
    """The view's ``filterset_class``."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        """Return the rows that the parameters ask for. Raises Invalid with every mistake."""
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise Invalid(_errors_of(filterset.form, request))
        return filterset.qs


def _errors_of(form: forms.Form, request: Request) -> Iterator[FieldError]:
    """Each by its parameter; of one that is repeated, by its place among the values too."""
    for name, found in form.errors.as_data().items():
        field = form.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            for place, value in enumerate(request.query_params.getlist(name)):
                if not field.valid_value(value):
                    yield FieldError((name, place), "", "invalid_choice")
        else:
            for error in found:
                yield FieldError((name,), " ".join(error.messages), error.code or "invalid")
