from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "coordination.audit"
    verbose_name = _("Checks of the record")
