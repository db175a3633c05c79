"""The list of phrases, kept by group leads and the centre."""

from typing import ClassVar

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.staff.admin_pages import RecordsActs
from coordination.workbench.models import Phrase


@admin.register(Phrase)
class PhraseAdmin(RecordsActs):
    list_display: ClassVar = ["text", "verb", "of_kind", "ordinal"]
    list_filter: ClassVar = ["verb", "kind"]
    fields = ("verb", "kind", "text", "ordinal")
    list_per_page = 100
    actions = None

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def of_kind(self, phrase: Phrase) -> str:
        return phrase.get_kind_display() if phrase.kind else _("every kind")
