"""Who may import which sheet."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from projects.house.imports import ImportSheet
from projects.house.rooms import import_sheets
from projects.record.refusals import Missing, NotAllowed

MAY_IMPORT: Final = "imports.add_import"


def may_import(declared: ImportSheet, by: Any) -> bool:
    """Whether the officer may import this sheet: he must hold its permission and ours."""
    return bool(by.has_perm(MAY_IMPORT) and by.has_perm(declared.permission))


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
