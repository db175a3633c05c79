"""Who may import which sheet."""

from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from projects.house.imports import ImportSheet
from projects.house.rooms import import_sheets
from projects.imports.models import Import
from projects.record.refusals import Missing, NotAllowed

SEES_OTHERS: Final = "imports.view_others"  # the imports of other officers
MAY_IMPORT: Final = "imports.add_import"


def may_import(declared: ImportSheet, by: Any) -> bool:
    """Whether the officer may import this sheet: he must hold its permission and ours."""
    return bool(by.has_perm(MAY_IMPORT) and by.has_perm(declared.permission))


def require_act(of: Import, by: Any) -> ImportSheet:
    """The sheet of an import with which the officer wants to do something.

    Raises NotAllowed where he may not import the sheet, Missing for the import of another officer
    of which he may not know.
    """
    declared = require_import(of.sheet, by)
    if of.by_id != by.pk and not by.has_perm(SEES_OTHERS):
        raise Missing
    return declared


def imports_seen_by(by: Any) -> QuerySet[Import]:
    """The imports that the officer may look at: his own, and the others' where his role has it.

    What a workbook holds is not masked, and may be of projects of which he does not know.
    """
    return Import.objects.all() if by.has_perm(SEES_OTHERS) else Import.objects.filter(by=by)


def sheets_for(by: Any) -> list[ImportSheet]:
    """The sheets that the officer may import, in their order."""
    return [each for each in import_sheets().values() if may_import(each, by)]


def require_import(sheet: str, by: Any) -> ImportSheet:
    """The sheet of that name. Raises Missing where there is none, NotAllowed if he may not."""
    declared = import_sheets().get(sheet)
    if declared is None:
        raise Missing
    if not may_import(declared, by):
        raise NotAllowed(_("Your role does not allow this."))
    return declared
