"""How pressing a matter is, and so how long it may take."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Urgency(TextChoices):
    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")
    CRITICAL = "critical", _("Critical")
    COMPLEX = "complex", _("Complex")


# Whether a matter is complex is for the desk to see, not for whoever files it.
FILED: Final = (Urgency.NORMAL, Urgency.URGENT, Urgency.CRITICAL)
