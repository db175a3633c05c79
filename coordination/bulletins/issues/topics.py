"""What messages about issues are about."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from projects.house.rooms import Topic

WAITS: Final = Topic("bulletin.waits", _("An issue of the bulletin waits for me"))
PUBLISHED: Final = Topic("bulletin.published", _("An issue of the bulletin is published"))
