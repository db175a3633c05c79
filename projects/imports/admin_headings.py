"""The vocabulary's page: what headings of other people's sheets mean."""

from functools import partial
from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from projects.files.admin_lists import ByVerbs
from projects.house.rooms import import_sheets
from projects.imports.admin_forms import HeadingForm
from projects.imports.models import Heading
from projects.imports.queries_shown import NOT_READ, titles_of
from projects.imports.vocabulary import record_heading, remove_heading
from projects.record.admin_forms import Adding
from projects.record.finding import typed_row_or_404


@admin.register(Heading)
class HeadingAdmin(ByVerbs):
    list_display: ClassVar = ["text", "sheet_title", "column_title", "by", "recorded_at"]
    list_select_related: ClassVar = ["by"]
    fields: ClassVar = ["text", "sheet_title", "column_title", "by", "recorded_at"]
    search_fields: ClassVar = ["text"]
    actions = None
    actions_detail: ClassVar = ["remove"]
    actions_row: ClassVar = ["remove"]
    acting: ClassVar = "imports.delete_heading"
    adding = Adding(
        HeadingForm, record_heading, gettext_lazy("Say what a heading means"),
        gettext_lazy("Record"), done=gettext_lazy("The heading is recorded."),
        note=gettext_lazy(
            "Workbooks that are sent from now on are read so. What was said of the same heading"
            " before is replaced."
        ),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("sheet"), ordering="sheet")
    def sheet_title(self, row: Heading) -> str | Promise:
        declared = import_sheets().get(row.sheet)
        return declared.title if declared else row.sheet

    @admin.display(description=gettext_lazy("column"), ordering="column")
    def column_title(self, row: Heading) -> str:
        titles = titles_of(import_sheets().get(row.sheet))
        return titles.get(row.column, row.column) or str(NOT_READ)

    @action(description=gettext_lazy("Remove"), url_path="remove", permissions=["acting"])  # type: ignore[untyped-decorator]  # the theme has no types
    def remove(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Forget what the heading means."""
        row = typed_row_or_404(Heading.objects.all(), object_id)
        return self.ask_first(
            request, partial(remove_heading, heading=row),
            title=_("Remove the heading “%(heading)s”?") % {"heading": row.text},
            done=_("The heading is removed."),
        )  # fmt: skip
