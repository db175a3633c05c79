from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "coordination.delivery"
    verbose_name = _("Messages and deliveries")
