"""What a term of a ticket is for. No database in here."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """What a term is for."""

    ACCEPT = "accept", _("Acceptance")
    HANDLE = "handle", _("Handling")
    ANSWER = "answer", _("Answer to a question")
    REFER = "refer", _("Answer of a department")
