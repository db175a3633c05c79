"""The choice of an officer who serves in a group."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from coordination.groups.models import Membership
from coordination.groups.queries import away
from coordination.groups.queries_acting import SERVING_ROLES
from coordination.staff.models import Officer
from projects.record.clock import now


class OfficerChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # a generic in the stubs alone
    """Officers with the group in which each serves, and whether they are on leave."""

    def label_from_instance(self, obj: Any) -> str:
        label = f"{obj.group_name} · {obj}"
        return _("%(officer)s (on leave)") % {"officer": label} if obj.is_away else label


def serving_officers() -> QuerySet[Officer]:
    """Who may be named as liaison or deputy, by group: who serves in a group in service."""
    at = now()
    groups = Membership.objects.filter(
        officer=OuterRef("pk"), during__contains=at, group__is_active=True
    )
    return (
        Officer.objects.filter(Exists(groups), is_active=True, role__in=SERVING_ROLES)
        .annotate(
            group_name=Subquery(groups.values("group__name")[:1]),
            group_id=Subquery(groups.values("group")[:1]),
            group_ordinal=Subquery(groups.values("group__ordinal")[:1]),
            is_away=Exists(away(at).filter(officer=OuterRef("pk"))),
        )
        .order_by("group_ordinal", "username")
    )
