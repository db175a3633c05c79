"""A list of the admin as a workbook: exactly the rows that its filters and its search show."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Final

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from unfold.admin import ModelAdmin

from projects.files.sheet import Cell, Sheet
from projects.record.clock import now

_AT_ONCE: Final = 500  # rows that are read at a time
_MOST: Final = 50_000  # rows, which take a web process about half a minute
_LONGEST_TITLE: Final = 28  # a sheet's name has 31 characters, and a number may follow


class ExportsSheet(ModelAdmin):  # type: ignore[misc]  # the theme has no types
    """A mixin for admins: the list comes as a workbook too.

    ``sheet_columns`` are its columns, fields or methods as in ``list_display``; empty: those. So
    what the list masks is masked in the workbook, and whoever sees some rows alone gets these. An
    amount is written as a number, exactly as it is kept.
    """

    list_before_template = "files/export_link.html"
    sheet_columns: ClassVar[Sequence[Any]] = ()

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the workbook."""
        view = self.admin_site.admin_view(require_safe(self.excel))
        name = f"{self.opts.app_label}_{self.opts.model_name}_excel"
        urls: list[URLPattern] = super().get_urls()
        return [path("excel/", view, name=name), *urls]

    def excel(self, request: HttpRequest) -> HttpResponse | FileResponse:
        """Send the rows of the list, of all its pages, in its order."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        list_page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        try:
            shown = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(list_page)
        if shown.queryset[_MOST:].exists():
            message = _("A workbook holds at most %(number)s rows. Narrow the list first.")
            messages.warning(request, message % {"number": _MOST})
            return HttpResponseRedirect(f"{list_page}?{request.GET.urlencode()}")
        columns = list(self.sheet_columns or self.get_list_display(request))
        title = str(self.opts.verbose_name_plural)
        with TemporaryDirectory() as folder:
            file = Path(folder) / "list.xlsx"
            headings = [capfirst(str(label_for_field(each, self.model, self))) for each in columns]
            sheet = Sheet(file, title=title[:_LONGEST_TITLE], headings=headings)
            related = [each.name for each in self.opts.fields if each.is_relation]
            named = [each for each in columns if each in related]
            rows = shown.queryset.select_related(*named) if named else shown.queryset
            for row in rows.iterator(_AT_ONCE):
                sheet.write(self._cell(each, row) for each in columns)
            sheet.close()
            opened = file.open("rb")  # it stays readable after the folder is gone
        name = f"{title}-{timezone.localtime(now()):%Y%m%d-%H%M}.xlsx"
        return FileResponse(opened, as_attachment=True, filename=name)

    def _cell(self, column: Any, row: Any) -> Cell:
        field, attribute, value = lookup_field(column, row, self)
        if value is None or value == "":  # as the list shows it; "-" is an empty cell
            shown = getattr(attribute, "empty_value_display", None)
            return int(shown) if isinstance(shown, str) and shown.isdecimal() else shown
        if field is not None and getattr(field, "flatchoices", None):
            value = dict(field.flatchoices).get(value, value)
        return cell_of(value[-1] if isinstance(value, tuple) else value)  # of a label its words


def cell_of(value: Any) -> Cell:
    """A value as a cell: amounts and moments as such, days as ``2020-03-09``, others in words."""
    if isinstance(value, SafeString):  # a link: its words
        return unescape(strip_tags(value))
    if value is None or isinstance(value, Decimal | datetime):
        return value
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
