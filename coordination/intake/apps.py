from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "coordination.intake"
    verbose_name = _("Enterprises' side")
