"""The admin of departments."""

from typing import ClassVar

from django.contrib import admin

from coordination.parties.models import Department
from coordination.staff.admin_pages import NeverDeleted, RecordsActs


@admin.register(Department)
class DepartmentAdmin(RecordsActs, NeverDeleted):
    list_display: ClassVar = ["ordinal", "name", "email", "phone", "is_active"]
    list_display_links: ClassVar = ["name"]
    list_filter: ClassVar = ["is_active"]
    search_fields: ClassVar = ["folded"]
    fields = ("ordinal", "name", "email", "phone", "is_active")
