from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AmendmentsConfig(AppConfig):
    name = "coordination.amendments"
    verbose_name = _("Amendments")
