"""The reason “an answer came” among what waits for an officer: he has not seen it yet."""

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from coordination.tickets.flow import Status
from coordination.tickets.models import TicketEvent
from coordination.tickets.waiting import ANSWERS, Viewpoint
from coordination.workbench.models import TicketSeen


def answered(view: Viewpoint) -> Q:
    """His own tickets with an answer, or a comment of the enterprise, since he last opened them."""
    seen = TicketSeen.objects.filter(ticket=OuterRef("ticket"), officer=view.officer)
    since = Coalesce(Subquery(seen.values("changed_at")), F("ticket__filed_at"))
    told = Q(verb__in=sorted(ANSWERS)) | Q(api_key__isnull=False, seq__gt=1)
    fresh = TicketEvent.objects.filter(told, ticket=OuterRef("pk"), recorded_at__gt=since)
    return view.mine(Q(status__in=[Status.SUBMITTED, Status.IN_PROGRESS]) & Q(Exists(fresh)))
