from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from projects.record.backups.unfinished import check_databases


class RecordConfig(AppConfig):
    name = "projects.record"
    verbose_name = _("Record")

    def ready(self) -> None:
        """Refuse a database whose restoration has not ended."""
        checks.register(check_databases, checks.Tags.database)
