from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GroupsConfig(AppConfig):
    name = "coordination.groups"
    verbose_name = _("Service groups and assignments")
